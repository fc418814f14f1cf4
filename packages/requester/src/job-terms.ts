import { assuranceOf, type Comparator, defaultComparator, quorumOf } from '@souk/availability'
import type { Candidate } from '@souk/market'
import type { Demand } from '@souk/protocol'
import { withDeviceClass } from './device-class.ts'
import { cannotCompare } from './job-error.ts'
import type { JobSpec } from './job-spec.ts'

/**
 * Returns how a job's results are compared, and what it demands so that they can be, given the offers that fit, best
 * first.
 *
 * Throws `JobError` `NO_DEVICE_CLASS`, and `CANNOT_COMPARE` where a program must compare and this process runs none.
 */
export function comparedTerms(
  { comparator: wanted, demand, assurance }: Pick<JobSpec, 'comparator' | 'demand' | 'assurance'>,
  candidates: readonly Candidate[],
  canRun: boolean,
): { comparator: Comparator; demand: Demand } {
  const comparator = wanted ?? defaultComparator(demand.runtime)
  if (comparator.kind === 'custom' && !canRun) throw cannotCompare()
  const quorum = quorumOf(assuranceOf(assurance))
  return { comparator, demand: withDeviceClass(demand, comparator, quorum, candidates) }
}
