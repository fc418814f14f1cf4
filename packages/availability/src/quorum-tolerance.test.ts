import type { Hex } from '@souk/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isWithin } from './comparator-numbers.ts'
import { decideQuorum, type Equality, type QuorumPolicy, type Replica } from './quorum.ts'

const policy: fc.Arbitrary<QuorumPolicy> = fc
  .integer({ min: 1, max: 7 })
  .chain((n) => fc.record({ n: fc.constant(n), k: fc.integer({ min: Math.floor(n / 2) + 1, max: n }) }))

/** Results of distinct accounts that are whole numbers, in some order. */
const given = policy.chain((rule) =>
  fc.record({
    rule: fc.constant(rule),
    results: fc.array(fc.nat(6), { maxLength: rule.n }).map((values) => values.map(result)),
    width: fc.nat(3),
  }),
)

/** Equal are numbers no further apart than `width`: as little transitive as can be. */
function within(width: number): Equality {
  return (a, b) => isWithin(Number(a), Number(b), { abs: width, rel: 0 })
}

function result(value: number, slot: number): Replica {
  return {
    slot,
    account: `0x${slot.toString(16).padStart(40, '0')}`,
    state: 'result',
    output: numbered(value),
  }
}

function numbered(value: number): Hex {
  return `0x${value.toString(16).padStart(2, '0')}`
}

describe('a quorum of outputs that are equal within a tolerance', () => {
  test('accepts the one in the middle of a chain, and counts both ends as equal to it', () => {
    const results = [1, 2, 3].map(result)
    expect(decideQuorum({ k: 2, n: 3 }, results, within(1))).toEqual({
      ...{ kind: 'accepted', output: '0x02' },
      ...{ agreeing: [0, 1, 2], disagreeing: [] },
    })
  })

  test('names who is too far from what was accepted', () => {
    const decision = decideQuorum({ k: 2, n: 3 }, [1, 6, 2].map(result), within(1))
    expect(decision).toMatchObject({ kind: 'accepted', output: '0x01', agreeing: [0, 2], disagreeing: [1] })
  })

  test('asks for what nobody has compared, each pair once, before anything else', () => {
    const known = new Map([['0x01 0x02', true]])
    const isEqual: Equality = (a, b) => a === b || known.get([a, b].sort().join(' '))
    const results = [2, 1, 2].map(result)
    expect(decideQuorum({ k: 3, n: 5 }, results, isEqual)).toMatchObject({ kind: 'accepted' })
    const more = [...results, result(5, 3)]
    expect(decideQuorum({ k: 3, n: 5 }, more, isEqual)).toEqual({
      kind: 'compare',
      pairs: [
        ['0x01', '0x05'],
        ['0x02', '0x05'],
      ],
    })
  })

  test('decides alike in whatever order they came', () => {
    const shuffled = given.chain((one) =>
      fc.record({
        one: fc.constant(one),
        order: fc.shuffledSubarray(one.results, { minLength: one.results.length }),
      }),
    )
    fc.assert(
      fc.property(shuffled, ({ one: { rule, results, width }, order }) => {
        const sorted = (replicas: readonly Replica[]) => {
          const decision = decideQuorum(rule, replicas, within(width))
          if (decision.kind !== 'accepted') return { kind: decision.kind }
          const { agreeing, disagreeing } = decision
          return { ...decision, agreeing: agreeing.toSorted(), disagreeing: disagreeing.toSorted() }
        }
        expect(sorted(order)).toEqual(sorted(results))
      }),
      { numRuns: 500 },
    )
  })

  test('is one of equal digests where the tolerance is 0', () => {
    fc.assert(
      fc.property(given, ({ rule, results }) => {
        expect(decideQuorum(rule, results, within(0))).toEqual(decideQuorum(rule, results))
      }),
      { numRuns: 500 },
    )
  })

  test('accepts nothing that fewer than k equal, and says who does not', () => {
    fc.assert(
      fc.property(given, ({ rule, results, width }) => {
        const decision = decideQuorum(rule, results, within(width))
        if (decision.kind !== 'accepted') return
        const near = results.filter(({ output }) => within(width)(output ?? '0x', decision.output))
        expect(near.length).toBeGreaterThanOrEqual(rule.k)
        expect(decision.agreeing).toEqual(near.map(({ slot }) => slot))
        expect(decision.agreeing.length + decision.disagreeing.length).toBe(results.length)
      }),
      { numRuns: 500 },
    )
  })

  test('never accepts two outputs that nobody shares', () => {
    fc.assert(
      fc.property(given, fc.nat(7), ({ rule, results, width }, early) => {
        const first = decideQuorum(rule, results.slice(0, early), within(width))
        const last = decideQuorum(rule, results, within(width))
        if (first.kind !== 'accepted') return
        expect(last.kind).toBe('accepted')
        if (last.kind !== 'accepted') return
        expect(last.agreeing.some((slot) => first.agreeing.includes(slot))).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  test('gives up only where all that may still answer would not make k', () => {
    fc.assert(
      fc.property(given, ({ rule, results, width }) => {
        const decision = decideQuorum(rule, results, within(width))
        if (decision.kind !== 'undecided') return
        const { answered, best } = decision.reason
        expect(answered).toBe(results.length)
        expect(best + rule.n - answered).toBeLessThan(rule.k)
      }),
      { numRuns: 500 },
    )
  })
})
