import { POLICY_DEFAULTS } from '@souk/elastic'
import { type PoolRow, type Purchase, pools, purchases, put, vouchers } from '@souk/engine'
import { createMemoryJournal } from '@souk/storage'
import { expect, test } from 'vitest'
import { contextOf, jobRow, leaseRows, quoteOf } from '../../engine/src/testing/parties.ts'
import type { JobRunner } from './job-runner.ts'
import { PoolDesk } from './pool-desk.ts'
import type { PurchaseRunner } from './purchase-runner.ts'
import { readRow } from './read-rows.ts'
import { holdVoucher } from './reserve-talk.ts'

const [BUYER, SELLER] = [contextOf(1, 1), contextOf(2, 1)]
const POOL: PoolRow = {
  ...{ min: 1, max: 4, slots: 1, spread: 1, edgeBuffer: 1, target: { kind: 'concurrency', perReplica: 1 } },
  budget: { amount: 10n ** 24n, ratePerHour: null },
  standby: 'cold',
  ...{ scaleToZeroAfterMs: 60_000, coolDownMs: 1_000, stableMs: 6_000, panicMs: 600 },
}

/** The pool of a job of an earlier run, over its journal; nothing of the job is resumed yet. */
async function takenUp(...bought: readonly Purchase[]) {
  const journal = createMemoryJournal()
  const row = jobRow(1)
  const own = bought.map((purchase) => ({ ...purchase, job: row.id }))
  const rows = own.map((purchase) => put(purchases, purchase.lease, purchase))
  const promised = own.map(({ lease }) => put(vouchers, lease, holdVoucher(BUYER, lease, 2n)))
  await journal.commit([put(pools, row.id, POOL), ...rows, ...promised], 'synced')
  const desk = new PoolDesk({
    ...{ journal, chain: { head: () => null }, blockSeconds: 1, dateMs: () => 0, candidates: () => [] },
    onProblem: (sentence, error) => expect.fail(`${sentence}: ${error}`),
  })
  const job = { row, open: 1 }
  await desk.takeUp({ job, leases: new Map(), subscribe: () => () => {} } as unknown as JobRunner)
  const resume = async ({ lease }: Purchase) => {
    const purchase = await readRow(journal, purchases, lease)
    if (purchase === undefined) throw new Error('a purchase has a row')
    const voucher = (await readRow(journal, vouchers, lease)) ?? null
    desk.resumed({ state: { purchase, voucher } } as unknown as PurchaseRunner)
    return purchase
  }
  const money = desk.of(row.id)?.money
  if (money === undefined) throw new Error('a pool has its money')
  return { money, resume }
}

function bought(salt: number, phase: Purchase['phase']): Purchase {
  const { purchase } = leaseRows(BUYER, SELLER, quoteOf(BUYER, SELLER, salt))
  return { ...purchase, phase, opening: { block: 1, timestampSeconds: 1 } }
}

test('after a restart a deposit comes back to its pool when the escrow closes a lease that was over before', async () => {
  const over = bought(1, 'closed')
  const { money, resume } = await takenUp(over)
  expect(money.committed).toBe(over.quote.deposit)
  const live = await resume(over)
  expect(money.committed).toBe(over.quote.deposit)
  live.settled = true
  expect(money.committed).toBe(2n)
  expect(money.spent).toBe(2n)
})

test('after a restart a lease that no longer serves its job costs its pool nothing an hour once it is closed', async () => {
  const avoided = bought(1, 'active')
  const serving = bought(2, 'active')
  const { money, resume } = await takenUp(avoided, serving)
  expect(money.rateE12).toBe(avoided.quote.rate + serving.quote.rate)
  // It is resumed only to be closed: the job never hears of it.
  const live = await resume(avoided)
  await resume(serving)
  live.phase = 'closed'
  expect(money.rateE12).toBe(serving.quote.rate)
})

test('only a service may hold no lease at all: tasks that are open always need one', () => {
  const desk = new PoolDesk({
    ...{ journal: createMemoryJournal(), chain: { head: () => null }, blockSeconds: 1, dateMs: () => 0 },
    candidates: () => [],
    onProblem: (sentence, error) => expect.fail(`${sentence}: ${error}`),
  })
  const least = (more: { service?: boolean }, min: number) => {
    const row = { ...jobRow(1, 2), ...more }
    const runner = { job: { row, open: 1 }, leases: new Map(), subscribe: () => () => {} }
    desk.adopt(runner as unknown as JobRunner, { ...POLICY_DEFAULTS, ...POOL, min })
    return desk.of(row.id)?.policy.min
  }
  expect(least({ service: true }, 0)).toBe(0)
  expect(least({ service: true }, 1)).toBe(2)
  expect(least({}, 0)).toBe(2)
})
