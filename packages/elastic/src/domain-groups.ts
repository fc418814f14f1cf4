/** Domains that were lost at the same instant, and when last; updated in place. */
export interface DomainGroups {
  joined: { readonly domains: readonly string[]; readonly atMs: number }[]
}

/** Milliseconds for which what fell together counts as one: two days. */
export const JOINED_MS = 172_800_000
/** Such falls that are remembered, at most. */
const MOST_JOINED = 64

/** Creates groups of which nothing is known: every domain stands alone. */
export function createDomainGroups(): DomainGroups {
  return { joined: [] }
}

/** Takes in which domains lost replicas at one instant; two or more are one from then on. */
export function domainsFell(groups: DomainGroups, domains: readonly string[], nowMs: number): void {
  const fresh = groups.joined.filter(({ atMs }) => nowMs - atMs < JOINED_MS)
  const together = domains.length > 1 ? [{ domains: [...domains], atMs: nowMs }] : []
  groups.joined = [...fresh, ...together].slice(-MOST_JOINED)
}

/** Returns the name of the group that a domain is in: the least of those that fell together with it, by any way. */
export function groupOf(groups: DomainGroups, domain: string): string {
  const members = new Set([domain])
  for (let before = 0; before < members.size; ) {
    before = members.size
    for (const { domains } of groups.joined) {
      if (domains.some((each) => members.has(each))) for (const each of domains) members.add(each)
    }
  }
  return [...members].sort()[0] ?? domain
}
