import { setImmediate } from 'node:timers/promises'
import {
  acknowledged,
  channels,
  executions,
  OUTBOX,
  type Sale,
  sales,
  type Table,
  vouchers,
} from '@souk/engine'
import { errorMessage, type Hex } from '@souk/protocol'
import type { Journal } from '@souk/storage'
import type { Log } from './log.ts'

/** Milliseconds after its begin that a settled lease's executions are kept: whoever looks into one does so soon. */
const EXECUTIONS_MS = 7_200_000
/** Milliseconds after its begin that a settled lease itself is kept, for people: thirty days. */
const SALES_MS = 2_592_000_000
/** Milliseconds between looks. */
const PRUNE_MS = 3_600_000
/** Leases looked at before others get their turn. */
const AT_ONCE = 64

/** Removes old rows now and every hour, so that the journal does not grow with what is long over; returns the end. */
export function keepPruned(journal: Journal, log: Log): () => void {
  const look = () => {
    pruneSettled(journal, Date.now()).catch((error) => {
      log.warn('old rows of the journal were not removed', { error: errorMessage(error) })
    })
  }
  look()
  const timer = setInterval(look, PRUNE_MS)
  return () => clearInterval(timer)
}

/** Removes what the journal holds of leases that are settled and old, and returns how many rows that were. */
export async function pruneSettled(journal: Journal, nowMs: number): Promise<number> {
  let removed = 0
  const rows = await journal.scan(sales.table)
  for (const [at, { value }] of rows.entries()) {
    if (at % AT_ONCE === 0) await setImmediate()
    const sale = sales.codec.decode(value)
    if (sale.settled) removed += await prune(journal, sale, nowMs - sale.acceptedAtMs)
  }
  return removed
}

async function prune(journal: Journal, { lease }: Sale, ageMs: number): Promise<number> {
  if (ageMs < EXECUTIONS_MS) return 0
  const gone = await rowsOf(journal, lease, [executions.table, OUTBOX])
  if (ageMs >= SALES_MS) {
    gone.push(...(await rowsOf(journal, lease, [acknowledged.table])))
    gone.push(
      ...[channels, vouchers, sales].map(({ table }: Pick<Table<unknown>, 'table'>) => row(table, lease)),
    )
  }
  if (gone.length > 0) await journal.commit(gone, 'committed')
  return gone.length
}

async function rowsOf(journal: Journal, lease: Hex, tables: readonly string[]) {
  const found = await Promise.all(
    tables.map(async (table) => (await journal.scan(table, `${lease}/`)).map(({ key }) => row(table, key))),
  )
  return found.flat()
}

function row(table: string, key: string) {
  return { table, key, value: null }
}
