import { fromUtf8, utf8 } from '@souk/protocol'
import type { TransactionRow } from '@souk/settlement'
import type { Journal } from '@souk/storage'

/** One deposit that was made for a job, or is about to be. */
export interface TopUpRow {
  /** Base units. */
  readonly amount: bigint
  /** What the names of its transactions begin with. */
  readonly name: string
  /** `intended` before anything is sent; `made` once it is mined. */
  readonly state: 'intended' | 'made'
}

/** A transaction as far as it tells whether a deposit went out. */
export type SentRow = Pick<TransactionRow, 'id' | 'purpose' | 'refused'>

/** The deposits of one job, in the journal of the account that makes them. */
export interface TopUpBook {
  /** Base units that count against the cap: made, or on their way. */
  spent(): bigint
  /** Notes a deposit before anything of it is sent; resolves with what marks it as made. */
  intend(row: Omit<TopUpRow, 'state'>): Promise<() => Promise<void>>
}

const TABLE = 'topups'
/** The newest transactions that are told; with so many, what is not among them may be older. */
const SENT_ROWS = 32

/**
 * Opens a job's deposits. One that an earlier process intended counts unless it is certain that its deposit was
 * never signed, or that the contract refused it: so no restart lets more than the cap be moved.
 */
export async function openTopUpBook(
  journal: Journal,
  job: string,
  sent: readonly SentRow[],
): Promise<TopUpBook> {
  const book = new Map<string, TopUpRow>()
  for (const { key, value } of await journal.scan(TABLE, `${job}/`)) {
    const found = decode(value)
    if (found.state === 'made' || mayBeOut(found, sent)) book.set(key, found)
    else await journal.commit([{ table: TABLE, key, value: null }], 'synced')
  }
  const write = async (key: string, row: TopUpRow) => {
    book.set(key, row)
    await journal.commit([{ table: TABLE, key, value: encode(row) }], 'synced')
  }
  return {
    spent: () => [...book.values()].reduce((sum, one) => sum + one.amount, 0n),
    async intend(row) {
      const last =
        [...book.keys()]
          .sort()
          .at(-1)
          ?.slice(job.length + 1) ?? '-1'
      const key = `${job}/${`${Number(last) + 1}`.padStart(6, '0')}`
      await write(key, { ...row, state: 'intended' })
      return () => write(key, { ...row, state: 'made' })
    },
  }
}

function mayBeOut({ name }: TopUpRow, sent: readonly SentRow[]): boolean {
  const own = sent.filter(({ id, purpose }) => id.startsWith(name) && purpose === 'deposit')
  return own.length === 0 ? sent.length >= SENT_ROWS : own.some(({ refused }) => refused === null)
}

function encode(row: TopUpRow): Uint8Array {
  return utf8(JSON.stringify({ ...row, amount: row.amount.toString() }))
}

function decode(bytes: Uint8Array): TopUpRow {
  const plain = JSON.parse(fromUtf8(bytes)) as Omit<TopUpRow, 'amount'> & { amount: string }
  return { ...plain, amount: BigInt(plain.amount) }
}
