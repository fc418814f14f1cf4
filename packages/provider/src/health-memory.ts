import type { MemoryReading } from '@souk/runtime'
import { type Finding, type HealthLevel, WELL } from './health-gauge.ts'

/** Shares of the memory that are available: below the first two it is short; stalls and swapping count below the last. */
const SHORT = { failing: 0.02, degraded: 0.05, stalls: 0.2 } as const
/** Shares of the last ten seconds in which all, or some, waited for memory. */
const STALLED = { failing: 0.4, all: 0.1, some: 0.2 } as const
/** Pages to and from the disk in a second: 4 MiB. */
const SWAP_STORM = 1_000
/** By how much better it must be than what made it worse. */
const EASE = 2

/** The memory as it was found, and pages swapped a second since the look before. */
export interface MemoryState {
  readonly reading: MemoryReading
  readonly swapsPerSecond: number | null
}

/** Says how short memory is. A program that thrashes within its own bounds is no reason: the machine must be short, too. */
export function judgeMemory(before: HealthLevel, { reading, swapsPerSecond }: MemoryState): Finding {
  const ease = before === 'ok' ? 1 : EASE
  const { availableBytes, totalBytes, someStalled, allStalled, pressure } = reading
  const free = availableBytes === null ? null : availableBytes / totalBytes
  if (pressure === 'critical')
    return { level: 'failing', why: 'the system calls its memory critically short' }
  if (free !== null && free < SHORT.failing * ease)
    return { level: 'failing', why: `${percent(free)} of the memory is available` }
  const mayStall = free === null || free < SHORT.stalls * ease
  const [all, some] = mayStall ? [(allStalled ?? 0) * ease, (someStalled ?? 0) * ease] : [0, 0]
  if (all >= STALLED.failing) return { level: 'failing', why: stalls(all / ease) }
  if (pressure === 'warn') return { level: 'degraded', why: 'the system warns that memory is short' }
  if (free !== null && free < SHORT.degraded * ease)
    return { level: 'degraded', why: `${percent(free)} of the memory is available` }
  if (all >= STALLED.all || some >= STALLED.some)
    return { level: 'degraded', why: stalls(Math.max(all, some) / ease) }
  if (mayStall && (swapsPerSecond ?? 0) * ease >= SWAP_STORM)
    return { level: 'degraded', why: `${Math.round(swapsPerSecond ?? 0)} pages are swapped a second` }
  return WELL
}

function stalls(share: number): string {
  return `programs waited for memory ${percent(share)} of the time`
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}
