import type { Benchmark, Session, Setup } from '../harness/benchmark.ts'

/** What a requester pays for believing in a GPU: checking a proof against giving it, on the same processor. */
export const proof: Benchmark = {
  name: 'proof',
  unit: 'ms',
  compares: {
    ours: 'checking a proof of GPU of size 1,024, all 32 rows, processor time',
    peer: 'giving that proof on an adapter that computes on the processor, processor time of its process',
    limit: 'computing one of the rows outright, processor time',
  },
  target: { against: 'peer', bound: 0.02 },
  open,
}

/** Loads the runtime only when it is measured. */
async function open(setup: Setup): Promise<Session> {
  const { openProofSession } = await import('./proof-session.ts')
  return openProofSession(setup)
}
