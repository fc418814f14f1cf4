import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Assurance,
  firstExecutions,
  formatAssurance,
  MAX_EXECUTIONS,
  parseAssurance,
  quorumOf,
} from './assurance.ts'
import { type AssuredWork, estimateAssurance } from './assurance-estimate.ts'

const WORK: AssuredWork = {
  ...{ tasks: 100, taskMs: 2_000, leases: 4, rateE12: 5n * 10n ** 12n, startFee: 7n },
  ...{ faultRate: 0, auditRate: 0.1, windowMs: 60_000 },
}

const assurance: fc.Arbitrary<Assurance> = fc.oneof(
  fc.constantFrom<Assurance>({ kind: 'none' }, { kind: 'audit' }),
  fc.integer({ min: 1, max: MAX_EXECUTIONS }).map((r) => ({ kind: 'replicate' as const, r })),
  fc
    .integer({ min: 1, max: MAX_EXECUTIONS })
    .chain((n) =>
      fc.integer({ min: Math.floor(n / 2) + 1, max: n }).map((k) => ({ kind: 'quorum' as const, k, n })),
    ),
)

describe('an assurance', () => {
  test('is read as it is written', () => {
    fc.assert(
      fc.property(assurance, (given) => {
        expect(parseAssurance(formatAssurance(given))).toEqual(given)
      }),
    )
  })

  test.each([
    '',
    'all',
    'quorum',
    'quorum:1/2',
    'quorum:3/2',
    'quorum:9/16',
    'replicate:0',
    'replicate:16',
    'audit:1',
  ])('is not %s', (given) => {
    expect(() => parseAssurance(given)).toThrow(
      expect.objectContaining({ data: { code: 'BAD_ASSURANCE', given } }),
    )
  })

  test('starts enough executions to decide', () => {
    fc.assert(
      fc.property(assurance, (given) => {
        const { k, n } = quorumOf(given)
        expect(2 * k).toBeGreaterThan(n)
        expect(firstExecutions(given)).toBeGreaterThanOrEqual(k)
        expect(firstExecutions(given)).toBeLessThanOrEqual(n)
      }),
    )
  })
})

describe('an estimate', () => {
  test.each<[Assurance, number, bigint, number]>([
    [{ kind: 'none' }, 1, 1_028n, 50_000],
    [{ kind: 'audit' }, 1.1, 1_128n, 115_000],
    [{ kind: 'replicate', r: 3 }, 3, 3_028n, 150_000],
    [{ kind: 'quorum', k: 2, n: 3 }, 2, 2_028n, 100_000],
  ])('of %o without faults', (given, executions, price, timeMs) => {
    const estimate = estimateAssurance(given, WORK)
    expect(estimate.executions).toBeCloseTo(executions, 12)
    expect(estimate.price).toBe(price)
    expect(estimate.timeMs).toBeCloseTo(timeMs, 6)
  })

  test('of a quorum counts on a third where the first two may differ', () => {
    const { executions } = estimateAssurance({ kind: 'quorum', k: 2, n: 3 }, { ...WORK, faultRate: 0.1 })
    expect(executions).toBeCloseTo(2 + (1 - 0.9 ** 2), 12)
  })

  test('rises with faults, and never beyond what the assurance may start', () => {
    const rates = fc.double({ min: 0, max: 0.9, noNaN: true })
    fc.assert(
      fc.property(assurance, rates, rates, (given, one, other) => {
        const [less, more] = [Math.min(one, other), Math.max(one, other)].map((faultRate) =>
          estimateAssurance(given, { ...WORK, faultRate }),
        )
        expect(less?.executions).toBeLessThanOrEqual((more?.executions ?? 0) + 1e-9)
        expect(less?.timeMs).toBeLessThanOrEqual((more?.timeMs ?? 0) + 1e-6)
        if (given.kind === 'quorum') expect(more?.executions).toBeLessThanOrEqual(given.n + 1e-9)
      }),
    )
  })
})
