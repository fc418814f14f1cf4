import type { Hex } from '@souk/protocol'

/** What we hold of a peer: `degraded` is there and of no use, `suspect` is silent, `dead` is final. */
export type Verdict = 'alive' | 'degraded' | 'suspect' | 'dead'

/** What a verdict rests on. */
export type VerdictReason =
  /** It answers. */
  | 'heard'
  /** It answers, has work, and none of it moved for as long as its watcher allowed. */
  | 'no-progress'
  /** Its own beats say that its hardware is faulty. */
  | 'faulty'
  /** Others reach it and we do not. */
  | 'unreachable'
  /** It was silent for longer than its beats ever gave reason to expect; others were heard all the while. */
  | 'silence'
  /** It was silent, and none of the peers that were asked reached it. */
  | 'probes'
  /** It closed the connection. */
  | 'closed'
  /** Nobody listens where it was. */
  | 'refused'
  /** Another run of the process answers: what the old one held is gone. */
  | 'rebooted'

/** One peer under watch. All times are milliseconds of one monotonic local clock. */
export interface WatchedPeer {
  readonly peer: string
  /** Its failure domains (`failureDomains`). */
  readonly domains: readonly string[]
  /** Milliseconds without progress after which a peer that has work is degraded. */
  stallMs: number
  boot: Hex | null
  verdict: Verdict
  reason: VerdictReason
  /** `paused`: we hung up ourselves, so that its silence says nothing. */
  link: 'open' | 'closed' | 'paused'
  heardMs: number
  /** Part of the time since then in which we ourselves could not listen. */
  deafMs: number
  /** The newest gaps between its beats, oldest first. */
  readonly gapsMs: number[]
  faulty: boolean
  /** Its newest measure of progress; null while it has nothing to do. */
  progress: number | null
  progressMs: number
  /** The unbroken stretch in which others answered while it was silent; null before the first answer. */
  witnessed: { readonly sinceMs: number; readonly untilMs: number } | null
  /** Peers asked to reach it in this suspicion. */
  readonly asked: Set<string>
  /** Of those, the ones outside its domains that could not. */
  readonly refusals: Set<string>
  /** Times in a row that others reached it and we heard nothing. */
  refutations: number
  /** When it was last asked to reach another, so that this work goes round. */
  lastAskedMs: number
}

/** Everything that one node watches, and how well it hears itself. */
export interface Detector {
  readonly peers: Map<string, WatchedPeer>
  /** Those among them whose verdict is `suspect`. */
  readonly suspects: Set<string>
  tickMs: number
  reachMs: number
  /** When anybody was first asked for since somebody was heard; null after that. */
  unheardMs: number | null
  /** Nobody is dead for silence alone before this: we were cut off, and connections take their time to come back. */
  sparedMs: number
}

/** What can happen. Events of peers that are not watched, and of dead ones, say nothing of them. */
export type DetectorEvent =
  | {
      readonly type: 'watch'
      readonly peer: string
      readonly domains: readonly string[]
      readonly boot: Hex | null
      readonly stallMs?: number
    }
  | { readonly type: 'unwatch'; readonly peer: string }
  | {
      readonly type: 'beat'
      readonly peer: string
      /** Any number that changes when its work moves; null while it has none. */
      readonly progress: number | null
      readonly faulty: boolean
      /** How long its work may stand still from now on, where that is known better than at the beginning. */
      readonly stallMs?: number
    }
  /** Something else answered us: a bootstrap peer or the chain (no domains), or a peer that is not watched. */
  | { readonly type: 'answered'; readonly domains: readonly string[] }
  | { readonly type: 'probed'; readonly peer: string; readonly via: string; readonly reached: boolean }
  | { readonly type: 'closed'; readonly peer: string; readonly byUs: boolean }
  | { readonly type: 'connected'; readonly peer: string; readonly boot: Hex }
  /** The redial after a `closed` found nobody who listens. */
  | { readonly type: 'refused'; readonly peer: string }
  /** Comes every {@link DETECTOR_TICK_MS}; one that is late shows that our own loop is. */
  | { readonly type: 'tick' }

/** What to do, in this order. */
export type DetectorEffect =
  | {
      readonly do: 'verdict'
      readonly peer: string
      readonly verdict: Verdict
      readonly reason: VerdictReason
    }
  /** Run what is in flight at this peer elsewhere, now; older attempts are fenced. */
  | { readonly do: 'redispatch'; readonly peer: string }
  | { readonly do: 'redial'; readonly peer: string }
  /** Ask `via` whether it reaches `peer`, and post `probed`. */
  | { readonly do: 'probe'; readonly peer: string; readonly via: string }
  /** Ask a bootstrap peer and the chain for anything, and post `answered`. */
  | { readonly do: 'reach' }

/** Milliseconds between ticks. */
export const DETECTOR_TICK_MS = 250

/** Starts a detector that watches nobody. */
export function createDetector(nowMs: number): Detector {
  const never = Number.NEGATIVE_INFINITY
  const none = { peers: new Map(), suspects: new Set<string>() }
  return { ...none, tickMs: nowMs, reachMs: never, unheardMs: null, sparedMs: never }
}

/** Returns how long a peer was silent, in milliseconds, without the time in which we could not listen. */
export function silentMs({ heardMs, deafMs }: WatchedPeer, nowMs: number): number {
  return nowMs - heardMs - deafMs
}

/** Tells whether two peers share a failure domain. */
export function sharesDomain(one: readonly string[], other: readonly string[]): boolean {
  return one.some((domain) => other.includes(domain))
}

/** Gives a verdict, and says so where it is a new one. */
export function conclude(
  detector: Detector,
  peer: WatchedPeer,
  verdict: Verdict,
  reason: VerdictReason,
): DetectorEffect[] {
  if (peer.verdict === verdict && peer.reason === reason) return []
  Object.assign(peer, { verdict, reason })
  if (verdict === 'suspect') detector.suspects.add(peer.peer)
  else detector.suspects.delete(peer.peer)
  return [{ do: 'verdict', peer: peer.peer, verdict, reason }]
}
