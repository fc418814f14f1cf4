import type { GpuDevice, GpuReading } from '@souk/runtime'

/** Milliseconds that one look may take: three tools in a row that do not answer. */
const LATE_MS = 20_000

/** Looks at devices; one reading for each. */
export type LookAtGpus = (devices: readonly GpuDevice[]) => Promise<readonly GpuReading[]>

/**
 * Bounds a way of looking: a file of a driver in trouble may never be read, and who waits for it reads no other. While a
 * look is under way that is late, no further one is begun, and its devices count as silent.
 */
export function boundedLook(look: LookAtGpus, lateMs: number = LATE_MS): LookAtGpus {
  let underWay: Promise<readonly GpuReading[]> | null = null
  return async (devices) => {
    const late = Promise.withResolvers<readonly GpuReading[]>()
    const why = `expected the GPUs to be looked at within ${lateMs} ms`
    const timer = setTimeout(
      () => late.resolve(devices.map(({ id }) => ({ kind: 'silent', id, why }))),
      lateMs,
    )
    try {
      underWay ??= look(devices).finally(() => {
        underWay = null
      })
      return await Promise.race([underWay, late.promise])
    } finally {
      clearTimeout(timer)
    }
  }
}
