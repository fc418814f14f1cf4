import type { Hex } from '@souk/protocol'
import type { JobReport, LeaseReport, ReservationRow, ReserveWish } from '@souk/requester'
import type { CapacitySummary } from '@souk/requester/node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { demandOf, hashing } from './support/request.ts'
import { type ProviderStatus, plan, Stage } from './support/stage.ts'
import { until } from './support/until.ts'

const SELLER = 'provider-1'
/** Milliseconds that a reservation's time, and what follows from it, may take to come on a busy machine. */
const PATIENCE_MS = 120_000

interface SellerStatus extends ProviderStatus {
  readonly reservations: readonly { lease: Hex; claimed: boolean; fee: bigint; earned: bigint }[]
}

let stage: Stage
beforeAll(async () => {
  stage = await Stage.open(plan(1, 0.3))
})
afterAll(() => stage?.stop())

test('capacity is kept through restarts of both sides, had in its time, and paid in full', async () => {
  const { total } = await seller()
  const { lease, fee, earnest } = await reserve(total.millicores, 30, 600)
  expect(await row(lease)).toMatchObject({ state: 'held', failure: '' })
  expect(2n * earnest - fee).toBeLessThan(2n)
  await until('the first half is paid', async () => (await kept(lease))?.earned === earnest)
  expect((await seller()).free.millicores).toBe(0)
  await until('the market knows', async () => {
    const { classes } = await stage.ask<CapacitySummary>('agent', 'capacity')
    return classes.some((one) => one.reserved === total.millicores && one.free === 0)
  })
  await until(
    'the escrow has opened it',
    async () => (await stage.reader.leaseState(lease)).status === 'open',
  )

  for (const name of ['agent', SELLER]) await stage.market.child(name)?.kill()
  await stage.market.startProvider(SELLER)
  await stage.market.startAgent()
  expect(await kept(lease)).toMatchObject({ claimed: false, earned: earnest })
  await until('its time has come', async () => (await row(lease))?.state === 'due', PATIENCE_MS)
  // Nobody else gets any of it; whoever reserved it does.
  expect((await seller()).free.millicores).toBe(0)
  const job = await stage.run(hashing(2, 4))
  expect(job).toMatchObject({ state: 'done', verified: 2 })
  const used = await until('all of it is paid', async () => {
    const one = await row(lease)
    return one?.paid === fee && (await kept(lease))?.earned === fee && one
  })
  expect(used.state).toBe('used')

  expect(await stage.ask('agent', 'unreserve', { lease })).toMatchObject({ state: 'done', paid: fee })
  await stage.capacityFree()
  await stage.settle()
  expect(await stage.reader.leaseState(lease)).toMatchObject({ status: 'closed', paid: fee })
  await accountedFor(job.job, lease)
})

/** What the leases of a job and the reservation promised, and what came of them, is known to the end. */
async function accountedFor(job: string, reservation: Hex) {
  const report = await until('the chain has said all', async () => {
    const one = await stage.ask<JobReport>('agent', 'report', { job })
    return one.leases.every(({ compensated }) => compensated.refund !== null) && one
  })
  expect(report).toMatchObject({ tasks: { accepted: 2, failed: 0, open: 0 }, attempts: { all: 2 } })
  expect(report.leases).toHaveLength(1)
  const { measured, compensated, attested, promised } = report.leases[0] as LeaseReport
  expect(measured.upMs).toBeGreaterThan(0)
  expect(attested).toEqual({ downSlots: 0, votes: 0, challenged: 0, wrong: 0 })
  expect(compensated).toMatchObject({ paid: report.compensated.paid, toRequester: 0n, burned: 0n })
  expect(promised.bond).toBeGreaterThanOrEqual(promised.slotPenalty)
  const kept = await stage.ask<LeaseReport>('agent', 'lease', { lease: reservation })
  expect(kept).toMatchObject({
    job: 'reservation',
    settled: true,
    compensated: { refund: 0n, toRequester: 0n },
  })
}

test('capacity that nobody comes for is let go when that was said, for half of the fee', async () => {
  const { lease, fee, earnest } = await reserve(100, 10, 3)
  expect(earnest).toBeLessThan(fee)
  const over = await until(
    'it is let go',
    async () => {
      const one = await row(lease)
      return one?.state === 'released' && one
    },
    PATIENCE_MS,
  )
  expect(over.paid).toBe(earnest)
  await stage.capacityFree()
  await stage.settle()
  expect(await stage.reader.leaseState(lease)).toMatchObject({ status: 'closed', paid: earnest })
  const money = await stage.money()
  expect(money.conserved).toBe(true)
  expect(money.accounts.filter((one) => one.locked !== 0n)).toEqual([])
})

function reserve(millicores: number, aheadSeconds: number, seconds: number): Promise<ReservationRow> {
  const from = Math.ceil(Date.now() / 1000) + aheadSeconds
  const wish: ReserveWish = { demand: demandOf({}, { millicores }), from, seconds, maxFee: null }
  return stage.ask('agent', 'reserve', wish)
}

async function row(lease: Hex): Promise<ReservationRow | undefined> {
  const rows = await stage.ask<ReservationRow[]>('agent', 'reservations')
  return rows.find((one) => one.lease === lease)
}

function seller(): Promise<SellerStatus> {
  return stage.ask(SELLER, 'status')
}

async function kept(lease: Hex) {
  return (await seller()).reservations.find((one) => one.lease === lease)
}
