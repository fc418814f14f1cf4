import type { Hex } from '@souk/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type RunwayInput, runwayWarnings, untold, warningKey, warningWords } from './runway-watch.ts'

const E12 = 10n ** 12n
const LEASE: Hex = '0x01'
/** One base unit a second, paid for 300 seconds, with plenty of everything. */
const PLENTY: RunwayInput = {
  funds: { free: 10_000n, limitLeft: 10_000n, expirySeconds: 1_000_000, atSeconds: 1_000, block: 7 },
  reserved: 0n,
  leases: [{ lease: LEASE, rateE12: E12, unspent: 300n, secondsLeft: 300 }],
  neededSeconds: null,
  roundsLeft: 100n,
}
const kinds = (input: RunwayInput) =>
  runwayWarnings(input).map(({ what, secondsLeft }) => [what, secondsLeft])
const funds = (change: Partial<RunwayInput['funds']>) => ({
  ...PLENTY,
  funds: { ...PLENTY.funds, ...change },
})

describe('what runs out', () => {
  test.each<[string, RunwayInput, [string, number | null][]]>([
    ['nothing', PLENTY, []],
    ['the balance', funds({ free: 100n }), [['balance', 400]]],
    ['the limit', funds({ limitLeft: 100n }), [['limit', 400]]],
    [
      'what is promised counts as spent',
      { ...PLENTY, reserved: 9_900n },
      [
        ['balance', 400],
        ['limit', 400],
      ],
    ],
    ['the key', funds({ expirySeconds: 1_100 }), [['expiry', 400]]],
    [
      'one lease',
      { ...PLENTY, leases: PLENTY.leases.map((one) => ({ ...one, secondsLeft: 59 })) },
      [['lease', 59]],
    ],
    ['coins', { ...PLENTY, roundsLeft: 4n }, [['gas', null]]],
    ['nothing that is still needed', { ...funds({ free: 100n }), neededSeconds: 399 }, []],
    ['what is needed a little longer', { ...funds({ free: 100n }), neededSeconds: 401 }, [['balance', 400]]],
    ['nothing where nothing is paid', { ...funds({ free: 0n }), leases: [] }, []],
    ['nothing of a key without coins', { ...PLENTY, roundsLeft: null }, []],
  ])('is %s', (_what, input, expected) => {
    expect(kinds(input)).toEqual(expected)
  })

  test('more money never adds a warning, more spending never takes one away', () => {
    const amount = fc.bigInt({ min: 0n, max: 5_000n })
    fc.assert(
      fc.property(
        amount,
        amount,
        amount,
        fc.option(fc.nat(2_000)),
        (free, limitLeft, more, neededSeconds) => {
          const input = { ...funds({ free, limitLeft }), neededSeconds }
          const richer = {
            ...input,
            funds: { ...input.funds, free: free + more, limitLeft: limitLeft + more },
          }
          const dearer = {
            ...input,
            leases: input.leases.map((one) => ({ ...one, rateE12: one.rateE12 + more * E12 })),
          }
          const names = (one: RunwayInput) => runwayWarnings(one).map(warningKey)
          expect(names(input)).toEqual(expect.arrayContaining(names(richer)))
          expect(names(dearer)).toEqual(expect.arrayContaining(names(input)))
        },
      ),
    )
  })

  test('is told once until it is there again', () => {
    const told = new Set<string>()
    const low = runwayWarnings(funds({ free: 100n }))
    expect(untold(told, low)).toEqual(low)
    expect(untold(told, low)).toEqual([])
    expect(untold(told, [])).toEqual([])
    expect(untold(told, low)).toEqual(low)
  })

  test('is said in one sentence each', () => {
    const all = runwayWarnings({ ...funds({ free: 0n, limitLeft: 0n, expirySeconds: 0 }), roundsLeft: 0n })
    expect(all.map(({ what }) => what)).toEqual(['balance', 'limit', 'expiry', 'gas'])
    for (const warning of all) expect(warningWords(warning)).toMatch(/^[^.]{20,}$/)
  })
})
