import { assert } from '@souk/protocol'
import { type DomainKind, domainKind } from './domains.ts'

/** What may be counted on: chances are those of the stretch that a plan is made for. */
export interface Member {
  readonly domains: readonly string[]
  /** Chance that it fails by itself, in [0, 1]: whatever its domains do. */
  readonly failure: number
}

/** Chance that a domain of a kind takes everything in it down at once, in [0, 1]. */
export type DomainFailures = Readonly<Record<DomainKind, number>>

/**
 * What we assume where nothing was measured. One operator's mistake is likelier than a site's outage; of those whose
 * place we do not know, one in twenty stretches takes all of them.
 */
export const DOMAIN_FAILURES: DomainFailures = {
  ...{ account: 0.01, relay: 0.02, net: 0.005, asn: 0.002, region: 0.001, unknown: 0.05 },
}

/**
 * Returns the chance that at least k of the members survive, in [0, 1], never more than it is.
 *
 * Members that share a domain, also by way of others, are one group, which stands while all of its domains do; given
 * that, each fails by itself. A programme over the groups adds up how many survive. Where domains overlap without
 * being the same that understates: a group is then taken down by what would leave some of it.
 */
export function survival(
  members: readonly Member[],
  k: number,
  failures: DomainFailures = DOMAIN_FAILURES,
): number {
  let chances = [1]
  for (const group of groupsOf(members)) chances = convolve(chances, groupChances(group, failures))
  return sum(chances.slice(Math.max(0, k)))
}

/** Splits members into groups that share no domain with each other, in the order of their last members. */
export function groupsOf(members: readonly Member[]): Member[][] {
  let groups: { domains: readonly string[]; members: Member[] }[] = []
  for (const member of members) {
    const joined = { domains: member.domains, members: [member] }
    const apart: typeof groups = []
    for (const group of groups) {
      if (!group.domains.some((domain) => member.domains.includes(domain))) apart.push(group)
      else {
        joined.domains = [...joined.domains, ...group.domains]
        joined.members = [...group.members, ...joined.members]
      }
    }
    groups = [...apart, joined]
  }
  return groups.map((group) => group.members)
}

/** Chances that 0, 1, … members of a group survive. */
function groupChances(group: readonly Member[], failures: DomainFailures): number[] {
  const domains = group.flatMap((member) => member.domains)
  let stands = 1
  domains.forEach((domain, i) => {
    if (domains.indexOf(domain) === i) stands *= 1 - failures[domainKind(domain)]
  })
  let chances = [1]
  for (const { failure } of group) {
    assert(failure >= 0 && failure <= 1, 'a failure is a chance')
    chances = convolve(chances, [failure, 1 - failure])
  }
  return chances.map((chance, alive) => chance * stands + (alive === 0 ? 1 - stands : 0))
}

function convolve(one: readonly number[], other: readonly number[]): number[] {
  const result = new Array<number>(one.length + other.length - 1).fill(0)
  for (let i = 0; i < result.length; i++) {
    for (let j = Math.max(0, i - one.length + 1); j < other.length && j <= i; j++) {
      result[i] = (result[i] ?? 0) + (one[i - j] ?? 0) * (other[j] ?? 0)
    }
  }
  return result
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
