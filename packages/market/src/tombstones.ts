/** The highest withdrawn sequence number of each peer, the oldest forgotten first. */
export interface Tombstones {
  add(peerId: string, seq: number): void
  get(peerId: string): number | undefined
}

/** Creates a memory of at most `max` withdrawals. */
export function createTombstones(max: number): Tombstones {
  const seqs = new Map<string, number>()
  return {
    add(peerId, seq) {
      const highest = Math.max(seq, seqs.get(peerId) ?? 0)
      seqs.delete(peerId)
      seqs.set(peerId, highest)
      const [oldest] = seqs.keys()
      if (seqs.size > max && oldest !== undefined) seqs.delete(oldest)
    },
    get: (peerId) => seqs.get(peerId),
  }
}
