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
}
