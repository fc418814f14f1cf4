/** Leases that a provider may lose during one job before it is asked no more: each costs a start fee. */
const MOST_LOSSES = 3

/** How many leases of one job each provider has lost. */
export class PeerLosses {
  readonly #losses = new Map<string, number>()

  /** Counts one more loss of this peer. */
  count(peerId: string): void {
    this.#losses.set(peerId, this.of(peerId) + 1)
  }

  /** Returns how many leases this peer has lost. */
  of(peerId: string): number {
    return this.#losses.get(peerId) ?? 0
  }

  /** Returns the peers that have lost too many to be asked again. */
  losers(): string[] {
    return [...this.#losses].flatMap(([peerId, losses]) => (losses >= MOST_LOSSES ? [peerId] : []))
  }
}
