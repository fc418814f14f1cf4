import type { Score } from '@souk/requester'

/** Returns the least bound of a score in whole percents, rounded down. */
export function percents({ overall }: Pick<Score, 'overall'>): number {
  return Math.floor(overall * 100)
}

/** Shows a score: the least of its four bounds. */
export function scoreWords(score: Pick<Score, 'overall'>): string {
  return `${percents(score)} %`
}

/** Says what a score rests on, the faults first; `new` for who is known by nothing. */
export function evidenceWords({ evidence }: Pick<Score, 'evidence'>): string {
  const { leases, results, proofs, chain, uptime } = evidence
  const words = [
    [results.convicted, 'wrong'],
    [chain.seized, 'bonds lost'],
    [proofs.failed, 'proofs failed'],
    [leases.lost + leases.degraded, 'leases lost'],
    [leases.left, 'left'],
    [results.failed, 'failed'],
    [chain.down, 'outages on chain'],
    [uptime.downSlots, 'slots down'],
    [results.verified, 'verified'],
    [results.unchecked, 'unchecked'],
    [leases.finished, 'leases'],
    [chain.known, 'leases on chain'],
    [proofs.proven, 'proofs'],
    [uptime.upSlots, 'slots up'],
  ] as const
  const known = words.flatMap(([count, what]) => (count > 0 ? [`${count} ${what}`] : []))
  return known.join(', ') || 'new'
}
