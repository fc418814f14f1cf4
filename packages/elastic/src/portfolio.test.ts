import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createDomainGroups, domainsFell, groupOf, JOINED_MS } from './domain-groups.ts'
import {
  createDomainRecord,
  domainHazard,
  domainHeld,
  domainLost,
  domainRefused,
  neighbourLost,
  UNREST_MS,
} from './domain-record.ts'
import { type HeldMember, type PortfolioGoal, type PortfolioMember, planPortfolio } from './portfolio.ts'
import { createOdds, shortChance } from './portfolio-odds.ts'

const HOUR_MS = 3_600_000
const GOAL: PortfolioGoal = { target: 3, repairMs: 120_000, worthE12: 300_000n, most: 8 }

function offer(id: string, domain: string, change: Partial<PortfolioMember> = {}): PortfolioMember {
  const risk = { domainHazard: 1 / (6 * HOUR_MS), ownHazard: 0 }
  return { id, domain, isFirm: false, rateE12: 1_000n, ...risk, ...change }
}
const firm = (id: string) => offer(id, 'firm', { isFirm: true, rateE12: 3_000n, domainHazard: 0 })
const ready = (member: PortfolioMember): HeldMember => ({ ...member, isReady: true })

describe('a portfolio', () => {
  test('is spread over domains when one more than the target pays', () => {
    const offers = ['a', 'b', 'c', 'd'].flatMap((domain) =>
      [1, 2, 3].map((n) => offer(`${domain}${n}`, domain)),
    )
    const { acquire, release } = planPortfolio([], offers, GOAL)
    expect(acquire.map(({ domain }) => domain).sort()).toEqual(['a', 'b', 'c', 'd'])
    expect(release).toEqual([])
  })

  test('is no larger than its target where availability is worth little', () => {
    const offers = ['a', 'b', 'c', 'd'].map((domain) => offer(domain, domain))
    expect(planPortfolio([], offers, { ...GOAL, worthE12: 1_000n }).acquire).toHaveLength(3)
  })

  test('falls back to firm capacity where there is nothing else, or all else is about to go', () => {
    const firms = ['f1', 'f2', 'f3', 'f4'].map(firm)
    expect(planPortfolio([], firms, GOAL).acquire).toHaveLength(3)
    const shaky = [1, 2, 3, 4].map((n) => offer(`s${n}`, 'a', { domainHazard: 4 / HOUR_MS }))
    expect(planPortfolio([], [...firms, ...shaky], GOAL).acquire.filter((each) => each.isFirm)).toHaveLength(
      3,
    )
  })

  test('makes before it breaks when cheaper capacity comes back', () => {
    const held = ['f1', 'f2', 'f3'].map((id) => ready(firm(id)))
    const offers = ['a', 'b', 'c', 'd'].map((domain) => offer(domain, domain))
    const first = planPortfolio(held, offers, GOAL)
    expect(first).toMatchObject({ release: [] })
    expect(first.acquire).toHaveLength(4)
    const second = planPortfolio([...held, ...first.acquire.map(ready)], [], GOAL)
    expect(second.acquire).toEqual([])
    expect([...second.release].sort()).toEqual(['f1', 'f2', 'f3'])
  })

  test('stays as it is where a change would save little', () => {
    const held = ['a', 'b', 'c', 'd'].map((domain) => ready(offer(domain, domain)))
    const offers = ['e', 'f'].map((domain) => offer(domain, domain, { rateE12: 900n }))
    expect(planPortfolio(held, offers, GOAL)).toMatchObject({ acquire: [], release: [] })
  })

  const member = fc.record({
    domain: fc.constantFrom('a', 'b', 'c', 'd'),
    isFirm: fc.boolean(),
    rateE12: fc.bigInt({ min: 100n, max: 5_000n }),
    domainHazard: fc.double({ min: 0, max: 5 / HOUR_MS, noNaN: true }),
    ownHazard: fc.double({ min: 0, max: 1 / HOUR_MS, noNaN: true }),
    isReady: fc.boolean(),
  })

  test('never has more than its most, nor too few ready by its own doing, and leases what is on offer', () => {
    const some = fc.array(member, { maxLength: 8 })
    fc.assert(
      fc.property(
        some,
        some,
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 0, max: 4 }),
        (mine, theirs, target, more) => {
          const held = mine.slice(0, target + more).map((each, i) => ({ ...each, id: `held-${i}` }))
          const offers = theirs.map((each, i) => ({ ...each, id: `offer-${i}` }))
          const plan = planPortfolio(held, offers, { ...GOAL, target, most: target + more })
          expect(held.length + plan.acquire.length).toBeLessThanOrEqual(target + more)
          const left = held.filter(({ id, isReady }) => isReady && !plan.release.includes(id)).length
          expect(left).toBeGreaterThanOrEqual(Math.min(target, held.filter(({ isReady }) => isReady).length))
          for (const { id } of plan.acquire) expect(offers.some((each) => each.id === id)).toBe(true)
          expect(plan.short).toBeGreaterThanOrEqual(0)
          expect(plan.short).toBeLessThanOrEqual(1)
        },
      ),
      { numRuns: 300 },
    )
  })

  test('has the odds that a listing of all cases gives', () => {
    fc.assert(
      fc.property(fc.array(member, { maxLength: 5 }), fc.integer({ min: 1, max: 4 }), (members, target) => {
        const named = members.map((each, i) => ({ ...each, ownHazard: 0, id: `${i}` }))
        expect(shortChance(named, { ...GOAL, target }, createOdds())).toBeCloseTo(listed(named, target), 9)
      }),
    )
  })
})

/** Every domain stands, loses one, or loses all. */
function listed(members: readonly PortfolioMember[], target: number): number {
  const domains = [...Map.groupBy(members, ({ domain }) => domain).values()]
  const visit = (i: number, alive: number, chance: number): number => {
    const inside = domains[i]
    if (inside === undefined) return alive < target ? chance : 0
    const down = 1 - Math.exp(-Math.max(...inside.map((each) => each.domainHazard)) * GOAL.repairMs)
    return (
      visit(i + 1, alive + inside.length, chance * (1 - down)) +
      visit(i + 1, alive + inside.length - 1, chance * down * 0.5) +
      visit(i + 1, alive, chance * down * 0.5)
    )
  }
  return visit(0, 0, 1)
}

describe('what is known of a domain', () => {
  test('falls with the time that it held, and rises with losses for a while', () => {
    const record = createDomainRecord(0)
    const fresh = domainHazard(record, 0)
    for (let hour = 1; hour <= 6; hour++) domainHeld(record, 1, hour * HOUR_MS)
    const proven = domainHazard(record, 6 * HOUR_MS)
    expect(proven).toBeLessThan(fresh)
    domainLost(record)
    const shaken = domainHazard(record, 6 * HOUR_MS)
    expect(shaken).toBeGreaterThan(proven + 0.4 / HOUR_MS)
    expect(domainHazard(record, 6 * HOUR_MS + 5 * UNREST_MS)).toBeLessThan(shaken / 2)
  })

  test('is shaken by its neighbours, and by having nothing to give', () => {
    const [calm, near, empty] = [createDomainRecord(0), createDomainRecord(0), createDomainRecord(0)]
    neighbourLost(near)
    domainRefused(empty, 0)
    expect(domainHazard(near, 0)).toBeGreaterThan(domainHazard(calm, 0))
    expect(domainHazard(empty, 0)).toBeGreaterThan(domainHazard(calm, 0))
  })

  test('joins those that fell together, by any way, until that is long ago', () => {
    const groups = createDomainGroups()
    domainsFell(groups, ['c', 'b'], 0)
    domainsFell(groups, ['a'], 1)
    domainsFell(groups, ['b', 'd'], 2)
    expect(['a', 'b', 'c', 'd'].map((each) => groupOf(groups, each))).toEqual(['a', 'b', 'b', 'b'])
    domainsFell(groups, [], JOINED_MS + 2)
    expect(groupOf(groups, 'd')).toBe('d')
  })
})
