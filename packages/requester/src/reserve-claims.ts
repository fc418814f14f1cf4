import type { Purchase } from '@souk/engine'
import {
  type Candidate,
  type OfferEntry,
  rateE12,
  remainderOf,
  requirementsRateE12,
  takeResources,
} from '@souk/market'
import type { Demand, Hex } from '@souk/protocol'
import type { Held } from './reserve-decide.ts'

/** Seconds that a reservation must last for a lease of it: it would be over at once. */
const LEAST_LEASE_SECONDS = 5

/** A reservation of which a lease can be had now. */
export interface Claimable {
  readonly lease: Hex
  readonly entry: OfferEntry
  /** What is asked of it: no longer than it lasts. */
  readonly demand: Demand
}

/**
 * Returns the reservations of which a lease that fits can be had now, one of each provider that is not excluded;
 * `leases` are those that there are.
 */
export function claimableAmong(
  held: readonly Pick<Held, 'purchase' | 'record'>[],
  leases: readonly Pick<Purchase, 'terms'>[],
  demand: Demand,
  excluded: ReadonlySet<string>,
  nowSeconds: number,
): Claimable[] {
  const peers = new Set(excluded)
  const found: Claimable[] = []
  for (const one of held) {
    const { lease, peerId, terms } = one.purchase
    const seconds = Math.min(demand.durationSeconds, (terms.hold?.until ?? 0) - nowSeconds)
    const isTime = nowSeconds >= (terms.hold?.from ?? 0) && seconds >= LEAST_LEASE_SECONDS
    if (!isTime || peers.has(peerId) || !fits(one.purchase, leases, demand)) continue
    peers.add(peerId)
    found.push({ lease, entry: entryOf(one, nowSeconds), demand: { ...demand, durationSeconds: seconds } })
  }
  return found
}

/** Returns reservations as offers, at the prices that were agreed. */
export function offersOf(kept: readonly Claimable[]): Candidate[] {
  return kept.map(({ entry, demand }) => {
    return { entry, rateE12: requirementsRateE12(entry.offer.prices, demand.resources) }
  })
}

/** Puts what is kept for us before what others sell, and in the place of what its providers sell beside that. */
export function keptFirst(
  kept: readonly Claimable[],
  candidates: readonly Candidate[],
): (Candidate & { readonly kept?: boolean })[] {
  const keepers = new Set(kept.map(({ entry }) => entry.peerId))
  const own = offersOf(kept).map((one) => ({ ...one, kept: true }))
  return [...own, ...candidates.filter(({ entry }) => !keepers.has(entry.peerId))]
}

/** Tells whether what no lease has of a reservation satisfies a demand, at a price that this allows. */
function fits(
  { lease, terms }: Purchase,
  leases: readonly Pick<Purchase, 'terms'>[],
  demand: Demand,
): boolean {
  const { hold, resources, runtime } = terms
  if (hold === undefined || runtime !== demand.runtime) return false
  const taken = leases.flatMap((one) => (one.terms.predecessor === lease ? [one.terms.resources] : []))
  const given = takeResources(remainderOf(resources, taken), demand.resources)
  return given !== null && (demand.maxRateE12 === null || rateE12(hold.prices, given) <= demand.maxRateE12)
}

/** Returns the offer that a reservation stands for: its provider's, at the prices that were agreed. */
function entryOf({ purchase, record }: Pick<Held, 'purchase' | 'record'>, nowSeconds: number): OfferEntry {
  const { peerId, terms, addresses } = purchase
  const prices = terms.hold?.prices ?? record.offer.prices
  return {
    peerId,
    offer: { ...record.offer, prices, addresses, free: terms.resources },
    ...{ via: 'direct', addressRange: null, bonded: true, receivedAtSeconds: nowSeconds },
  }
}
