import type { Resources } from '@souk/protocol'
import { CHECKS, type Check, type Effect, type HealthState, RULES } from './health-state.ts'

/** Share of cores and memory that is offered where this machine is short of them. */
const SHORT_SHARE = 0.5

/** What is sold while this machine is as it is. */
export interface SellingPlan {
  /** Share of what is for sale; none where the offer is taken back. */
  readonly share: number
  /** Whether leases that run are asked to end. */
  readonly ends: boolean
  /** Why it is less than all; `null` where it is all. */
  readonly why: string | null
}

const GRAVITY: readonly Effect[] = ['none', 'half', 'withdrawn', 'drained']

/** Returns what is sold now: the gravest effect counts, and its reasons. */
export function planOf(state: HealthState): SellingPlan {
  const effects = CHECKS.map((check) => ({ check, effect: effectOf(check, state) }))
  const gravest = GRAVITY.findLast((one) => effects.some(({ effect }) => effect === one)) ?? 'none'
  const because = effects.filter(({ effect }) => effect === gravest).map(({ check }) => state[check].why)
  return {
    share: gravest === 'none' ? 1 : gravest === 'half' ? SHORT_SHARE : 0,
    ends: gravest === 'drained',
    why: gravest === 'none' ? null : because.join('; '),
  }
}

/** Returns the part of the machine that a plan offers: its devices look after themselves, its disk is all or nothing. */
export function shareOf(all: Resources, { share }: SellingPlan): Omit<Resources, 'gpus'> {
  const part = share === 0 ? 1 : share
  const { millicores, memoryBytes, diskBytes } = all
  return { millicores: Math.floor(millicores * part), memoryBytes: Math.floor(memoryBytes * part), diskBytes }
}

/** Tells whether two plans sell the same. */
export function sellsAlike(a: SellingPlan, b: SellingPlan): boolean {
  return a.share === b.share && a.ends === b.ends
}

function effectOf(check: Check, state: HealthState): Effect {
  const { level } = state[check]
  return level === 'ok' ? 'none' : RULES[check][level]
}
