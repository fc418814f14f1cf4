import { type OfferClass, type OfferExchange, startOfferExchange } from '@souk/network'
import { BondedPeers } from './bonded-peers.ts'
import type { CourtSide } from './court-side.ts'
import type { ProviderOptions } from './provider-options.ts'
import type { ProviderParts } from './provider-parts.ts'

interface ExchangeHooks {
  /** Returns the sealed offer of now, or `null` for none. */
  current(ttlSeconds: number): Promise<Uint8Array | null>
  /** What this process has to do with the court: it hears of every offer that the chain confirms. */
  readonly court: CourtSide | null
  /** Hears by whose clock a confirmed offer was written, and when. */
  heard(peerId: string, dateMs: number): void
}

/** Tells others what is for sale here, and hears what they sell. Throws `NetworkError`. */
export function openExchange(
  { resources, dateMs }: Pick<ProviderOptions, 'resources' | 'dateMs'>,
  { node, chain }: ProviderParts,
  { current, court, heard }: ExchangeHooks,
): Promise<OfferExchange> {
  const competitors = new BondedPeers({
    lockable: async ({ account, subject }) => (await chain.ledger.cover(account, subject)).lockable,
    nowSeconds: () => dateMs() / 1000,
  })
  const families = new Set(resources.gpus.map((gpu) => gpu.family))
  const classes: OfferClass[] = ['cpu', ...[...families].map((family) => `gpu/${family}` as const)]
  return startOfferExchange(node, {
    publish: classes,
    hear: classes,
    current,
    bonded: () => [node.peerId, ...competitors.list()],
    onAnnouncement: async (found) => {
      if (!(await competitors.note(found))) return
      court?.announced(found)
      // What was fetched may have been written long ago.
      if (found.via === 'gossip') heard(found.peerId, found.announcement.seq)
    },
  })
}
