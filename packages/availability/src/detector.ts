import { askOthers, listenAfresh, PROBES, takeProbe } from './detector-probe.ts'
import {
  conclude,
  DETECTOR_TICK_MS,
  type Detector,
  type DetectorEffect,
  type DetectorEvent,
  silentMs,
  type WatchedPeer,
} from './detector-state.ts'
import { GRACE_MS, isLate, MAX_LAG_MS, witness, witnessedMs } from './detector-witness.ts'
import { learnGap, oddMs, suspicionMs } from './suspicion.ts'

/** Milliseconds between requests for an answer of anybody, while somebody is suspect. */
const REACH_MS = 500
/** Milliseconds without progress after which a peer is degraded, unless its watcher knows better. */
const DEFAULT_STALL_MS = 30_000

/**
 * Decides what one event says about the peers under watch.
 *
 * Silence alone is never death: others must answer *while* the peer is silent, for a whole grace without a break, or
 * three of them must have failed to reach it. So who is cut off itself, or stands still, blames nobody. Verdicts
 * from silence fall on ticks, and where ticks come in time at the answer that decides.
 */
export function advanceDetector(detector: Detector, event: DetectorEvent, nowMs: number): DetectorEffect[] {
  if (event.type === 'tick') return onTick(detector, nowMs)
  if (event.type === 'watch') return onWatch(detector, event, nowMs)
  if (event.type === 'answered') return witness(detector, event.domains, nowMs)
  const peer = detector.peers.get(event.peer)
  if (event.type === 'unwatch') return forget(detector, event.peer)
  if (event.type === 'probed') return onProbed(detector, event, nowMs)
  if (peer === undefined || peer.verdict === 'dead') return []
  switch (event.type) {
    case 'beat':
      return onBeat(detector, peer, event, nowMs)
    case 'closed':
      return onClosed(detector, peer, event.byUs)
    case 'connected':
      return onConnected(detector, peer, event.boot, nowMs)
    case 'refused':
      return peer.link === 'closed' ? conclude(detector, peer, 'dead', 'refused') : []
  }
}

/**
 * Returns how long a peer that fell silent is not called dead, in milliseconds at most.
 *
 * @param suspectedAfterMs what {@link suspicionMs} says of its beats
 * @param answersEveryMs longest pause between answers of anybody outside its domains; below 1,500
 */
export function detectionBoundMs(suspectedAfterMs: number, answersEveryMs: number): number {
  return suspectedAfterMs + GRACE_MS + 2 * answersEveryMs + 2 * DETECTOR_TICK_MS
}

function onWatch(
  { peers, suspects }: Detector,
  { peer, domains, boot, stallMs = DEFAULT_STALL_MS }: Extract<DetectorEvent, { type: 'watch' }>,
  nowMs: number,
): DetectorEffect[] {
  suspects.delete(peer)
  peers.set(peer, {
    ...{ peer, domains, stallMs, boot, verdict: 'alive', reason: 'heard', link: 'open' },
    ...{ heardMs: nowMs, deafMs: 0, gapsMs: [], faulty: false, progress: null, progressMs: nowMs },
    ...{ witnessed: null, asked: new Set(), refusals: new Set(), refutations: 0 },
    lastAskedMs: Number.NEGATIVE_INFINITY,
  })
  return []
}

function forget({ peers, suspects }: Detector, peer: string): DetectorEffect[] {
  peers.delete(peer)
  suspects.delete(peer)
  return []
}

function onBeat(
  detector: Detector,
  peer: WatchedPeer,
  { progress, faulty, stallMs = peer.stallMs }: Extract<DetectorEvent, { type: 'beat' }>,
  nowMs: number,
): DetectorEffect[] {
  learnGap(peer.gapsMs, Math.max(0, silentMs(peer, nowMs)))
  listenAfresh(peer, nowMs)
  if (progress === null || progress !== peer.progress) peer.progressMs = nowMs
  const link = peer.link === 'paused' ? 'paused' : 'open'
  Object.assign(peer, { progress, faulty, stallMs, link, refutations: 0 })
  return [...judgeWork(detector, peer), ...witness(detector, peer.domains, nowMs)]
}

/** Says whether a peer that answers is of use; by the time of the last tick, which knows whether we lag ourselves. */
function judgeWork(detector: Detector, peer: WatchedPeer): DetectorEffect[] {
  if (peer.faulty) return conclude(detector, peer, 'degraded', 'faulty')
  const isStalled = peer.progress !== null && detector.tickMs - peer.progressMs > peer.stallMs
  return isStalled
    ? conclude(detector, peer, 'degraded', 'no-progress')
    : conclude(detector, peer, 'alive', 'heard')
}

function onProbed(
  detector: Detector,
  { peer: name, via, reached }: Extract<DetectorEvent, { type: 'probed' }>,
  nowMs: number,
): DetectorEffect[] {
  const helper = detector.peers.get(via)
  if (helper !== undefined) witness(detector, helper.domains, nowMs)
  const suspect = detector.peers.get(name)
  if (suspect === undefined) return []
  const effects = takeProbe(detector, suspect, via, reached, nowMs)
  if (isLate(detector, nowMs) || !isRefused(suspect, nowMs)) return effects
  return conclude(detector, suspect, 'dead', 'probes')
}

/** Tells whether a suspect is silent, nobody of those who were asked reaches it, and we are not cut off just now. */
function isRefused(peer: WatchedPeer, nowMs: number): boolean {
  if (peer.verdict !== 'suspect' || peer.link === 'paused' || peer.refusals.size < PROBES) return false
  return witnessedMs(peer, nowMs) !== null && silentMs(peer, nowMs) >= suspicionMs(peer.gapsMs)
}

/** A close that we caused is no evidence. One by the peer is: its work goes elsewhere before anything else. */
function onClosed(detector: Detector, peer: WatchedPeer, byUs: boolean): DetectorEffect[] {
  peer.link = byUs ? 'paused' : 'closed'
  if (byUs) return []
  return [
    { do: 'redispatch', peer: peer.peer },
    ...conclude(detector, peer, 'suspect', 'closed'),
    { do: 'redial', peer: peer.peer },
  ]
}

function onConnected(detector: Detector, peer: WatchedPeer, boot: string, nowMs: number): DetectorEffect[] {
  if (peer.boot !== null && peer.boot !== boot) return conclude(detector, peer, 'dead', 'rebooted')
  Object.assign(peer, { boot, link: 'open', progressMs: nowMs, refutations: 0 })
  listenAfresh(peer, nowMs)
  return [...judgeWork(detector, peer), ...witness(detector, peer.domains, nowMs)]
}

function onTick(detector: Detector, nowMs: number): DetectorEffect[] {
  const lagMs = nowMs - detector.tickMs - DETECTOR_TICK_MS
  detector.tickMs = nowMs
  if (lagMs > MAX_LAG_MS) return excuse(detector, lagMs, nowMs)
  const effects = [...detector.peers.values()].flatMap((peer) => judge(detector, peer, nowMs))
  if (detector.suspects.size === 0 || nowMs - detector.reachMs < REACH_MS) return effects
  detector.reachMs = nowMs
  detector.unheardMs ??= nowMs
  return [...effects, { do: 'reach' }]
}

/** We stood still: that time is nobody's silence, and no verdict falls. */
function excuse(detector: Detector, lagMs: number, nowMs: number): DetectorEffect[] {
  detector.unheardMs = null
  for (const peer of detector.peers.values()) {
    peer.deafMs += Math.max(0, Math.min(lagMs, silentMs(peer, nowMs)))
    peer.progressMs += lagMs
    peer.witnessed = null
  }
  return []
}

function judge(detector: Detector, peer: WatchedPeer, nowMs: number): DetectorEffect[] {
  if (peer.verdict === 'dead' || peer.link === 'paused') return []
  if (silentMs(peer, nowMs) < suspicionMs(peer.gapsMs)) return judgeHeard(detector, peer, nowMs)
  if (peer.verdict !== 'suspect') {
    return [...conclude(detector, peer, 'suspect', 'silence'), ...askOthers(detector, peer, nowMs)]
  }
  if (isRefused(peer, nowMs)) return conclude(detector, peer, 'dead', 'probes')
  if (nowMs >= detector.sparedMs && (witnessedMs(peer, nowMs) ?? 0) >= GRACE_MS) {
    return conclude(detector, peer, 'dead', 'silence')
  }
  return askOthers(detector, peer, nowMs)
}

/** Judges one whose silence is not suspicious yet; where it is odd already, others are asked beforehand. */
function judgeHeard(detector: Detector, peer: WatchedPeer, nowMs: number): DetectorEffect[] {
  if (peer.verdict === 'suspect') return []
  const effects = peer.reason === 'unreachable' ? [] : judgeWork(detector, peer)
  const isOdd = silentMs(peer, nowMs) >= oddMs(peer.gapsMs)
  return isOdd ? [...effects, ...askOthers(detector, peer, nowMs)] : effects
}
