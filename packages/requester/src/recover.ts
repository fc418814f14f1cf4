import {
  accepted,
  attempts,
  type Channel,
  channels,
  checkpoints,
  comparisons,
  isOver,
  type Job,
  jobs,
  type KeptCheckpoint,
  OUTBOX,
  outboxPrefix,
  type Purchase,
  purchases,
  receipts,
  recoverJob,
  slotTaskDigest,
  taskKey,
  tasks,
  type VoucherRow,
  vouchers,
} from '@souk/engine'
import {
  assert,
  type DurableFrame,
  frameCodec,
  type Hex,
  nestedContent,
  type Task,
  taskContent,
} from '@souk/protocol'
import { type BlockStore, contentBlocks, type Journal, readContent } from '@souk/storage'
import { checkpointBlocks } from './checkpoint-desk.ts'
import { hasOutput } from './output-content.ts'
import { readRow, readRows } from './read-rows.ts'

/** What a journal says was going on when its last owner stopped. */
export interface Unfinished {
  readonly jobs: readonly { job: Job; tasks: Task[]; served: Set<string> }[]
  readonly purchases: readonly {
    purchase: Purchase
    channel: Channel
    voucher: VoucherRow | null
    inFlight: Map<string, Hex>
  }[]
}

/** Reads running jobs and unsettled purchases, as every program left them. */
export async function readUnfinished(
  journal: Journal,
  blocks: BlockStore,
  nowMs: number,
): Promise<Unfinished> {
  const bought = await readRows(journal, purchases)
  const parties = (lease: Hex) => {
    const quote = bought.get(lease)?.quote
    return { account: quote?.provider ?? lease, subject: quote?.resultSigner ?? lease }
  }
  const running = []
  for (const row of (await readRows(journal, jobs)).values()) {
    if (row.state === 'running') running.push(await readJob(journal, blocks, row.id, parties, nowMs))
  }
  const open = []
  for (const purchase of bought.values()) {
    if (purchase.settled) continue
    const { lease } = purchase
    const voucher = await readRow(journal, vouchers, lease)
    open.push({
      purchase,
      channel: await readChannel(journal, lease),
      voucher: voucher ?? null,
      inFlight: isOver(purchase.phase) ? new Map<string, Hex>() : inFlightOn(running, lease),
    })
  }
  return { jobs: running, purchases: open }
}

async function readJob(
  journal: Journal,
  blocks: BlockStore,
  id: string,
  parties: (lease: Hex) => { account: Hex; subject: Hex },
  nowMs: number,
): Promise<Unfinished['jobs'][number]> {
  const row = await readRow(journal, jobs, id)
  assert(row !== undefined, 'the job was just read')
  const list = [...(await readRows(journal, tasks, `${id}/`)).values()]
  const decided = new Map<number, { digest: Hex | null; failed: boolean }>()
  for (let index = 0; index < row.tasks; index++) {
    const found = await readRow(journal, accepted, taskKey(id, index))
    if (found !== undefined) decided.set(index, { digest: found.digest, failed: found.output === null })
  }
  const tried = await readRows(journal, attempts, `${id}.`)
  const signed = await readRows(journal, receipts, `${id}.`)
  for (const [attempt, { output }] of signed) {
    const index = tried.get(attempt)?.index
    const isOpen = index !== undefined && !decided.has(index)
    // Its content was on its way when we stopped: without it, it is no result.
    if (isOpen && !(await hasOutput(blocks, output))) signed.delete(attempt)
  }
  const served = new Set<string>()
  const read = (cid: string) => readContent(blocks, cid)
  // What names it may be gone: then a provider that asks is told so.
  const nested = await Promise.all(list.map((task) => nestedContent(task, read).catch(() => [])))
  for (const cid of new Set([...list.flatMap(taskContent), ...nested.flat().map((part) => part.cid)])) {
    for (const block of await contentBlocks(blocks, cid)) served.add(block)
  }
  const kept = await readRows(journal, checkpoints, `${id}/`)
  for (const [key, one] of kept) {
    const isHere = async ({ cid }: KeptCheckpoint) => (await checkpointBlocks(blocks, cid)) !== undefined
    kept.set(key, { kept: await filterAsync(one.kept, isHere) })
  }
  const compared = await readRows(journal, comparisons, `${id}/`)
  const job = recoverJob(row, decided, tried, signed, kept, compared, parties, nowMs)
  return { job, tasks: list, served }
}

/** Returns the running attempts of a lease with their tasks' names. */
function inFlightOn(running: readonly Unfinished['jobs'][number][], lease: Hex): Map<string, Hex> {
  const found = new Map<string, Hex>()
  for (const { job, tasks: list } of running) {
    for (const task of job.tasks) {
      for (const slot of task.slots) {
        const content = list[task.index]
        if (slot.lease === lease && slot.state === 'running' && content !== undefined) {
          found.set(slot.attempt, slotTaskDigest(content, slot))
        }
      }
    }
  }
  return found
}

async function filterAsync<T>(items: readonly T[], isWanted: (item: T) => Promise<boolean>): Promise<T[]> {
  const wanted = await Promise.all(items.map(isWanted))
  return items.filter((_, i) => wanted[i])
}

async function readChannel(journal: Journal, lease: Hex): Promise<Channel> {
  const numbers = (await readRow(journal, channels, lease)) ?? { inSeq: 0, outSeq: 0 }
  const rows = await journal.scan(OUTBOX, outboxPrefix(lease))
  const unacked = rows.map((row) => frameCodec.decode(row.value) as DurableFrame)
  return { lease, ...numbers, unacked }
}
