import { assert } from '@souk/protocol'
import { type Assurance, firstExecutions, quorumOf } from './assurance.ts'

/** What a job is about, before it runs. */
export interface AssuredWork {
  readonly tasks: number
  /** Milliseconds of one execution. */
  readonly taskMs: number
  /** Leases that work at the same time. */
  readonly leases: number
  /** Base units × 1e12 per second of one lease. */
  readonly rateE12: bigint
  /** Base units per lease, once. */
  readonly startFee: bigint
  /** Chance that an execution gives no result, or another than most, in [0, 1). */
  readonly faultRate: number
  /** Share of results that is executed again under `audit`, in [0, 1] (`auditRate`). */
  readonly auditRate: number
  /** Milliseconds for which results are held back under `audit`. */
  readonly windowMs: number
}

/** What an assurance costs, as expected values. */
export interface AssuranceEstimate {
  /** Executions of one task. */
  readonly executions: number
  /** Base units while leases are kept busy, rounded up. */
  readonly price: bigint
  /** Milliseconds until the last result may be shown. */
  readonly timeMs: number
}

const E12_MS = 10n ** 15n

/**
 * Estimates what a job costs and takes under an assurance.
 *
 * Executions until k are good, n at most, are Σ P(fewer than k good among i) over i below n, each good with the chance
 * 1 − `faultRate`. Without a quorum a failed one is run again.
 */
export function estimateAssurance(assurance: Assurance, work: AssuredWork): AssuranceEstimate {
  assert(work.faultRate >= 0 && work.faultRate < 1 && work.leases >= 1, 'work that can be done')
  const executions = executionsOf(assurance, work)
  const busyMs = executions * work.tasks * work.taskMs
  const rounds = Math.max(1, executions / firstExecutions(assurance))
  const timeMs = Math.max(rounds * work.taskMs, busyMs / work.leases)
  const heldMs = assurance.kind === 'audit' ? work.windowMs : 0
  const busy = (BigInt(Math.round(busyMs)) * work.rateE12 + E12_MS - 1n) / E12_MS
  return { executions, price: busy + work.startFee * BigInt(work.leases), timeMs: timeMs + heldMs }
}

function executionsOf(assurance: Assurance, { faultRate, auditRate }: AssuredWork): number {
  const good = 1 - faultRate
  switch (assurance.kind) {
    case 'none':
      return 1 / good
    case 'audit':
      return (1 + auditRate) / good
    case 'replicate':
      return assurance.r
    case 'quorum':
      return expectedTrials(quorumOf(assurance), good)
  }
}

/** Expected trials until k are good, n at most. */
function expectedTrials({ k, n }: { k: number; n: number }, good: number): number {
  let chances = [1]
  let expected = 0
  for (let i = 0; i < n; i++) {
    expected += chances.slice(0, k).reduce((sum, chance) => sum + chance, 0)
    chances = [...chances, 0].map((chance, j) => chance * (1 - good) + (chances[j - 1] ?? 0) * good)
  }
  return expected
}
