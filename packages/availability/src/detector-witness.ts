import { askAgain } from './detector-probe.ts'
import {
  DETECTOR_TICK_MS,
  type Detector,
  type DetectorEffect,
  sharesDomain,
  silentMs,
  type WatchedPeer,
} from './detector-state.ts'
import { suspicionMs } from './suspicion.ts'

/** Milliseconds for which others must be heard, without a break, while a suspect is not: then it is dead. */
export const GRACE_MS = 3_000
/** Milliseconds between two answers of others that count as one unbroken stretch. */
const WITNESS_GAP_MS = 1_500
/** Milliseconds after an outage of our own in which nobody is dead for silence alone, at most. */
const MOST_SPARED_MS = 30_000
/** Milliseconds within which somebody else was heard where a peer is called dead for its silence. */
const FRESH_MS = 500
/** Milliseconds a tick may be late before what we did not hear says nothing. */
export const MAX_LAG_MS = 250

/** Notes that somebody answered, for every suspect outside of its domains. */
export function witness(detector: Detector, domains: readonly string[], nowMs: number): DetectorEffect[] {
  endOutage(detector, nowMs)
  for (const name of detector.suspects) {
    const peer = detector.peers.get(name)
    if (peer === undefined || sharesDomain(peer.domains, domains)) continue
    if (peer.link === 'paused' || silentMs(peer, nowMs) < suspicionMs(peer.gapsMs)) continue
    const isUnbroken = peer.witnessed !== null && nowMs - peer.witnessed.untilMs <= WITNESS_GAP_MS
    peer.witnessed = { sinceMs: isUnbroken ? (peer.witnessed?.sinceMs ?? nowMs) : nowMs, untilMs: nowMs }
  }
  return []
}

/**
 * Notes that we are not cut off, or no longer. Connections that were open in an outage come back later than new ones are
 * made, because TCP waits twice as long before each next try: up to as long as the outage was.
 */
function endOutage(detector: Detector, nowMs: number): void {
  const outageMs = isLate(detector, nowMs) ? 0 : nowMs - (detector.unheardMs ?? nowMs)
  detector.unheardMs = null
  if (outageMs <= WITNESS_GAP_MS) return
  detector.sparedMs = nowMs + Math.min(MOST_SPARED_MS, GRACE_MS + outageMs)
  for (const name of detector.suspects) askAgain(detector.peers.get(name))
}

/** Tells whether we stood still since the last tick. */
export function isLate({ tickMs }: Detector, nowMs: number): boolean {
  return nowMs - tickMs > DETECTOR_TICK_MS + MAX_LAG_MS
}

/** Returns for how long others were heard while a peer is silent; null where nobody was just now. */
export function witnessedMs({ witnessed }: WatchedPeer, nowMs: number): number | null {
  if (witnessed === null || nowMs - witnessed.untilMs > FRESH_MS) return null
  return witnessed.untilMs - witnessed.sinceMs
}
