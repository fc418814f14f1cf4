import { type DurableFrame, frameCodec, type Hex } from '@souk/protocol'
import { type BuyerLease, buyerLease } from '../buyer-state.ts'
import { type Channel, newChannel } from '../channel.ts'
import { slotTaskDigest } from '../job-checkpoints.ts'
import { recoverJob } from '../job-recovery.ts'
import type { Job } from '../job-state.ts'
import type { Head } from '../program.ts'
import {
  accepted,
  attempts,
  channels,
  checkpoints,
  comparisons,
  isOver,
  type JobRow,
  jobs,
  OUTBOX,
  outboxKey,
  purchases,
  receipts,
  taskKey,
  vouchers,
} from '../records.ts'
import type { MemoryJournal } from './memory-journal.ts'
import { taskOf } from './parties.ts'

/** Returns who stands behind each lease that was ever bought. */
function partiesOf(journal: MemoryJournal): (lease: Hex) => { account: Hex; subject: Hex } {
  const bought = journal.all(purchases)
  return (lease) => {
    const quote = bought.get(lease)?.quote
    return { account: quote?.provider ?? lease, subject: quote?.resultSigner ?? lease }
  }
}

/** Reads a job back from its rows, as a restarted requester does. */
export function readJob(
  journal: MemoryJournal,
  row: JobRow,
  parties: ReturnType<typeof partiesOf>,
  nowMs: number,
): Job {
  const decided = new Map<number, { digest: Hex | null; failed: boolean }>()
  for (let index = 0; index < row.tasks; index++) {
    const found = journal.one(accepted, taskKey(row.id, index))
    if (found !== undefined) decided.set(index, { digest: found.digest, failed: found.output === null })
  }
  const [tried, signed] = [journal.all(attempts), journal.all(receipts)]
  const [kept, compared] = [journal.all(checkpoints), journal.all(comparisons)]
  return recoverJob(row, decided, tried, signed, kept, compared, parties, nowMs)
}

/** Reads the job and the leases that are not over. */
export function readBuyer(
  journal: MemoryJournal,
  head: Head,
  nowMs: number,
): { job: Job; leases: BuyerLease[] } {
  const [row] = journal.all(jobs).values()
  if (row === undefined) throw new Error('a simulation journals its job before it runs')
  const job = readJob(journal, row, partiesOf(journal), nowMs)
  const open = [...journal.all(purchases).values()].filter(({ phase }) => !isOver(phase))
  const leases = open.map((purchase) =>
    buyerLease(purchase, head, nowMs, {
      channel: readChannel(journal, purchase.lease),
      voucher: journal.one(vouchers, purchase.lease) ?? null,
      inFlight: inFlightOn(job, purchase.lease),
    }),
  )
  return { job, leases }
}

/** Reads one side of a channel. */
export function readChannel(journal: MemoryJournal, lease: Hex): Channel {
  const numbers = journal.one(channels, lease)
  const rows = journal.scan(OUTBOX, outboxKey(lease, 0).slice(0, lease.length + 1))
  const unacked = rows.map(([, value]) => frameCodec.decode(value) as DurableFrame)
  return { ...newChannel(lease), ...numbers, unacked }
}

function inFlightOn(job: Job, lease: Hex): Map<string, Hex> {
  const slots = job.tasks.flatMap((task) => task.slots.map((slot) => ({ slot, index: task.index })))
  const running = slots.filter(({ slot }) => slot.lease === lease && slot.state === 'running')
  return new Map(running.map(({ slot, index }) => [slot.attempt, slotTaskDigest(taskOf(index), slot)]))
}
