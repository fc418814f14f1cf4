import { assert } from '@souk/protocol'
import { createOdds, type Odds, shortChance } from './portfolio-odds.ts'

/** A replica that is held or could be. */
export interface PortfolioMember {
  readonly id: string
  /** What is likely to take it down together with others. */
  readonly domain: string
  /** Capacity that is not taken away: a lease with a bond to lose, one's own machine. */
  readonly isFirm: boolean
  /** Base units × 1e12 per second. */
  readonly rateE12: bigint
  /** Losses per millisecond to expect of its domain now, and of itself alone (`reliability`). */
  readonly domainHazard: number
  readonly ownHazard: number
}

/** One that is held. */
export interface HeldMember extends PortfolioMember {
  readonly isReady: boolean
}

/** What the pool wants of its portfolio. */
export interface PortfolioGoal {
  /** Replicas that must be ready. */
  readonly target: number
  /** Milliseconds from a loss until its replacement serves. */
  readonly repairMs: number
  /** What a second with fewer than the target costs, base units × 1e12: how much availability is worth. */
  readonly worthE12: bigint
  /** Replicas at most, those included that are about to be let go. */
  readonly most: number
}

/** What to do, and what the portfolio would then be. */
export interface PortfolioPlan {
  /** Offers to lease, the safest first. */
  readonly acquire: readonly PortfolioMember[]
  /** Ids to let go now; what is still needed until its replacement is ready stays. */
  readonly release: readonly string[]
  /** Chance that fewer than the target are ready at an instant, in [0, 1]. */
  readonly short: number
  /** Base units × 1e12 per second. */
  readonly rateE12: bigint
}

/** Share of a member's price that a change must save: less would go back and forth. */
export const CHANGE_MARGIN = 0.25

/**
 * Plans which offers to lease and which replicas to let go.
 *
 * Of the sets that are looked at the one with the least `price + worth × P(fewer than target)` is taken, where a member
 * that would be new costs {@link CHANGE_MARGIN} more. So over-provision and firm capacity are bought only while they
 * pay. The sets: so many firm ones, and so many others spread evenly over so many of the best domains, the cheapest of
 * each. Make before break: nothing that is ready and needed goes. After SpotHedge (Mao et al., "SkyServe", EuroSys
 * 2025), whose one extra replica and whole fallback are fixed.
 */
export function planPortfolio(
  held: readonly HeldMember[],
  offers: readonly PortfolioMember[],
  goal: PortfolioGoal,
): PortfolioPlan {
  assert(goal.most >= goal.target, 'a portfolio has room for its target')
  const chosen = bestSet(held, offers, goal)
  const acquire = chosen.filter(({ id }) => !held.some((each) => each.id === id))
  return {
    acquire: acquire.sort(safestFirst).slice(0, Math.max(0, goal.most - held.length)),
    release: chooseReleases(held, chosen, goal),
    short: shortChance(chosen, goal, createOdds()),
    rateE12: chosen.reduce((sum, each) => sum + each.rateE12, 0n),
  }
}

/** What may be taken of one domain, the cheapest first, with running sums of what it costs. */
interface Group {
  readonly members: readonly PortfolioMember[]
  /** Cost of the first n of them, changes included. */
  readonly costs: readonly number[]
}

function bestSet(
  held: readonly HeldMember[],
  offers: readonly PortfolioMember[],
  goal: PortfolioGoal,
): PortfolioMember[] {
  const kept = new Set(held.map(({ id }) => id))
  const costOf = ({ id, rateE12 }: PortfolioMember) =>
    Number(rateE12) * (kept.has(id) ? 1 : 1 + CHANGE_MARGIN)
  const all = [...held, ...offers]
  const groups = (isFirm: boolean) =>
    groupsOf(
      all.filter((each) => each.isFirm === isFirm),
      goal,
      costOf,
    )
  const missing = Number(goal.worthE12) + 2 * Math.max(0, ...all.map(costOf))
  const context = { odds: createOdds(), missing }
  let best: { set: PortfolioMember[]; cost: number } | null = null
  for (const firm of spreads(groups(true), 0, goal)) {
    for (const spot of spreads(groups(false), firm.count, goal)) {
      const price = firm.cost + spot.cost
      if (best !== null && price >= best.cost) continue
      const set = [...firm.take(), ...spot.take()]
      const cost = price + shortCost(set, goal, context)
      if (best === null || cost < best.cost) best = { set, cost }
    }
  }
  return best?.set ?? []
}

/** Domains by what their cheapest member costs with its risk, the best first; each with as many as could be used. */
function groupsOf(
  members: readonly PortfolioMember[],
  { most, worthE12, repairMs }: PortfolioGoal,
  costOf: (member: PortfolioMember) => number,
): Group[] {
  const risk = ({ domainHazard, ownHazard }: PortfolioMember) =>
    Number(worthE12) * (1 - Math.exp(-(domainHazard + ownHazard) * repairMs))
  const worth = (member: PortfolioMember) => costOf(member) + risk(member)
  return [...Map.groupBy(members, ({ domain }) => domain).values()]
    .map((inside) => inside.sort((a, b) => worth(a) - worth(b)).slice(0, most))
    .sort(([a], [b]) => (a === undefined || b === undefined ? 0 : worth(a) - worth(b)))
    .map((inside) => ({ members: inside, costs: runningSums(inside.map(costOf)) }))
}

/** Returns 0, the first, the first two together, and so on. */
function runningSums(values: readonly number[]): number[] {
  const sums = [0]
  for (const value of values) sums.push((sums.at(-1) ?? 0) + value)
  return sums
}

interface Spread {
  readonly count: number
  readonly cost: number
  take(): PortfolioMember[]
}

/** Every number of members, none included, spread evenly over every number of the best domains. */
function* spreads(groups: readonly Group[], taken: number, { most }: PortfolioGoal): Generator<Spread> {
  yield { count: 0, cost: 0, take: () => [] }
  for (let wide = 1; wide <= groups.length; wide++) {
    for (let count = wide; count <= most - taken; count++) {
      const used = groups.slice(0, wide)
      const share = (i: number) => Math.floor(count / wide) + (i < count % wide ? 1 : 0)
      if (used.some(({ members }, i) => members.length < share(i))) break
      const cost = used.reduce((sum, { costs }, i) => sum + (costs[share(i)] ?? 0), 0)
      yield { count, cost, take: () => used.flatMap(({ members }, i) => members.slice(0, share(i))) }
    }
  }
}

/** What being short costs per second; below the target each missing one counts for more than any costs. */
function shortCost(
  members: readonly PortfolioMember[],
  goal: PortfolioGoal,
  { odds, missing }: { odds: Odds; missing: number },
): number {
  const reached = { ...goal, target: Math.min(goal.target, members.length) }
  const lacks = Math.max(0, goal.target - members.length)
  return lacks * missing + Number(goal.worthE12) * shortChance(members, reached, odds)
}

/** What was not chosen, the dearest first, as long as as many are ready as the target wants. */
function chooseReleases(
  held: readonly HeldMember[],
  chosen: readonly PortfolioMember[],
  { target }: PortfolioGoal,
): string[] {
  const unwanted = held.filter(({ id }) => !chosen.some((each) => each.id === id))
  let spare = held.filter(({ isReady }) => isReady).length - Math.min(target, chosen.length)
  return unwanted
    .sort((a, b) => Number(b.rateE12 - a.rateE12))
    .filter(({ isReady }) => !isReady || spare-- > 0)
    .map(({ id }) => id)
}

function safestFirst(a: PortfolioMember, b: PortfolioMember): number {
  return a.domainHazard + a.ownHazard - (b.domainHazard + b.ownHazard)
}
