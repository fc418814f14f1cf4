import type { Demand, Offer } from '@souk/protocol'
import { matchesGlob } from './glob.ts'
import type { IndexedOffer, OfferEntry } from './offer-entry.ts'
import type { Query } from './query.ts'
import { isSurelyAbove, type Rates } from './rates.ts'

/** An offer that fits, with the demand's price at that provider. */
export interface Candidate {
  readonly entry: OfferEntry
  /** Base units × 1e12 per second. */
  readonly rateE12: bigint
}

/**
 * Returns the best `limit` offers: those whose GPUs nothing speaks against, then by price, then the faster core, then
 * the peer id's bytes.
 *
 * One pass that keeps the best so far sorted; most offers are turned away by one comparison of floats.
 */
export function rank(entries: readonly IndexedOffer[], query: Query, limit: number): Candidate[] {
  const { rates } = query
  const compare = comparator(rates, markedBy(entries, query))
  const best = limit < entries.length ? selectBest(entries, limit, compare) : entries.toSorted(compare)
  return best.map((entry) => ({ entry, rateE12: rates.exact(entry.priceList) }))
}

type Compare = (a: IndexedOffer, b: IndexedOffer) => number

function comparator(rates: Rates, marked: ReadonlySet<IndexedOffer>): Compare {
  return (a, b) => {
    if (marked.size > 0 && marked.has(a) !== marked.has(b)) return marked.has(a) ? 1 : -1
    const cheaper = a.priceList === b.priceList ? 0 : compareRates(a, b, rates)
    if (cheaper !== 0) return cheaper
    const faster = b.offer.coreMibPerSecond - a.offer.coreMibPerSecond
    if (faster !== 0) return faster
    // Peer ids are ASCII, where this is the order of the bytes.
    return a.peerId < b.peerId ? -1 : 1
  }
}

function markedBy(entries: readonly IndexedOffer[], { demand }: Query): ReadonlySet<IndexedOffer> {
  if (demand.resources.gpu === null) return new Set()
  return new Set(entries.filter(({ offer }) => isMarked(offer, demand)))
}

/** Tells whether an offer has a mark on a model of GPU that the demand may get. */
export function isMarked({ gpuClasses }: Offer, { resources: { gpu } }: Demand): boolean {
  if (gpu === null) return false
  return gpuClasses.some(
    ({ family, model, marks }) => marks.length > 0 && family === gpu.family && matchesGlob(gpu.model, model),
  )
}

function compareRates({ priceList: a }: IndexedOffer, { priceList: b }: IndexedOffer, rates: Rates): number {
  const [roughA, roughB] = [rates.approximate(a), rates.approximate(b)]
  if (isSurelyAbove(roughA, roughB)) return 1
  if (isSurelyAbove(roughB, roughA)) return -1
  const [exactA, exactB] = [rates.exact(a), rates.exact(b)]
  return exactA === exactB ? 0 : exactA > exactB ? 1 : -1
}

function selectBest(entries: readonly IndexedOffer[], limit: number, compare: Compare): IndexedOffer[] {
  const best: IndexedOffer[] = []
  if (limit === 0) return best
  for (const entry of entries) {
    const worst = best.length < limit ? undefined : best.at(-1)
    if (worst !== undefined && compare(entry, worst) >= 0) continue
    if (worst !== undefined) best.pop()
    best.splice(insertionPoint(best, entry, compare), 0, entry)
  }
  return best
}

/** Returns where `next` belongs in the sorted list. */
function insertionPoint(sorted: readonly IndexedOffer[], next: IndexedOffer, compare: Compare): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const at = sorted[middle]
    if (at !== undefined && compare(at, next) <= 0) low = middle + 1
    else high = middle
  }
  return low
}
