import type { Benchmark, Session, Setup } from '../harness/benchmark.ts'

/** A task that two of three providers must agree on against the same task on one. */
export const redundancy: Benchmark = {
  name: 'redundancy',
  unit: 'ms',
  compares: {
    ours: 'a task on a quorum of 2 of 3 providers, from submission to the accepted result',
    peer: 'the same task on one provider, believed',
    limit: 'the same task in the executor alone',
  },
  target: { against: 'peer', bound: 1.3 },
  open,
}

/** Loads the market only when it is measured. */
async function open(setup: Setup): Promise<Session> {
  const { openRedundancySession } = await import('./redundancy-session.ts')
  return openRedundancySession(setup)
}
