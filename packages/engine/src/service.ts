import { PAYMENT } from './payment.ts'
import type { Head } from './program.ts'

/** How much service one side has seen: the sum of unbroken stretches between beats. */
export interface Service {
  /** Milliseconds served since the lease started. */
  servedMs: number
  /** Monotonic time of the newest beat; `null` while there is no stretch. */
  lastBeatMs: number | null
  /** Monotonic times from and to which the newest stretch was counted; it may have ended since. */
  sinceMs: number
  untilMs: number
  /** First block that lies wholly inside the newest stretch, if the stretch reaches it; `null` while not known. */
  fromBlock: number | null
  /** Head at the newest beat of the newest stretch: the blocks before it have passed in service. */
  untilBlock: number
}

/** Blocks `[from, until)` of the chain. */
export interface Blocks {
  readonly from: number
  readonly until: number
}

/** Starts with nothing served. */
export function newService(servedMs = 0): Service {
  return { servedMs, lastBeatMs: null, sinceMs: 0, untilMs: 0, fromBlock: 0, untilBlock: 0 }
}

/** Milliseconds without a new head after which blocks may have come that we did not see: we may have stood still. */
const STALE_HEAD_MS = 2_000

/**
 * Counts a beat: it prolongs the stretch, or begins a new one after a gap, so that outages stay unpaid. The head was
 * seen at `headAtMs`: where that is long ago, the next one says where the stretch began.
 */
export function countBeat(service: Service, head: Head, nowMs: number, headAtMs = nowMs): void {
  const gapMs = service.lastBeatMs === null ? Number.POSITIVE_INFINITY : nowMs - service.lastBeatMs
  if (gapMs <= PAYMENT.beatGapMs) service.servedMs += gapMs
  else {
    service.sinceMs = nowMs
    service.fromBlock = null
  }
  // The block of the head began before the stretch: whether it was served whole is not known.
  if (headAtMs >= service.sinceMs - STALE_HEAD_MS) service.fromBlock ??= head.number + 1
  service.lastBeatMs = nowMs
  service.untilMs = nowMs
  service.untilBlock = head.number
}

/** Returns the blocks served from end to end in the newest stretch; `null` where there are none yet. */
export function servedBlocks(service: Service): Blocks | null {
  const { fromBlock, untilBlock } = service
  return fromBlock !== null && untilBlock > fromBlock ? { from: fromBlock, until: untilBlock } : null
}

/** Ends the present stretch. */
export function breakOff(service: Service): void {
  service.lastBeatMs = null
}

/**
 * Ends the newest stretch and takes back what it counted after `heardAtMs`: beats into a dead connection were no
 * service, and the peer did not count them either.
 */
export function breakOffAt(service: Service, heardAtMs: number): void {
  const endMs = Math.min(service.untilMs, Math.max(heardAtMs, service.sinceMs))
  service.servedMs -= service.untilMs - endMs
  service.untilMs = endMs
  breakOff(service)
}
