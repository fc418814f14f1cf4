import type { DecisionRow } from '@souk/engine'
import type { PoolStatus } from '@souk/requester'
import type { NetworkConfig } from '@souk/settlement'
import { amount, hourly } from '../commands/shared.ts'

const REASONS: Readonly<Record<string, string>> = {
  steady: 'steady demand',
  burst: 'a burst',
  backlog: 'what waits',
  deadline: 'what must be done in time',
  forecast: 'what is expected',
  cheap: 'the price is low',
  'cool-down': 'what was wanted a moment ago',
  zero: 'nothing to do',
  min: 'the least that is allowed',
}

const CAPS: Readonly<Record<string, string>> = {
  max: 'the most that is allowed',
  budget: 'all that the budget pays for',
  rate: 'all that the rate per hour pays for',
  market: 'all that is offered',
}

/** Head of the table of pools. */
export const POOL_HEAD = [
  'pool',
  'desired',
  'acquiring',
  'ready',
  'draining',
  'cost',
  'spent',
  'budget left',
  'why',
]

/** Returns the cells of one pool. */
export function poolCells(pool: PoolStatus, config: NetworkConfig): string[] {
  const { job, desired, acquiring, ready, draining, rateE12, spent, left, decision } = pool
  const counts = [desired, acquiring, ready, draining].map(String)
  const money = [hourly(config, rateE12), amount(config, spent), amount(config, left)]
  return [job, ...counts, ...money, decision === null ? '–' : decisionWords(decision)]
}

/** Returns the cells of one decision. */
export function decisionCells(decision: DecisionRow, config: NetworkConfig): string[] {
  const { atMs, desired, inputs } = decision
  return [
    new Date(atMs).toLocaleTimeString(),
    String(desired),
    decisionWords(decision),
    String(inputs.ready),
    String(inputs.queued),
    String(inputs.inFlight),
    amount(config, inputs.committed),
    amount(config, inputs.budgetLeft),
  ]
}

/** Says why a pool is to be what it is, and what keeps it from more. */
export function decisionWords({ reason, cappedBy, wanted }: DecisionRow): string {
  const why = REASONS[reason] ?? reason
  return cappedBy === null ? why : `${why} (${wanted}), held to ${CAPS[cappedBy] ?? cappedBy}`
}
