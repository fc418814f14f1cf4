import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cannotGive, percent } from './availability-error.ts'
import { type PlanCandidate, planAvailability, standingOf } from './availability-plan.ts'

const candidate: fc.Arbitrary<Omit<PlanCandidate, 'peerId'>> = fc
  .record({
    account: fc.constantFrom('a', 'b', 'c', 'd'),
    net: fc.constantFrom('net:1', 'net:2', 'net:3', 'unknown'),
    rateE12: fc.bigInt({ min: 1n, max: 9n }),
    failure: fc.double({ min: 0, max: 0.4, noNaN: true }),
    held: fc.boolean(),
  })
  .map(({ net, ...rest }) => ({ ...rest, domains: [`account:${rest.account}`, net] }))
const market = fc
  .array(candidate, { maxLength: 8 })
  .map((list) => list.map((one, i) => ({ ...one, peerId: `p${i}` })))
const goal = fc.record({
  k: fc.integer({ min: 1, max: 3 }),
  target: fc.double({ min: 0.5, max: 0.99, noNaN: true }),
})

function one(peerId: string, net: string, rateE12: bigint, failure = 0.1): PlanCandidate {
  return { peerId, account: peerId, rateE12, failure, domains: [`account:${peerId}`, net] }
}

describe('a plan for a job', () => {
  it('chooses among those that there are, states what they cost together and what is unknown, and keeps its word', () => {
    fc.assert(
      fc.property(market, goal, (list, wanted) => {
        const plan = planAvailability(list, wanted)
        const { chosen } = plan
        if (chosen === null) {
          expect(plan.kind).toBe('short')
          return
        }
        const members = list.filter(({ peerId }) => chosen.peers.includes(peerId))
        expect(members).toHaveLength(chosen.peers.length)
        expect(chosen.rateE12).toBe(members.reduce((sum, { rateE12 }) => sum + rateE12, 0n))
        expect(chosen.unknown).toBe(members.filter(({ domains }) => domains.includes('unknown')).length)
        expect(chosen.survival >= wanted.target).toBe(plan.kind === 'plan')
        expect(standingOf(members, wanted.k)).toBeCloseTo(chosen.survival, 12)
        if (wanted.k > 1) expect(new Set(members.map(({ account }) => account)).size).toBe(members.length)
      }),
    )
  })

  it('spreads over places although that costs more', () => {
    const offers = [one('a', 'net:1', 1n), one('b', 'net:1', 2n), one('c', 'net:2', 9n)]
    const plan = planAvailability(offers, { k: 1, target: 0.98 })
    expect(plan).toMatchObject({ kind: 'plan', chosen: { peers: ['a', 'c'], rateE12: 10n, unknown: 0 } })
  })

  it('takes nobody whose place is not known for spread', () => {
    const offers = ['a', 'b', 'c', 'd'].map((id) => one(id, 'unknown', 1n))
    const plan = planAvailability(offers, { k: 1, target: 0.98 })
    expect(plan).toMatchObject({ kind: 'short', chosen: { unknown: 1 } })
    expect(plan.chosen?.peers).toHaveLength(1)
    expect(plan.chosen?.survival).toBeLessThan(0.95)
  })

  it('counts a lease that is held as paid, and replaces only what is lost', () => {
    const held = { ...one('a', 'net:1', 9n), held: true }
    const plan = planAvailability([held, one('b', 'net:2', 1n), one('c', 'net:3', 2n)], {
      k: 1,
      target: 0.98,
    })
    expect(plan.chosen?.peers.toSorted()).toEqual(['a', 'b'])
  })
})

describe('what a market lacks', () => {
  const GOAL = { k: 1, target: 0.999, seconds: 600 }
  const lackOf = (offers: readonly PlanCandidate[], k = 1) => {
    const plan = planAvailability(offers, { ...GOAL, k })
    if (plan.kind === 'plan') throw new Error('the market can give it')
    return cannotGive(plan, { ...GOAL, k })
  }

  it('is said with the best that it can give', () => {
    const [few, near, weak] = [
      lackOf([one('a', 'net:1', 1n)], 2),
      lackOf(['a', 'b', 'c', 'd', 'e'].map((id) => one(id, 'net:1', 1n, 0.0001))),
      lackOf([one('a', 'net:1', 1n), one('b', 'net:2', 1n)]),
    ]
    expect([few, near, weak].map((error) => error.data.reason)).toEqual([
      'offers',
      'reliability',
      'reliability',
    ])
    expect([few.data.best, weak.data.peers]).toEqual([null, ['a', 'b']])
    expect(weak.data.best).toBeGreaterThan(0.9)
    expect(weak.message).toContain('99.9 %')
    expect(lackOf([one('a', 'unknown', 1n)]).message).toContain('--domains')
    expect(weak.message).not.toContain('--domains')
  })

  it.each([
    [0.5, '50 %'],
    [0.999, '99.9 %'],
    [0.98765, '98.76 %'],
    [0.9999, '99.99 %'],
    [1, '100 %'],
    [0, '0 %'],
  ])('shows %d as %s', (chance, shown) => {
    expect(percent(chance)).toBe(shown)
  })
})
