import type { Benchmark, Session, Setup } from '../harness/benchmark.ts'

/** Memory of an idle provider against what it may take. */
export const memory: Benchmark = {
  name: 'memory',
  unit: 'MiB',
  compares: {
    ours: 'resident memory of a provider process that waits for leases',
    peer: 'that of a process with the libp2p node alone',
    limit: 'what such a provider may take, 160 MiB',
  },
  target: { against: 'limit', bound: 1 },
  open,
}

/** Loads the market only when it is measured. */
async function open(setup: Setup): Promise<Session> {
  const { openMemorySession } = await import('./memory-session.ts')
  return openMemorySession(setup)
}
