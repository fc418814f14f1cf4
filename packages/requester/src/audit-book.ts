import { type AuditRecord, auditRecords, jobs, mismatches, purchases, put, type Write } from '@souk/engine'
import type { Hex } from '@souk/protocol'
import type { Journal } from '@souk/storage'
import { readRow, readRows } from './read-rows.ts'

/** Accounts whose audits are remembered; those of which nothing was heard for longest are strangers again. */
export const MOST_AUDITED = 4_096

/** What audits of all jobs found of accounts, in the journal and here. */
export class AuditBook {
  readonly #journal: Journal
  readonly #dateMs: () => number
  readonly #records = new Map<Hex, AuditRecord>()

  /** `dateMs` returns milliseconds since the epoch. */
  constructor(journal: Journal, dateMs: () => number) {
    this.#journal = journal
    this.#dateMs = dateMs
  }

  /** Reads what earlier runs noted. */
  async load(): Promise<void> {
    const rows = [...(await readRows(this.#journal, auditRecords))]
    for (const [account, record] of rows.sort((a, b) => a[1].atMs - b[1].atMs)) {
      this.#records.set(account as Hex, record)
    }
  }

  /** Returns the audits in a row that found each account right. */
  before(): ReadonlyMap<Hex, number> {
    return new Map([...this.#records].map(([account, { valid }]) => [account, valid]))
  }

  /** Returns what is known of an account. */
  of(account: Hex): AuditRecord | undefined {
    return this.#records.get(account)
  }

  /** Notes what an audit found; one that is wrong ends the row. */
  async note(account: Hex, verdict: 'valid' | 'wrong'): Promise<void> {
    const { valid = 0, wrong = 0 } = this.#records.get(account) ?? {}
    const atMs = this.#dateMs()
    const record =
      verdict === 'valid' ? { valid: valid + 1, wrong, atMs } : { valid: 0, wrong: wrong + 1, atMs }
    this.#records.delete(account)
    this.#records.set(account, record)
    await this.#journal.commit([put(auditRecords, account, record), ...this.#forgetOldest()], 'committed')
  }

  #forgetOldest(): Write[] {
    const [oldest] = this.#records.keys()
    if (this.#records.size <= MOST_AUDITED || oldest === undefined) return []
    this.#records.delete(oldest)
    return [{ table: auditRecords.table, key: oldest, value: null }]
  }
}

/** Returns the accounts of which a job has a wrong result in evidence, where its results are audited. */
export async function liarsOf(journal: Journal, job: string): Promise<Set<Hex>> {
  const liars = new Set<Hex>()
  if ((await readRow(journal, jobs, job))?.checks?.audited !== true) return liars
  for (const { lease } of (await readRows(journal, mismatches, `${job}.`)).values()) {
    const purchase = await readRow(journal, purchases, lease)
    if (purchase !== undefined) liars.add(purchase.quote.provider)
  }
  return liars
}
