import type { Benchmark, Session, Setup } from '../harness/benchmark.ts'

/** Gas of a lease and of the court against the same money moved by hand. */
export const settle: Benchmark = {
  name: 'settle',
  unit: 'gas',
  compares: {
    ours: 'a lease: open, redeem, cooperative close',
    peer: 'the same money as three ERC-20 transfers through somebody who is trusted',
    limit: 'three transactions that do nothing',
  },
  target: { against: 'peer', bound: 2.2 },
  open,
}

/** Loads the market only when it is measured. */
async function open(setup: Setup): Promise<Session> {
  const { openSettleSession } = await import('./settle-session.ts')
  return openSettleSession(setup)
}
