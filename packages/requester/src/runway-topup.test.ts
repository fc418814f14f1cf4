import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decideTopUp, type TopUpFacts } from './runway-topup.ts'

const amount = fc.bigInt({ min: 0n, max: 1_000n })
const facts: fc.Arbitrary<TopUpFacts> = fc
  .record({
    cap: amount,
    spent: amount,
    inWallet: amount,
    block: fc.nat(5),
    notBefore: fc.nat(5),
    free: amount,
    limitLeft: fc.option(amount),
    isExpired: fc.boolean(),
    reserved: amount,
    returning: amount,
    wanted: amount,
    part: fc.integer({ min: 1, max: 100 }),
  })
  .map(({ part, ...rest }) => ({ ...rest, least: (rest.wanted * BigInt(part) + 99n) / 100n }))

const NEEDY: TopUpFacts = {
  ...{ cap: 100n, spent: 0n, inWallet: 1_000n, block: 9, notBefore: 0, free: 10n, limitLeft: null },
  ...{ isExpired: false, reserved: 0n, returning: 0n, wanted: 60n, least: 60n },
}

describe('a top-up', () => {
  test.each([
    ['moves what is missing', {}, { do: 'deposit', amount: 50n, raise: 0n }],
    [
      'raises the limit by as much where it binds',
      { limitLeft: 10n },
      { do: 'deposit', amount: 50n, raise: 50n },
    ],
    [
      'moves less where that is enough to go on',
      { least: 20n, cap: 30n },
      { do: 'deposit', amount: 30n, raise: 0n },
    ],
    ['moves nothing that does not help', { cap: 49n }, { do: 'refuse', why: 'cap', missing: 50n }],
    ['cannot move what is not there', { inWallet: 3n }, { do: 'refuse', why: 'wallet', missing: 50n }],
    ['does not authorise a key again', { isExpired: true }, { do: 'refuse', why: 'expiry', missing: 50n }],
    ['waits for money that comes back', { returning: 50n }, { do: 'wait' }],
    ['waits until its last deposit shows', { notBefore: 10 }, { do: 'wait' }],
    ['waits while nothing runs out', { wanted: 0n, least: 0n, free: 0n }, { do: 'wait' }],
  ] as const)('%s', (_what, change, expected) => {
    expect(decideTopUp({ ...NEEDY, ...change })).toEqual(expected)
  })

  test('stays within cap and wallet, moves no more than is missing, and raises no limit beyond it', () => {
    fc.assert(
      fc.property(facts, (all) => {
        const decision = decideTopUp(all)
        if (decision.do !== 'deposit') return
        const { amount: moved, raise } = decision
        expect(moved).toBeGreaterThan(0n)
        expect(all.spent + moved).toBeLessThanOrEqual(all.cap)
        expect(moved).toBeLessThanOrEqual(all.inWallet)
        expect([0n, moved]).toContain(raise)
        const there = smallest(all.free, all.limitLeft) + all.returning - all.reserved
        expect(moved).toBeLessThanOrEqual(all.wanted - there)
        expect(smallest(all.free + moved, plus(all.limitLeft, raise))).toBeGreaterThanOrEqual(
          all.least - all.returning + all.reserved,
        )
        expect(all.isExpired).toBe(false)
      }),
    )
  })

  test('never begins where there is more money, more on its way, or less wanted', () => {
    fc.assert(
      fc.property(facts, amount, (all, more) => {
        const isAsked = (changed: TopUpFacts) => decideTopUp(changed).do !== 'wait'
        if (isAsked(all)) return
        const { free, returning, wanted, least, limitLeft } = all
        const less = wanted > more ? wanted - more : 0n
        expect(isAsked({ ...all, free: free + more })).toBe(false)
        expect(isAsked({ ...all, returning: returning + more })).toBe(false)
        expect(isAsked({ ...all, limitLeft: plus(limitLeft, more) })).toBe(false)
        expect(isAsked({ ...all, wanted: less, least: least < less ? least : less })).toBe(false)
      }),
    )
  })

  test('comes to rest: once it was made, nothing more is missing, or the cap is used up', () => {
    fc.assert(
      fc.property(facts, (all) => {
        let now: TopUpFacts = { ...all, notBefore: 0 }
        let total = 0n
        for (let i = 0; i < 3; i++) {
          const decision = decideTopUp(now)
          if (decision.do !== 'deposit') return
          expect(i).toBeLessThan(2)
          total += decision.amount
          expect(all.spent + total).toBeLessThanOrEqual(all.cap)
          now = {
            ...now,
            free: now.free + decision.amount,
            limitLeft: plus(now.limitLeft, decision.raise),
            spent: now.spent + decision.amount,
            inWallet: now.inWallet - decision.amount,
          }
        }
      }),
    )
  })
})

function smallest(a: bigint, b: bigint | null): bigint {
  return b !== null && b < a ? b : a
}

function plus(a: bigint | null, b: bigint): bigint | null {
  return a === null ? null : a + b
}
