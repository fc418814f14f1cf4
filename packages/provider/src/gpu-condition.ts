import type { GpuHealth, GpuMark } from '@souk/protocol'
import type { GpuReading } from '@souk/runtime'

/** Degrees Celsius from which a GPU counts as hot: makers slow theirs down from 83 to 95 at the core. */
const HOT = 90
/** Degrees below which it no longer does, so that no offer is announced for every degree. */
const COOL = 85
/** Looks in a row at which a driver says nothing, or nonsense, until its device counts as lost: one may be late. */
const SILENT_LOOKS = 3

/** How a device has been found, over several looks. */
export interface Condition {
  readonly health: GpuHealth
  readonly marks: readonly GpuMark[]
  /** Looks in a row without an answer. */
  readonly silent: number
  /** What is wrong with it, for people; `null` where nothing is. */
  readonly why: string | null
}

/** Makes the condition of a device that nobody has looked at yet. */
export function condition(id: string): Condition {
  const unknown = { busy: null, usedBytes: null, celsius: null, watts: null, memoryErrors: null }
  return { health: { id, ...unknown, present: true }, marks: [], silent: 0, why: null }
}

/**
 * Returns the condition after one more look. What is certainly gone is lost at once, what does not answer at the third
 * look, and both are back as soon as they answer.
 */
export function judge(before: Condition, reading: GpuReading): Condition {
  switch (reading.kind) {
    case 'well':
      return { health: reading.health, marks: marksOf(before, reading.health), silent: 0, why: null }
    case 'gone':
      return lost(before, reading.why)
    case 'silent': {
      const silent = before.silent + 1
      if (silent >= SILENT_LOOKS || !before.health.present) return { ...lost(before, reading.why), silent }
      const marks: GpuMark[] = [...new Set<GpuMark>([...before.marks, 'unhealthy'])]
      return { ...before, marks, silent, why: reading.why }
    }
  }
}

function lost({ health: { id }, silent }: Condition, why: string): Condition {
  const { health } = condition(id)
  return { health: { ...health, present: false }, marks: ['unhealthy'], silent, why }
}

function marksOf({ marks }: Condition, { celsius, memoryErrors }: GpuHealth): GpuMark[] {
  const isHot = celsius !== null && celsius >= (marks.includes('hot') ? COOL : HOT)
  const hasErrors = (memoryErrors ?? 0) > 0
  return [...(isHot ? (['hot'] as const) : []), ...(hasErrors ? (['memory-errors'] as const) : [])]
}
