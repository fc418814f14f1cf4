import { addressRange } from '@souk/availability'
import {
  type Candidate,
  createOfferIndex,
  type Matched,
  match,
  type OfferEntry,
  type OfferIndex,
  requireCandidates,
} from '@souk/market'
import {
  connectedAddresses,
  measureRoundTrip,
  type OfferExchange,
  type OfferExchangeOptions,
  type PeerTarget,
  type SoukNode,
  startOfferExchange,
} from '@souk/network'
import type { Demand, Hex, Offer } from '@souk/protocol'

/** Offers whose round trip is measured for one demand: the best by price, a second or two of pings. */
const MEASURED = 32

/** Processes whose addresses are remembered beyond their offers. */
const MOST_WHEREABOUTS = 20_000

/** What the view needs besides the node. */
export interface MarketViewOptions {
  readonly node: SoukNode
  readonly hear: OfferExchangeOptions['hear']
  /** Ways of finding offers that are switched off by false; all are on unless told. */
  readonly gossip?: boolean
  readonly directory?: boolean
  readonly dht?: boolean
  dateMs(): number
  /** Asks the chain whether account, delegate and free balance stand behind an offer (PROTOCOL §4). */
  isBonded(offer: Offer): Promise<boolean>
  /** Tells whether the GPUs behind an offer proved themselves to us, and were not caught since. */
  isProven(offer: Offer): boolean
}

/** The offers this requester knows, and which of them fit a demand. */
export interface MarketView {
  readonly index: OfferIndex
  readonly isProven: MarketViewOptions['isProven']
  /** Returns where the process with this key was last known to be. */
  whereIs(subject: Hex): PeerTarget | undefined
  /** Measures the round trips that a demand bounds, of the best offers that fit otherwise. */
  measure(demand: Demand): Promise<void>
  /** Returns the offers that fit, best first, and for every other one why not. */
  match(demand: Demand, exclude?: ReadonlySet<string>): Matched
  /** Like `match`, but throws `MatchError` `NO_OFFER` with the reasons in one sentence when nothing fits. */
  require(demand: Demand, exclude?: ReadonlySet<string>): readonly [Candidate, ...Candidate[]]
  stop(): Promise<void>
}

/** Joins the network's offer exchange as a buyer. */
export async function openMarketView(options: MarketViewOptions): Promise<MarketView> {
  const { node, isBonded, isProven, dateMs, ...ways } = options
  const index = createOfferIndex()
  const nowSeconds = () => dateMs() / 1000
  const verifyOne = async (peerId: string, offer: Offer) => {
    const bonded = await isBonded(offer).catch(() => undefined)
    if (bonded !== undefined) index.setBonded(peerId, bonded)
  }
  const roundTripMs = new Map<string, number>()
  const unreachable = new Set<string>()
  const whereabouts = new Map<Hex, PeerTarget>()
  const measureOne = async ({ peerId, offer: { addresses } }: OfferEntry) => {
    try {
      roundTripMs.set(peerId, await measureRoundTrip(node, { peerId, addresses }))
      unreachable.delete(peerId)
    } catch {
      unreachable.add(peerId)
    }
  }
  const exchange: OfferExchange = await startOfferExchange(node, {
    ...ways,
    publish: [],
    current: () => null,
    bonded: () => index.all().flatMap((entry) => (entry.bonded ? [entry.peerId] : [])),
    onAnnouncement({ peerId, announcement, via }) {
      if (announcement.kind === 'tombstone') {
        index.withdraw(peerId, announcement.seq)
        roundTripMs.delete(peerId)
        unreachable.delete(peerId)
        return
      }
      const { subject, addresses } = announcement
      remember(whereabouts, subject, { peerId, addresses })
      // A peer that only watches says where it is, and sells nothing.
      if (announcement.runtimes.length === 0) return
      const addressRange = rangeOf(node, peerId)
      const received = { receivedAtSeconds: nowSeconds(), addressRange, bonded: false }
      index.put({ peerId, offer: announcement, via, ...received })
      void verifyOne(peerId, announcement)
    },
  })
  const view: MarketView = {
    index,
    isProven,
    match(demand, exclude = new Set()) {
      index.expire(nowSeconds())
      return match(index, demand, {
        nowSeconds: nowSeconds(),
        exclude,
        roundTripMs,
        unreachable,
        isProven,
        requireBonded: true,
      })
    },
    whereIs: (subject) => whereabouts.get(subject),
    async measure(demand) {
      if (demand.maxRoundTripMs === null) return
      const { candidates } = match(
        index,
        { ...demand, maxRoundTripMs: null },
        { nowSeconds: nowSeconds(), isProven, requireBonded: true, limit: MEASURED },
      )
      await Promise.all(candidates.map(({ entry }) => measureOne(entry)))
    },
    require(demand, exclude) {
      return requireCandidates(view.match(demand, exclude))
    },
    stop: () => exchange.stop(),
  }
  return view
}

/** Returns the range of an address that we dialled and that answers; null where there is none, or it has no place. */
function rangeOf(node: SoukNode, peerId: string): string | null {
  const ranges = connectedAddresses(node, peerId, 'outbound').map(addressRange)
  return ranges.find((range) => range !== null) ?? null
}

function remember(whereabouts: Map<Hex, PeerTarget>, subject: Hex, target: PeerTarget): void {
  whereabouts.delete(subject)
  whereabouts.set(subject, target)
  const [oldest] = whereabouts.keys()
  if (whereabouts.size > MOST_WHEREABOUTS && oldest !== undefined) whereabouts.delete(oldest)
}
