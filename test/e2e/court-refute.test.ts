import { epochOf, type Hex, slotsInside } from '@souk/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Courtroom } from './support/court.ts'
import { providerRows } from './support/journal-rows.ts'
import { hashing } from './support/request.ts'
import { plan, Stage } from './support/stage.ts'
import { until } from './support/until.ts'

/** Slots that a voucher must acknowledge before somebody lies about them. */
const SERVED_SLOTS = 3
/** Milliseconds without beats that end a stretch of service, and not the lease. */
const FROZEN_MS = 3_500

let stage: Stage
let court: Courtroom
beforeAll(async () => {
  stage = await Stage.open(plan(2, 0.2), 3)
  court = await Courtroom.open(stage)
})
afterAll(() => stage?.stop())

test('a false report is struck by the provider itself, of whatever stretch, and also when it was down', async () => {
  // One provider works for as long as all this takes.
  const job = await stage.start(hashing(400, 48, { leases: 1 }))
  const done = job.done.catch(() => undefined)
  const { name, lease } = await worker()
  const quote = await court.quoteOf(lease)

  // While it runs, about what its newest voucher acknowledges.
  const first = await servedSince((await stage.reader.leaseState(lease)).openBlock)
  await lie(lease, first)
  await struck(lease, first.epoch, first.slots)

  // About the stretch before the last: the provider stood still for a while, and works on.
  const second = await servedSince(await court.head())
  await freeze(name)
  const third = await servedSince((await court.head()) + 1)
  expect(third.from).toBeGreaterThan(second.until)
  await lie(lease, second)
  await struck(lease, second.epoch, second.slots)

  // While it is down: its journal knows what was acknowledged, in all stretches.
  await stage.market.child(name)?.kill()
  await lie(lease, third)
  expect((await stage.reader.leaseState(lease)).downSlots).toBeGreaterThan(0)
  const { vouchers } = await providerRows(stage.folder(name))
  expect(vouchers.get(lease)?.ackFrom).toBeGreaterThan(second.until - 1)
  await stage.market.startProvider(name)
  await struck(lease, third.epoch, third.slots)

  const refuted = await court.eventsOf('downtimeRefuted')
  expect(refuted.map((event) => event.lease)).toEqual(refuted.map(() => lease))
  await stage.ask('agent', 'cancel', { job: await job.id })
  await done
  await stage.settle()
  // Only what was really not served may have been paid for: the provider was away for a moment.
  const { toRequester, toBurn } = await court.closing(lease)
  const { downSlots } = await stage.reader.leaseState(lease)
  expect(toRequester + toBurn).toBe(BigInt(downSlots) * quote.slotPenalty)
  const { conserved } = await stage.money()
  expect(conserved).toBe(true)
})

interface Served {
  readonly epoch: number
  readonly slots: number
  /** Blocks [from, until) of the slots. */
  readonly from: number
  readonly until: number
}

/** Waits until a voucher surely acknowledges some slots of one epoch from a block on. */
async function servedSince(block: number): Promise<Served> {
  const { rules } = court.link
  return until('some slots were served', async () => {
    const head = await court.head()
    const epoch = epochOf(rules, head - 1)
    const from = Math.max(block + 1, epoch * 16 * rules.slotBlocks)
    // The newest voucher may be some seconds old.
    const end = head - 3
    const slots = slotsInside(rules, epoch, from, end)
    return end - from >= SERVED_SLOTS && slots !== 0 && { epoch, slots, from, until: end }
  })
}

/** Has the whole committee say that the provider was down while it served. */
async function lie(lease: Hex, { epoch, slots }: Served): Promise<void> {
  await court.endEpoch(epoch)
  await court.accuseFalsely(await court.quoteOf(lease), epoch, slots)
  const { down, refuted } = await court.link.reader.downRecord(lease, epoch)
  expect((down | refuted) & slots).toBe(slots)
}

async function struck(lease: Hex, epoch: number, slots: number): Promise<void> {
  await until('the lie was struck', async () => {
    const record = await court.link.reader.downRecord(lease, epoch)
    return (record.refuted & slots) === slots && (record.down & slots) === 0
  })
}

/** Stops a provider for longer than beats may be apart, and lets it go on. */
async function freeze(name: string): Promise<void> {
  const pid = stage.market.child(name)?.pid ?? 0
  process.kill(pid, 'SIGSTOP')
  try {
    await court.blocksPass(Math.ceil(FROZEN_MS / 1_000))
  } finally {
    process.kill(pid, 'SIGCONT')
  }
}

async function worker(): Promise<{ name: string; lease: Hex }> {
  return until('a provider works', async () => {
    for (const name of stage.names) {
      const { leases } = await stage.status(name)
      const open = leases.find((one) => one.running > 0 && one.earned > 0n)
      if (open !== undefined && (await stage.reader.leaseState(open.lease)).status === 'open') {
        return { name, lease: open.lease }
      }
    }
    return false
  })
}
