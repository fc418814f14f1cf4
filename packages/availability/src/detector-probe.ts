import {
  conclude,
  type Detector,
  type DetectorEffect,
  sharesDomain,
  silentMs,
  type WatchedPeer,
} from './detector-state.ts'
import { MIN_ODD_MS } from './suspicion.ts'

/** Peers that are asked to reach a suspect. */
export const PROBES = 3
/** Times in a row that others may reach a peer which we do not hear, before that no longer helps it. */
export const MAX_REFUTATIONS = 3

/** Asks further peers to reach one that is silent, as far as there are any and its probes are not used up. */
export function askOthers(detector: Detector, suspect: WatchedPeer, nowMs: number): DetectorEffect[] {
  const missing = PROBES - suspect.asked.size
  if (missing <= 0) return []
  return pickHelpers(detector, suspect, missing, nowMs).map((helper) => {
    suspect.asked.add(helper.peer)
    helper.lastAskedMs = nowMs
    return { do: 'probe', peer: suspect.peer, via: helper.peer }
  })
}

/** Picks those outside of its domains first, each in domains of its own as far as there are, who rested longest. */
function pickHelpers({ peers }: Detector, suspect: WatchedPeer, count: number, nowMs: number): WatchedPeer[] {
  const left = [...peers.values()]
    .filter((each) => each.verdict === 'alive' && silentMs(each, nowMs) < MIN_ODD_MS)
    .filter((each) => !suspect.asked.has(each.peer))
    .sort((a, b) => a.lastAskedMs - b.lastAskedMs)
  const picked: WatchedPeer[] = []
  for (const isWelcome of [
    (each: WatchedPeer) =>
      !sharesDomain(each.domains, suspect.domains) &&
      picked.every(({ domains }) => !sharesDomain(domains, each.domains)),
    (each: WatchedPeer) => !sharesDomain(each.domains, suspect.domains),
    () => true,
  ]) {
    for (const each of left) {
      if (picked.length < count && !picked.includes(each) && isWelcome(each)) picked.push(each)
    }
  }
  return picked
}

/**
 * Takes in what a peer that was asked found. Who reaches one that is not suspect yet says nothing of what comes then:
 * that peer, or another, is asked again.
 */
export function takeProbe(
  detector: Detector,
  suspect: WatchedPeer,
  via: string,
  reached: boolean,
  nowMs: number,
): DetectorEffect[] {
  if (suspect.verdict === 'dead' || !suspect.asked.has(via)) return []
  if (reached && suspect.verdict === 'suspect') return refute(detector, suspect, nowMs)
  if (reached) {
    suspect.asked.delete(via)
    return []
  }
  const helper = detector.peers.get(via)
  if (helper !== undefined && !sharesDomain(helper.domains, suspect.domains)) suspect.refusals.add(via)
  return []
}

/** Somebody reaches it: it is not dead, and of no use to us before we reach it too. */
function refute(detector: Detector, suspect: WatchedPeer, nowMs: number): DetectorEffect[] {
  if (suspect.refutations >= MAX_REFUTATIONS) return []
  suspect.refutations += 1
  listenAfresh(suspect, nowMs)
  return [...conclude(detector, suspect, 'degraded', 'unreachable'), { do: 'redial', peer: suspect.peer }]
}

/** Counts silence, and what others say of it, from now on. */
export function listenAfresh(peer: WatchedPeer, nowMs: number): void {
  Object.assign(peer, { heardMs: nowMs, deafMs: 0, witnessed: null })
  askAgain(peer)
}

/** Counts what others said no more: they are asked again. */
export function askAgain(peer: WatchedPeer | undefined): void {
  peer?.asked.clear()
  peer?.refusals.clear()
}
