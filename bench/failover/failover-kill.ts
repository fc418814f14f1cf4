import type { Benchmark, Session, Setup } from '../harness/benchmark.ts'

/** A provider process that is killed, until its task runs elsewhere. */
export const failoverKill: Benchmark = {
  name: 'failover-kill',
  unit: 'ms',
  compares: {
    ours: 'from SIGKILL of a provider until its task has begun on another lease, journalled',
    peer: 'from SIGKILL of a gearman worker until a waiting one has begun its job',
    limit: 'until the operating system has told of the process that it ended',
  },
  target: { against: 'peer', bound: 6 },
  open,
}

/** Loads the market only when it is measured. */
async function open(setup: Setup): Promise<Session> {
  const { openKillSession } = await import('./kill-session.ts')
  return openKillSession(setup)
}
