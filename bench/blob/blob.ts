import type { Benchmark } from '../harness/benchmark.ts'
import { openSession } from './blob-session.ts'

/** A large input, from the peer that has it to a store on disk, against the bytes alone. */
export const blob: Benchmark = {
  name: 'blob',
  unit: 'ms',
  compares: {
    ours: '256 MiB of blocks from one peer, verified and in the store',
    peer: 'as many plain bytes over one libp2p stream of the same connection',
    limit: 'as many plain bytes over a TCP socket',
  },
  // 0.6 of its throughput.
  target: { against: 'peer', bound: 1.67 },
  open: openSession,
}
