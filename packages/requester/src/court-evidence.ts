import {
  accepted,
  type MismatchRow,
  mismatches,
  type Purchase,
  type ReceiptRow,
  receipts,
  type Table,
  taskKey,
  tasks,
} from '@souk/engine'
import {
  type Hex,
  isJudgedOutput,
  requireJudgeable,
  requireJudgeableTask,
  type Task,
  taskDigest,
} from '@souk/protocol'
import { type BlockStore, type Journal, readContent } from '@souk/storage'
import { readRow } from './read-rows.ts'

/**
 * The result of each lease that goes before a jury, until that has spoken: a lease has one challenge, and a restarted
 * process goes on with the same. Keyed by lease.
 */
export const disputes: Table<MismatchRow> = { table: 'disputes', codec: mismatches.codec }

/** A wrong result with all that a challenge of it needs. */
export interface Evidence {
  readonly receipt: ReceiptRow['receipt']
  readonly task: Task
  /** Digest of the output that the quorum accepted. */
  readonly accepted: Hex
}

/** Returns a caught result of one task of a job on one lease; `undefined` for none. */
export async function findCaught(
  journal: Journal,
  where: Pick<MismatchRow, 'job' | 'index' | 'lease'>,
): Promise<MismatchRow | undefined> {
  return (await caughtOf(journal, where)).find(({ row }) => row.lease === where.lease)?.row
}

/** Returns the evidence of a caught result; `undefined` where no jury could judge it. Throws `ProgramError`. */
export async function findEvidence(
  journal: Journal,
  blocks: BlockStore,
  caught: MismatchRow,
): Promise<Evidence | undefined> {
  // A jury compares digests: what differs by its requester's own measure may be right by that.
  if (caught.compared !== 'exact') return undefined
  const key = taskKey(caught.job, caught.index)
  const decided = await readRow(journal, accepted, key)
  const receipt = await receiptOf(journal, caught)
  const task = await readRow(journal, tasks, key)
  if (decided?.digest == null || receipt === undefined || task === undefined) return undefined
  if (decided.output == null || !isJudgedOutput(decided.output)) return undefined
  // A result that went on from a checkpoint is of another task: no jury judges one.
  if (taskDigest(task) !== receipt.task) return undefined
  requireJudgeableTask(task)
  await requireJudgeable(await readContent(blocks, task.program), task.engine)
  return { receipt, task, accepted: decided.digest }
}

/** Returns the caught results of leases, the first of each lease. */
export async function firstCaught(journal: Journal): Promise<Map<Hex, MismatchRow>> {
  const first = new Map<Hex, MismatchRow>()
  for (const { value } of await journal.scan(mismatches.table)) {
    const row = mismatches.codec.decode(value)
    if (!first.has(row.lease)) first.set(row.lease, row)
  }
  return first
}

/** Returns the disputes that an earlier run left, with what was bought. */
export async function openDisputes(
  journal: Journal,
  purchases: Table<Purchase>,
): Promise<{ purchase: Purchase; row: MismatchRow }[]> {
  const found = await Promise.all(
    (await journal.scan(disputes.table)).map(async ({ key, value }) => {
      const purchase = await readRow(journal, purchases, key)
      return purchase && { purchase, row: disputes.codec.decode(value) }
    }),
  )
  return found.filter((one) => one !== undefined)
}

async function receiptOf(journal: Journal, wanted: MismatchRow): Promise<ReceiptRow['receipt'] | undefined> {
  for (const { attempt, row } of await caughtOf(journal, wanted)) {
    if (row.lease !== wanted.lease || row.output !== wanted.output) continue
    const found = await readRow(journal, receipts, attempt)
    if (found !== undefined) return found.receipt
  }
  return undefined
}

/** Returns the caught attempts of one task of a job. */
async function caughtOf(
  journal: Journal,
  { job, index }: Pick<MismatchRow, 'job' | 'index'>,
): Promise<{ attempt: string; row: MismatchRow }[]> {
  const rows = await journal.scan(mismatches.table, `${job}.${index}.`)
  return rows.map(({ key, value }) => ({ attempt: key, row: mismatches.codec.decode(value) }))
}
