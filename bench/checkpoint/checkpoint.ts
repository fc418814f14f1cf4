import type { Benchmark, Session, Setup } from '../harness/benchmark.ts'

/** A task that saves its state and whose provider is killed. */
export const checkpoint: Benchmark = {
  name: 'checkpoint',
  unit: 'ms',
  compares: {
    ours: 'work that is lost with a provider which is killed at any moment, of a task that saves its state',
    peer: 'the same for a task that saves nothing',
    limit: 'the time between two of its saves',
  },
  target: { against: 'limit', bound: 1 },
  open,
}

/** Loads the market only when it is measured. */
async function open(setup: Setup): Promise<Session> {
  const { openCheckpointSession } = await import('./checkpoint-session.ts')
  return openCheckpointSession(setup)
}
