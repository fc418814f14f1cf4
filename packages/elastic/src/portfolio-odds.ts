import type { PortfolioGoal, PortfolioMember } from './portfolio.ts'

/** Share of the losses in a domain that take all of it: the others take one. */
export const WHOLE_SHARE = 0.5

/** Chances of domains that were worked out already, by domain and number of members. */
export type Odds = Map<string, readonly number[]>

/** Creates a memory for the odds of one plan: members of a domain must be taken in one order. */
export function createOdds(): Odds {
  return new Map()
}

/**
 * Returns the chance that fewer than the target are ready at an instant, in [0, 1]; 1 where there are not so many.
 *
 * A domain that is lost is down for the time of a repair: 1 − e^(−hazard × repair). Domains fail independently of each
 * other; within one, {@link WHOLE_SHARE} of the losses take all.
 */
export function shortChance(
  members: readonly PortfolioMember[],
  { target, repairMs }: Pick<PortfolioGoal, 'target' | 'repairMs'>,
  odds: Odds,
): number {
  if (members.length < target) return 1
  let chances: readonly number[] = [1]
  for (const [domain, inside] of Map.groupBy(members, (each) => each.domain)) {
    const key = `${domain} ${inside.length}`
    const known = odds.get(key) ?? domainChances(inside, repairMs)
    odds.set(key, known)
    chances = convolve(chances, known)
  }
  return Math.max(0, Math.min(1, 1 - chances.slice(target).reduce((sum, chance) => sum + chance, 0)))
}

/** Chances that 0, 1, … members of one domain are ready. */
function domainChances(members: readonly PortfolioMember[], repairMs: number): number[] {
  const down = 1 - Math.exp(-Math.max(...members.map((each) => each.domainHazard)) * repairMs)
  let alone: readonly number[] = [1]
  for (const { ownHazard } of members) {
    const failed = 1 - Math.exp(-ownHazard * repairMs)
    alone = convolve(alone, [failed, 1 - failed])
  }
  return alone.map((chance, ready) => {
    const oneMore = (alone[ready + 1] ?? 0) * down * (1 - WHOLE_SHARE)
    const none = ready === 0 ? down * WHOLE_SHARE + (alone[0] ?? 0) * down * (1 - WHOLE_SHARE) : 0
    return chance * (1 - down) + oneMore + none
  })
}

function convolve(a: readonly number[], b: readonly number[]): number[] {
  const result = new Array<number>(a.length + b.length - 1).fill(0)
  a.forEach((x, i) => {
    b.forEach((y, j) => {
      result[i + j] = (result[i + j] ?? 0) + x * y
    })
  })
  return result
}
