import { PAYMENT } from './payment.ts'
import type { Head } from './program.ts'

/** How much service one side has seen: the sum of unbroken stretches between beats. */
export interface Service {
  /** Milliseconds served since the lease started. */
  servedMs: number
  /** Monotonic time of the newest beat; `null` while there is no stretch. */
  lastBeatMs: number | null
  /** First block of the present stretch. */
  fromBlock: number
}

/** Starts with nothing served. */
export function newService(servedMs = 0): Service {
  return { servedMs, lastBeatMs: null, fromBlock: 0 }
}

/** Counts a beat: it prolongs the stretch, or begins a new one after a gap, so that outages stay unpaid. */
export function countBeat(service: Service, head: Head, nowMs: number): void {
  const gap = service.lastBeatMs === null ? Number.POSITIVE_INFINITY : nowMs - service.lastBeatMs
  if (gap <= PAYMENT.beatGapMs) service.servedMs += gap
  else service.fromBlock = head.number
  service.lastBeatMs = nowMs
}

/** Ends the present stretch. */
export function breakOff(service: Service): void {
  service.lastBeatMs = null
}
