import { bondOf } from '@souk/market'
import type { Offer } from '@souk/protocol'
import type { ChainLink } from '@souk/settlement'

/** Asks the chain whether an offer's delegate is authorised and has a balance to bond with. */
export async function standsBehind(chain: ChainLink, offer: Offer): Promise<boolean> {
  const cover = await chain.ledger.cover(offer.account, offer.subject)
  return cover.lockable >= bondOf(offer)
}
