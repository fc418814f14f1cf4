import { advanceDetector } from '../detector.ts'
import {
  createDetector,
  DETECTOR_TICK_MS,
  type Detector,
  type DetectorEffect,
  type DetectorEvent,
  type Verdict,
} from '../detector-state.ts'

/** A stretch of time, in milliseconds, `from` inclusive. */
export interface Span {
  readonly fromMs: number
  readonly untilMs: number
}

/** A peer of a simulated world; where `diesMs` is null it lives on. */
export interface SimulatedPeer {
  readonly domains: readonly string[]
  readonly diesMs: number | null
  /** Milliseconds between its beats, as they arrive, over and over. */
  readonly gapsMs: readonly number[]
  /** What it says of others when it is asked. */
  readonly honesty: 'honest' | 'always-reached' | 'never-reached'
}

/** A world around one detector. */
export interface DetectorPlan {
  readonly peers: readonly SimulatedPeer[]
  /** When we hear nobody and nobody hears us. */
  readonly cuts: readonly Span[]
  /** When our own process stands still; what arrives meanwhile is heard at its end. */
  readonly stalls: readonly Span[]
  /** Whether the chain answers. */
  readonly chain: boolean
  readonly lengthMs: number
}

/** A verdict, and when it fell. */
export interface Fallen {
  readonly peer: number
  readonly verdict: Verdict
  readonly atMs: number
}

const ANSWER_MS = 120

interface Arrival {
  readonly atMs: number
  readonly event: DetectorEvent
}

/** Plays a plan and returns every verdict that fell. Equal plans give equal verdicts. */
export function playDetector(plan: DetectorPlan): Fallen[] {
  const queue: Arrival[] = [...ticks(plan), ...plan.peers.flatMap((peer, index) => beats(plan, peer, index))]
  const detector = createDetector(0)
  plan.peers.forEach(({ domains }, index) => {
    advanceDetector(detector, { type: 'watch', peer: String(index), domains, boot: null }, 0)
  })
  const fallen: Fallen[] = []
  while (queue.length > 0) {
    queue.sort((a, b) => a.atMs - b.atMs)
    const next = queue.shift()
    if (next === undefined || next.atMs > plan.lengthMs) break
    for (const effect of advanceDetector(detector, next.event, next.atMs)) {
      if (effect.do === 'verdict') {
        fallen.push({ peer: Number(effect.peer), verdict: effect.verdict, atMs: next.atMs })
      }
      queue.push(...answers(plan, detector, effect, next.atMs))
    }
  }
  return fallen
}

/** Tells whether a moment lies in one of the spans. */
export function isWithin(spans: readonly Span[], atMs: number): boolean {
  return spans.some(({ fromMs, untilMs }) => fromMs <= atMs && atMs < untilMs)
}

function ticks(plan: DetectorPlan): Arrival[] {
  const arrivals: Arrival[] = []
  for (let atMs = DETECTOR_TICK_MS; atMs <= plan.lengthMs; ) {
    const heardMs = afterStall(plan, atMs)
    arrivals.push({ atMs: heardMs, event: { type: 'tick' } })
    atMs = heardMs + DETECTOR_TICK_MS
  }
  return arrivals
}

function beats(plan: DetectorPlan, { gapsMs, diesMs }: SimulatedPeer, index: number): Arrival[] {
  const arrivals: Arrival[] = []
  let atMs = 0
  for (let i = 0; atMs <= plan.lengthMs; i++) {
    atMs += gapsMs[i % gapsMs.length] ?? DETECTOR_TICK_MS
    if (diesMs !== null && atMs >= diesMs) break
    if (isWithin(plan.cuts, atMs)) continue
    arrivals.push({
      atMs: afterStall(plan, atMs),
      event: { type: 'beat', peer: String(index), progress: null, faulty: false },
    })
  }
  return arrivals
}

/** What the world says to an effect, a moment later, unless we are cut off. */
function answers(plan: DetectorPlan, detector: Detector, effect: DetectorEffect, nowMs: number): Arrival[] {
  const atMs = nowMs + ANSWER_MS
  if (isWithin(plan.cuts, nowMs) || isWithin(plan.cuts, atMs)) return []
  const heardMs = afterStall(plan, atMs)
  if (effect.do === 'reach') {
    return plan.chain ? [{ atMs: heardMs, event: { type: 'answered', domains: [] } }] : []
  }
  if (effect.do !== 'probe') return []
  const helper = plan.peers[Number(effect.via)]
  const target = plan.peers[Number(effect.peer)]
  if (helper === undefined || !lives(helper, nowMs) || !detector.peers.has(effect.via)) return []
  const reached =
    helper.honesty === 'honest'
      ? target !== undefined && lives(target, nowMs)
      : helper.honesty === 'always-reached'
  return [{ atMs: heardMs, event: { type: 'probed', peer: effect.peer, via: effect.via, reached } }]
}

function lives({ diesMs }: SimulatedPeer, nowMs: number): boolean {
  return diesMs === null || nowMs < diesMs
}

function afterStall({ stalls }: DetectorPlan, atMs: number): number {
  return stalls.find((stall) => isWithin([stall], atMs))?.untilMs ?? atMs
}
