import type { Demand } from '@souk/protocol'
import type { IndexedOffer, OfferEntry } from './offer-entry.ts'
import { prepareQuery } from './query.ts'
import { brokenRule, rulesFor } from './rules.ts'

/** What a directory answer is cut down to. */
export interface SnapshotOptions {
  /** Offers at most. */
  readonly limit: number
  /** Only offers that fit; all of them unless told. */
  readonly demand?: Demand
  /** Offers that end by then are left out; none unless told. */
  readonly nowSeconds?: number
}

/** Picks offers to tell another peer about: bonded ones first, then those heard last. */
export function snapshot(
  entries: readonly IndexedOffer[],
  { limit, demand, nowSeconds = 0 }: SnapshotOptions,
): OfferEntry[] {
  return entries
    .filter((entry) => entry.expires > nowSeconds)
    .filter(demand === undefined ? () => true : fitting(demand, nowSeconds))
    .sort((a, b) => Number(b.bonded) - Number(a.bonded) || b.receivedAtSeconds - a.receivedAtSeconds)
    .slice(0, limit)
}

function fitting(demand: Demand, nowSeconds: number): (entry: IndexedOffer) => boolean {
  const query = prepareQuery(demand, { nowSeconds })
  const rules = rulesFor(query)
  return (entry) => brokenRule(entry, query, rules) === undefined
}
