import type { Benchmark, Session, Setup } from '../harness/benchmark.ts'

/** A provider process that stands still, until its task runs elsewhere. */
export const failoverHang: Benchmark = {
  name: 'failover-hang',
  unit: 'ms',
  compares: {
    ours: 'from SIGSTOP of a provider until its task is given to its warm standby',
    peer: 'from SIGSTOP of a peer until the connection monitor of libp2p, by its defaults, gives it up',
    limit: 'three seconds of the median, six of the 99th percentile, whichever is worse',
  },
  target: { against: 'limit', bound: 1 },
  open,
}

/** Loads the market only when it is measured. */
async function open(setup: Setup): Promise<Session> {
  const { openHangSession } = await import('./hang-session.ts')
  return openHangSession(setup)
}
