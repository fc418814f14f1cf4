import {
  type Assurance,
  AUDIT_WINDOW_MS,
  assuranceOf,
  auditRate,
  estimateAssurance,
  firstExecutions,
  formatAssurance,
} from '@souk/availability'
import type { Candidate } from '@souk/market'
import type { Hex } from '@souk/protocol'
import type { JobEstimate, JobSpec } from './job-spec.ts'

/** Chance that an execution gives nothing, or something else than most, as far as nobody knows better. */
const EXPECTED_FAULT_RATE = 0.02
/** Seconds of price that a provider loses for a wrong result, where it does what is usual (docs/AVAILABILITY.md). */
export const USUAL_STAKE_SECONDS = 30

type Spec = Pick<JobSpec, 'assurance' | 'tasks' | 'deadlineMs' | 'expectedMs' | 'leases' | 'open'>

/**
 * Says what a job costs and takes on the best of the offers, given the audits in a row that found accounts right. Where
 * nobody said how long an execution takes, each takes as long as it may.
 */
export function estimateJob(
  spec: Spec,
  candidates: readonly Candidate[],
  before: ReadonlyMap<Hex, number>,
): JobEstimate {
  const assurance = assuranceOf(spec.assurance)
  const leases = Math.max(1, spec.leases)
  const best = candidates.slice(0, leases)
  const taskMs = spec.expectedMs ?? spec.deadlineMs
  const { executions, price, timeMs } = estimateAssurance(assurance, {
    ...{ tasks: spec.tasks.length, taskMs, leases, faultRate: EXPECTED_FAULT_RATE },
    rateE12: meanUp(best.map(({ rateE12 }) => rateE12)),
    startFee: meanUp(best.map(({ entry }) => entry.offer.prices.startFee)),
    auditRate: expectedAuditRate(assurance, best, taskMs, before),
    // What is over is shown once the last audit is.
    windowMs: spec.open === true ? AUDIT_WINDOW_MS : taskMs,
  })
  const isBound = spec.expectedMs === undefined
  return { assurance: formatAssurance(assurance), executions, price, timeMs, taskMs, isBound, leases }
}

/** Returns leases that a job of one task needs: for an audit one more than starts, on another account. */
export function leasesFor(assurance: Assurance): number {
  return assurance.kind === 'audit' ? 2 : firstExecutions(assurance)
}

function expectedAuditRate(
  { kind }: Assurance,
  best: readonly Candidate[],
  taskMs: number,
  before: ReadonlyMap<Hex, number>,
): number {
  if (kind !== 'audit' || best.length === 0) return 0
  const rates = best.map(({ entry, rateE12 }) => {
    const gain = BigInt(Math.ceil(taskMs)) * rateE12
    const stake = BigInt(USUAL_STAKE_SECONDS * 1_000) * rateE12
    return auditRate({ valid: before.get(entry.offer.account) ?? 0, gain, stake })
  })
  return rates.reduce((sum, rate) => sum + rate, 0) / rates.length
}

/** Mean, rounded up. */
function meanUp(values: readonly bigint[]): bigint {
  const count = BigInt(Math.max(1, values.length))
  return (values.reduce((sum, one) => sum + one, 0n) + count - 1n) / count
}
