import { SoukError } from '@souk/protocol'
import type { AvailabilityPlan, PlanGoal } from './availability-plan.ts'

/** The market cannot give the availability that a job wants. */
export class AvailabilityError extends SoukError<{
  code: 'AVAILABILITY_SHORT'
  target: number
  /** What the best set reaches; null where there is none. */
  best: number | null
  peers: readonly string[]
  reason: 'offers' | 'spread' | 'reliability'
}> {}

/** Says what the best set reaches, what it lacks, and what to change. */
export function cannotGive(
  plan: Extract<AvailabilityPlan, { kind: 'short' }>,
  { k, target, seconds }: PlanGoal & { readonly seconds: number },
): AvailabilityError {
  const { chosen, reason, considered } = plan
  const wanted = `${k === 1 ? 'a lease' : `${k} leases`} alive for ${seconds} s with ${percent(target)}`
  const best =
    chosen === null
      ? `no set of the ${considered} offers that fit and answer`
      : `at best ${percent(chosen.survival)}, by ${chosen.peers.length} of the ${considered} offers that fit and answer`
  return new AvailabilityError(`expected ${wanted}, found ${best}; ${adviceFor(plan)}`, {
    ...{ code: 'AVAILABILITY_SHORT', target, reason },
    ...{ best: chosen?.survival ?? null, peers: chosen?.peers ?? [] },
  })
}

/** Shows a chance so that what it lacks of certainty has two digits. */
export function percent(chance: number): string {
  const digits = chance >= 1 ? 0 : Math.max(1, Math.ceil(-Math.log10(1 - chance)))
  const shown = Math.floor(chance * 100 * 10 ** digits) / 10 ** digits
  return `${Number(shown.toFixed(digits))} %`
}

const PLACES = 'name the places of addresses (--domains FILE): all whose place is not known count as one'

function adviceFor({ chosen, reason }: Extract<AvailabilityPlan, { kind: 'short' }>): string {
  if (reason === 'offers') return 'wait for more offers, ask for less, or raise the price'
  if (reason === 'spread')
    return `more than half of any larger set would fail together; wait for offers elsewhere, or ${PLACES}`
  const less = 'take a shorter --duration or a lower --availability'
  return chosen === null || chosen.unknown > 0 ? `${less}, or ${PLACES}` : less
}
