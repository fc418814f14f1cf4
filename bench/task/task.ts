import type { Benchmark, Session, Setup } from '../harness/benchmark.ts'

/** One task through a warm lease against one job through a queue. */
export const task: Benchmark = {
  name: 'task',
  unit: 'ms',
  compares: {
    ours: 'a task of nothing on a warm lease, from submission to the verified result',
    peer: 'a BullMQ job of nothing, from add to completed',
    limit: 'a raw libp2p round trip, one signature and its verification',
  },
  target: { against: 'peer', bound: 0.9 },
  open,
}

/** Loads the market only when it is measured. */
async function open(setup: Setup): Promise<Session> {
  const { openTaskSession } = await import('./task-session.ts')
  return openTaskSession(setup)
}
