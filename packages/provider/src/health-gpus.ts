import { type Finding, WELL } from './health-gauge.ts'

/** A GPU for sale, as it was last found. */
export interface GpuState {
  readonly id: string
  readonly why: string | null
  readonly isLost: boolean
}

/** Sums up the GPUs for sale. Those that are lost have left the offer already, each by itself. */
export function judgeGpus(gpus: readonly GpuState[]): Finding {
  const ill = gpus.filter(({ why, isLost }) => why !== null || isLost)
  if (ill.length === 0) return WELL
  const why = ill.map((one) => `${one.id}: ${one.why ?? 'lost'}`).join('; ')
  const level = gpus.every(({ isLost }) => isLost) ? 'failing' : 'degraded'
  return { level, why, isCertain: true }
}
