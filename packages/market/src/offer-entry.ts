import type { Offer, Prices } from '@souk/protocol'

/** How an offer came to us. */
export type OfferVia = 'gossip' | 'dht' | 'directory' | 'direct'

/** A verified offer with what we know about it. */
export interface OfferEntry {
  readonly peerId: string
  readonly offer: Offer
  /** The first way in which an offer of this peer was heard. */
  readonly via: OfferVia
  /** The /24 or /48 of an address that we dialled; null while unknown, private or loopback. */
  readonly addressRange: string | null
  /** Whether the chain confirmed the account behind the offer. */
  readonly bonded: boolean
  readonly receivedAtSeconds: number
}

/** An entry of an index, with what matching reads first copied up: following references costs the most there. */
export interface IndexedOffer extends OfferEntry {
  /** Shared by all entries with the same prices. */
  readonly priceList: PriceList
  /** Unix seconds. */
  readonly expires: number
  readonly millicores: number
  readonly memoryBytes: number
  readonly diskBytes: number
}

/** Unit prices, exactly and rounded to floating point. */
export interface PriceList {
  readonly exact: Prices
  readonly coreSecondE12: number
  readonly gibSecondE12: number
  readonly gpuSecondE12: number
}

/** Makes the entry of an index. */
export function indexedOffer(entry: OfferEntry, priceList: PriceList): IndexedOffer {
  const { millicores, memoryBytes, diskBytes } = entry.offer.free
  return { ...entry, priceList, expires: entry.offer.expires, millicores, memoryBytes, diskBytes }
}
