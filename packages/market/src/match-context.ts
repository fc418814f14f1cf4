import type { Offer } from '@souk/protocol'

/** What matching knows besides demand and offers. */
export interface MatchContext {
  readonly nowSeconds: number
  /** Measured round trips by peer; a peer without one passes, and is measured when it is asked for a quote. */
  readonly roundTripMs?: ReadonlyMap<string, number>
  /** Peers that could not be dialled. */
  readonly unreachable?: ReadonlySet<string>
  /** Peers not to be asked, for a reason of the caller's own. */
  readonly exclude?: ReadonlySet<string>
  /** Whether offers that the chain has not confirmed are left out; they are not unless told. */
  readonly requireBonded?: boolean
  /** Tells whether the GPUs behind an offer proved themselves to the caller, and were not caught since. */
  readonly isProven?: (offer: Offer) => boolean
}
