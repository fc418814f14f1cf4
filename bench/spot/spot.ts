import type { Benchmark, Session, Setup } from '../harness/benchmark.ts'

/** The portfolio against SpotHedge's rules, on markets whose capacity comes and goes. */
export const spot: Benchmark = {
  name: 'spot',
  unit: '%',
  compares: {
    ours: 'time with fewer than 3 ready, by the portfolio, 120 s from launch to ready, on the worst trace',
    peer: "the same by SpotHedge's rules",
    limit: 'the same of whoever knows the future',
  },
  target: { against: 'peer', bound: 1 },
  open,
}

/** Loads the replay only when it is measured. */
async function open(setup: Setup): Promise<Session> {
  const { openSpotSession } = await import('./spot-session.ts')
  return openSpotSession(setup)
}
