import type { Benchmark, Session, Setup } from '../harness/benchmark.ts'

/** Many tasks over two leases against many jobs through a queue. */
export const throughput: Benchmark = {
  name: 'throughput',
  unit: 'tasks/s',
  compares: {
    ours: 'tasks of nothing through leases on two providers, from submission to verified results',
    peer: 'BullMQ jobs of nothing at concurrency 50, from add to completed',
    limit: 'the executor alone, on as many cores',
  },
  target: { against: 'peer', bound: 1, op: '>=' },
  open,
}

/** Loads the market only when it is measured. */
async function open(setup: Setup): Promise<Session> {
  const { openThroughputSession } = await import('./throughput-session.ts')
  return openThroughputSession(setup)
}
