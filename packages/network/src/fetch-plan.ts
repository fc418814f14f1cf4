/** Why a peer does not give a block. */
export type Lack = 'missing' | 'not-authorised'

/** Peers that may be asked for one block at the same time: at the end of a transfer the fast help the slow. */
const HOLDERS = 2
/** Blocks of others that an idle peer takes over in one request: what comes twice is wasted. */
const STOLEN_BLOCKS = 2

/**
 * Which peer is asked for which of the blocks that a transfer needs: each open block goes to whoever asks next, so
 * that a fast peer gets more; when none is open, an idle peer is asked for the last blocks of the one with the most
 * to do, each at most once more.
 */
export class FetchPlan {
  /** Blocks that nobody is asked for, in order. */
  readonly #open: Set<string>
  /** By peer, the blocks it is asked for, in order. */
  readonly #asked = new Map<string, Set<string>>()
  /** By peer, the blocks it does not give. */
  readonly #lacks = new Map<string, Map<string, Lack>>()
  readonly #left: Set<string>

  constructor(cids: Iterable<string>) {
    this.#left = new Set(cids)
    this.#open = new Set(this.#left)
  }

  /** Blocks that have not come. */
  get left(): number {
    return this.#left.size
  }

  /** Returns up to `most` blocks that `peer` is asked for next; none when it cannot help now. */
  take(peer: string, most: number): string[] {
    const lacks = this.#lacks.get(peer)
    const fresh = firstOf(this.#open, most, (cid) => lacks?.has(cid) !== true)
    const taken = fresh.length > 0 ? fresh : this.#steal(peer, Math.min(most, STOLEN_BLOCKS))
    const asked = this.#asked.get(peer) ?? new Set<string>()
    this.#asked.set(peer, asked)
    for (const cid of taken) {
      this.#open.delete(cid)
      asked.add(cid)
    }
    return taken
  }

  /** Notes that a block came; returns false when it had come before. */
  arrived(cid: string): boolean {
    for (const asked of this.#asked.values()) asked.delete(cid)
    this.#open.delete(cid)
    return this.#left.delete(cid)
  }

  /** Notes that `peer` does not give a block, which others are asked for. */
  refused(peer: string, cid: string, why: Lack): void {
    const lacks = this.#lacks.get(peer) ?? new Map<string, Lack>()
    this.#lacks.set(peer, lacks.set(cid, why))
    this.giveBack(peer, [cid])
  }

  /** Gives blocks of a request that failed to others. */
  giveBack(peer: string, cids: readonly string[]): void {
    for (const cid of cids) {
      const wasAsked = this.#asked.get(peer)?.delete(cid) === true
      if (wasAsked && this.#left.has(cid) && this.#holders(cid) === 0) this.#open.add(cid)
    }
  }

  /** Lets `peer` be asked again for what it did not give: it may have it by now. */
  forgive(peer: string): void {
    this.#lacks.delete(peer)
  }

  /** Returns a block that none of `peers` gives, with the reason of the first of them; undefined while there is hope. */
  hopeless(peers: readonly string[]): { cid: string; why: Lack } | undefined {
    const [first, ...others] = peers
    if (first === undefined) return undefined
    for (const [cid, why] of this.#lacks.get(first) ?? []) {
      if (this.#left.has(cid) && others.every((peer) => this.#lacks.get(peer)?.has(cid))) return { cid, why }
    }
    return undefined
  }

  /** Returns the last blocks of the peer with the most to do. */
  #steal(thief: string, most: number): string[] {
    const own = this.#asked.get(thief)
    const lacks = this.#lacks.get(thief)
    const isWanted = (cid: string) => own?.has(cid) !== true && lacks?.has(cid) !== true
    let best: string[] = []
    let bestSize = 0
    for (const [peer, asked] of this.#asked) {
      if (peer === thief || asked.size <= bestSize) continue
      const few = [...asked].filter((cid) => isWanted(cid) && this.#holders(cid) < HOLDERS).slice(-most)
      if (few.length === 0) continue
      best = few
      bestSize = asked.size
    }
    return best
  }

  #holders(cid: string): number {
    let count = 0
    for (const asked of this.#asked.values()) if (asked.has(cid)) count += 1
    return count
  }
}

function firstOf(cids: Iterable<string>, most: number, isWanted: (cid: string) => boolean): string[] {
  const found: string[] = []
  for (const cid of cids) {
    if (found.length >= most) break
    if (isWanted(cid)) found.push(cid)
  }
  return found
}
