import type { LeaseDesk } from './lease-desk.ts'

/** Returns how the leases of this run stand, as people are told. */
export function leasesOf(desk: Pick<LeaseDesk, 'runners'>) {
  return [...desk.runners.values()].map(({ state: { sale, voucher, running } }) => ({
    lease: sale.lease,
    requester: sale.quote.requester,
    gpus: sale.terms.resources.gpus.map(({ id }) => id),
    phase: sale.phase,
    settled: sale.settled,
    /** This process has seen that the escrow opened it. */
    open: sale.opening !== null,
    running: running.size,
    earned: voucher?.cumulative ?? 0n,
  }))
}
