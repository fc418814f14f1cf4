import { BoundedEntries, type OfferIndexBounds } from './bounded-entries.ts'
import type { IndexedOffer, OfferEntry } from './offer-entry.ts'
import { type SnapshotOptions, snapshot } from './snapshot.ts'
import { createTombstones } from './tombstones.ts'

/** The bounds of docs/LIMITS.md: 20,000 offers of at most 2 KiB are 40 MiB. */
export const OFFER_INDEX_BOUNDS: OfferIndexBounds = { total: 20_000, perAccount: 64, perAddressRange: 256 }

/** Withdrawals remembered, so that a late copy of the withdrawn offer does not bring it back. */
const MAX_TOMBSTONES = 20_000

/** What became of an offer that was put: `stale` is older than what is known, `refused` finds no room. */
export type PutOutcome = 'added' | 'replaced' | 'stale' | 'refused'

/** The offers that this peer knows: the newest of each provider, bounded. */
export interface OfferIndex {
  /**
   * Takes in a verified offer; the higher `seq` of a peer wins. A replacement keeps the first `via`, and the
   * bond while account and subject are the same. Where a bound is met, the oldest unbonded offer within that
   * bound makes room; without one the new offer is refused, and the peer's older offer is gone too.
   */
  put(entry: OfferEntry): PutOutcome
  /** Forgets a peer's offers up to `seq`; tells whether one was there. */
  withdraw(peerId: string, seq: number): boolean
  /** Drops offers whose time is over and returns them. */
  expire(nowSeconds: number): OfferEntry[]
  /** Records what the chain says about the account behind a peer's offer. */
  setBonded(peerId: string, bonded: boolean): void
  get(peerId: string): OfferEntry | undefined
  /** Returns every offer, the longest known first. The list stays as it is when the index changes. */
  all(): readonly IndexedOffer[]
  /** Picks offers to tell another peer about: bonded ones first, then those heard last. */
  snapshot(options: SnapshotOptions): OfferEntry[]
  readonly size: number
}

/** Creates an empty index. */
export function createOfferIndex(bounds: OfferIndexBounds = OFFER_INDEX_BOUNDS): OfferIndex {
  const entries = new BoundedEntries(bounds)
  const tombstones = createTombstones(MAX_TOMBSTONES)
  return {
    put(entry) {
      const { peerId, offer, receivedAtSeconds } = entry
      const previous = entries.get(peerId)
      const newest = Math.max(previous?.offer.seq ?? -1, tombstones.get(peerId) ?? -1)
      if (offer.seq <= newest || offer.expires <= receivedAtSeconds) return 'stale'
      entries.delete(peerId)
      if (!entries.add(previous === undefined ? entry : succeed(previous, entry))) return 'refused'
      return previous === undefined ? 'added' : 'replaced'
    },
    withdraw(peerId, seq) {
      tombstones.add(peerId, seq)
      const known = entries.get(peerId)
      if (known === undefined || known.offer.seq > seq) return false
      entries.delete(peerId)
      return true
    },
    expire(nowSeconds) {
      const over = entries.all().filter((entry) => entry.offer.expires <= nowSeconds)
      for (const entry of over) entries.delete(entry.peerId)
      return over
    },
    setBonded(peerId, bonded) {
      const entry = entries.get(peerId)
      if (entry !== undefined && entry.bonded !== bonded) entries.replace({ ...entry, bonded })
    },
    get: (peerId) => entries.get(peerId),
    all: () => entries.all(),
    snapshot: (options) => snapshot(entries.all(), options),
    get size() {
      return entries.size
    },
  }
}

function succeed(previous: OfferEntry, next: OfferEntry): OfferEntry {
  const isSameSeller =
    previous.offer.account === next.offer.account && previous.offer.subject === next.offer.subject
  return {
    ...next,
    via: previous.via,
    addressRange: next.addressRange ?? previous.addressRange,
    bonded: next.bonded || (isSameSeller && previous.bonded),
  }
}
