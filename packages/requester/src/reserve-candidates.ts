import { type Candidate, createOfferIndex, match, type OfferEntry } from '@souk/market'
import type { Demand } from '@souk/protocol'
import type { MarketView } from './market-view.ts'

/** Providers that are asked for one reservation, the best offers first. */
const MOST_ASKED = 8

/**
 * Returns offers that may keep capacity for a demand later, best first: what is leased now may be free then. GPUs are
 * known by what is free of them now.
 */
export function reservable(
  { index, isProven }: Pick<MarketView, 'index' | 'isProven'>,
  demand: Demand,
  nowSeconds: number,
): readonly Candidate[] {
  const whole = createOfferIndex()
  for (const entry of index.all()) whole.put({ ...entry, offer: wholeOffer(entry) })
  return match(
    whole,
    { ...demand, maxRoundTripMs: null },
    { nowSeconds, isProven, requireBonded: true, limit: MOST_ASKED },
  ).candidates
}

/** Returns an offer as if nothing were taken of it; of one that does not say what is, as it is. */
function wholeOffer({ offer }: OfferEntry): OfferEntry['offer'] {
  const { free, leased, reserved } = offer
  const add = (amount: 'millicores' | 'memoryBytes') =>
    free[amount] + (leased?.[amount] ?? 0) + (reserved?.[amount] ?? 0)
  // Of the disk nobody says what is taken; the provider does when it is asked.
  const diskBytes = leased === undefined ? free.diskBytes : Number.MAX_SAFE_INTEGER
  return {
    ...offer,
    free: { ...free, millicores: add('millicores'), memoryBytes: add('memoryBytes'), diskBytes },
  }
}
