import { parseAssurance } from '@souk/availability'
import type { Candidate } from '@souk/market'
import type { Hex } from '@souk/protocol'
import { expect, test } from 'vitest'
import { estimateJob, leasesFor, USUAL_STAKE_SECONDS } from './assurance-estimate.ts'

const ACCOUNT: Hex = `0x${'0a'.repeat(20)}`
/** One base unit a second, and three to start. */
const OFFER = {
  rateE12: 10n ** 12n,
  entry: { offer: { account: ACCOUNT, prices: { startFee: 3n } } },
} as unknown as Candidate

function estimate(assurance: string, valid: number, change: { expectedMs?: number } = {}) {
  const spec = { assurance: parseAssurance(assurance), tasks: Array(100), deadlineMs: 60_000, leases: 2 }
  return estimateJob({ ...spec, ...change } as never, [OFFER, OFFER], new Map([[ACCOUNT, valid]]))
}

test('what is not expected takes as long as it may', () => {
  expect(estimate('none', 0)).toMatchObject({ assurance: 'none', taskMs: 60_000, isBound: true })
  const quick = estimate('none', 0, { expectedMs: 1_000 })
  expect(quick).toMatchObject({ taskMs: 1_000, isBound: false, leases: 2 })
  // A hundred seconds and a few that fail, and two starts.
  expect(quick.price).toBeGreaterThanOrEqual(106n)
  expect(quick.price).toBeLessThan(110n)
})

test('a newcomer costs twice as much to audit, who is known hardly more, and never less than the stake allows', () => {
  const [fresh, known] = [0, 1_000].map((valid) => estimate('audit', valid, { expectedMs: 100 }))
  expect(fresh?.executions).toBeCloseTo(2 / 0.98)
  expect(known?.executions).toBeCloseTo(1.05 / 0.98)
  const dear = estimate('audit', 1_000, { expectedMs: USUAL_STAKE_SECONDS * 1_000 })
  expect(dear.executions).toBeCloseTo(2 / 0.98)
})

test('an audit takes a second account, the others as many as begin', () => {
  const rules = ['none', 'audit', 'replicate:3', 'quorum:3/5']
  expect(rules.map((rule) => leasesFor(parseAssurance(rule)))).toEqual([1, 2, 3, 3])
})
