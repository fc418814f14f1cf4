import { type ProofRecord, proofs, put, type Write } from '@souk/engine'
import type { Hex } from '@souk/protocol'
import type { Journal } from '@souk/storage'
import { isLie, type ProofVerdict } from './gpu-verdict.ts'

/** Milliseconds for which an account is not asked again: one that forged, and one that was slow or gave no proof. */
const AVOID_MS = { wrong: 86_400_000, other: 3_600_000 } as const

/** Who was asked: an account, and the process that signs for it. */
export interface ProvenParty {
  readonly account: Hex
  readonly subject: Hex
}

/** What requesters remember of proofs, in the journal and here. */
export class ProofRecords {
  readonly #journal: Pick<Journal, 'scan' | 'commit'>
  readonly #dateMs: () => number
  readonly #records = new Map<string, ProofRecord>()

  constructor(journal: Pick<Journal, 'scan' | 'commit'>, dateMs: () => number) {
    this.#journal = journal
    this.#dateMs = dateMs
  }

  /** Reads what earlier runs noted. */
  async load(): Promise<void> {
    for (const { key, value } of await this.#journal.scan(proofs.table)) {
      this.#records.set(key, proofs.codec.decode(value))
    }
  }

  /** Returns what is known of a process. */
  of(party: ProvenParty): ProofRecord | undefined {
    return this.#records.get(keyOf(party))
  }

  /** Tells whether a process proved its GPUs to us, when it was last asked, and nobody of its account is avoided. */
  isProven(party: ProvenParty): boolean {
    return this.of(party)?.last.code === 'proven' && !this.avoids(party.account)
  }

  /** Tells whether an account is not to be asked for a lease now. */
  avoids(account: Hex): boolean {
    const nowMs = this.#dateMs()
    const own = [...this.#records].filter(([key]) => key.startsWith(`${account}/`))
    return own.some(([, { avoidedUntilMs }]) => avoidedUntilMs > nowMs)
  }

  /** Notes a verdict; nobody is blamed for what could not be reached. */
  async note(party: ProvenParty, verdict: ProofVerdict): Promise<void> {
    if (verdict.code === 'unreachable') return
    const key = keyOf(party)
    const record = this.#next(this.#records.get(key), verdict)
    this.#records.set(key, record)
    const write: Write = put(proofs, key, record)
    await this.#journal.commit([write], 'committed')
  }

  #next(before: ProofRecord | undefined, verdict: ProofVerdict): ProofRecord {
    const { gpu, code, ms, marks, why } = verdict
    const atMs = this.#dateMs()
    const avoidMs = AVOID_MS[code === 'wrong' ? 'wrong' : 'other']
    const { proven = 0, failed = 0, avoidedUntilMs = 0 } = before ?? {}
    return {
      proven: proven + (isLie(verdict) ? 0 : 1),
      failed: failed + (isLie(verdict) ? 1 : 0),
      last: { atMs, gpu, code, ms, marks: [...marks], why: why.slice(0, 512) },
      avoidedUntilMs: isLie(verdict) ? Math.max(avoidedUntilMs, atMs + avoidMs) : avoidedUntilMs,
    }
  }
}

function keyOf({ account, subject }: ProvenParty): string {
  return `${account}/${subject}`
}
