import type { Benchmark, Session, Setup } from '../harness/benchmark.ts'

/** A lease on a warm connection against what two round trips and four signatures must take. */
export const lease: Benchmark = {
  name: 'lease',
  unit: 'ms',
  compares: {
    ours: 'from demand to task started, two processes, warm connection',
    peer: 'two raw libp2p round trips with frames of the same sizes',
    limit: 'the two raw round trips and the four signatures',
  },
  target: { against: 'limit', bound: 2 },
  open,
}

/** Loads the market only when it is measured. */
async function open(setup: Setup): Promise<Session> {
  const { openLeaseSession } = await import('./lease-session.ts')
  return openLeaseSession(setup)
}
