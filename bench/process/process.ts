import type { Benchmark, Session, Setup } from '../harness/benchmark.ts'

/** A short program in a container: ours against the usual command with the same limits. */
export const process: Benchmark = {
  name: 'process',
  unit: 'ms',
  compares: {
    ours: 'a container/1 task of an empty program, from the call to its outcome with output files',
    peer: '`docker run` of the same image with the same limits, from its start to its end',
    limit: 'the same container made, started, awaited and removed through the Docker Engine API alone',
  },
  target: { against: 'peer', bound: 1 },
  open,
}

/** Loads the runtime only when it is measured. */
async function open(setup: Setup): Promise<Session> {
  const { openProcessSession } = await import('./process-session.ts')
  return openProcessSession(setup)
}
