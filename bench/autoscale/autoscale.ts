import type { Benchmark, Session, Setup } from '../harness/benchmark.ts'

/** The scaler against those of Knative and Kubernetes, on requests that came in bursts. */
export const autoscale: Benchmark = {
  name: 'autoscale',
  unit: '%',
  compares: {
    ours: 'requests that waited longer than 1 s, by the scaler, on the worst trace',
    peer: 'the same by the best of Knative and the horizontal pod autoscaler at 50 % and 70 %',
    limit: 'the same of whoever knows the future',
  },
  target: { against: 'peer', bound: 0.5 },
  open,
}

/** Loads the replay only when it is measured. */
async function open(setup: Setup): Promise<Session> {
  const { openAutoscaleSession } = await import('./autoscale-session.ts')
  return openAutoscaleSession(setup)
}
