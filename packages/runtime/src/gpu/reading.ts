import type { GpuHealth } from '@souk/protocol'
import type { GpuDevice } from './inventory.ts'

/** How a device was found at one look. */
export type GpuReading =
  | { readonly kind: 'well'; readonly health: GpuHealth }
  /** It is certain that work on it cannot go on: it is not there, or its driver gave it up. */
  | { readonly kind: 'gone'; readonly id: string; readonly why: string }
  /** Its driver does not answer, or answers nonsense: perhaps it will. */
  | { readonly kind: 'silent'; readonly id: string; readonly why: string }

/** Returns the device that a reading is about. */
export function idOf(reading: GpuReading): string {
  return reading.kind === 'well' ? reading.health.id : reading.id
}

/** Makes the reading of a device that is there; what is not told is unknown. */
export function well(id: string, told: Partial<GpuHealth> = {}): GpuReading {
  const unknown = { busy: null, usedBytes: null, celsius: null, watts: null, memoryErrors: null }
  return { kind: 'well', health: { id, ...unknown, ...told, present: true } }
}

/** Makes the reading of a device that is certainly gone. */
export function gone({ id }: Pick<GpuDevice, 'id'>, why: string): GpuReading {
  return { kind: 'gone', id, why }
}

/** Makes the reading of a device of which nothing can be said now. */
export function silent({ id }: Pick<GpuDevice, 'id'>, why: string): GpuReading {
  return { kind: 'silent', id, why }
}
