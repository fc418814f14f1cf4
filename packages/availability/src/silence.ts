/** Gaps between beats that the estimate remembers: half a minute of beats every 500 ms. */
const MAX_GAPS = 64
/** Milliseconds of silence that are never suspicious: four lost beats (docs/ARCHITECTURE.md). */
const MIN_SUSPICION_MS = 2_000
/** Milliseconds after which silence is suspicious however irregular a peer made its beats before. */
const MAX_SUSPICION_MS = 30_000
/** Standard deviations above the mean gap that a late beat may take. */
const SIGMAS = 4
/** Milliseconds between suspicion and death: time for indirect probes to answer. */
const DEFAULT_GRACE_MS = 3_000
/** Milliseconds our own event loop may be late before what we did not hear says nothing. */
const MAX_LAG_MS = 250

/** What silence lets us say about a peer; `dead` is final, a new channel starts a new detector. */
export type SilenceVerdict = 'alive' | 'suspected' | 'dead'

/** A failure detector for one channel. All times are milliseconds of one monotonic local clock. */
export interface SilenceState {
  readonly verdict: SilenceVerdict
  readonly lastBeatMs: number
  /** The newest gaps between beats, oldest first. */
  readonly gapsMs: readonly number[]
  /** Time since the last beat in which we ourselves could not listen. */
  readonly deafMs: number
}

/** What can happen: a beat arrives, or we look at the clock; `lagMs` is how late our own event loop is. */
export type SilenceEvent = { readonly kind: 'beat' } | { readonly kind: 'check'; readonly lagMs: number }

export interface SilenceOptions {
  /** Milliseconds between suspicion and death. */
  readonly graceMs?: number
}

/** Starts a detector as if a beat had just come. */
export function createSilence(nowMs: number): SilenceState {
  return { verdict: 'alive', lastBeatMs: nowMs, gapsMs: [], deafMs: 0 }
}

/** Returns the state after an event. While our own loop lags no verdict changes, and that time is no silence. */
export function stepSilence(
  state: SilenceState,
  event: SilenceEvent,
  nowMs: number,
  options: SilenceOptions = {},
): SilenceState {
  if (state.verdict === 'dead') return state
  if (event.kind === 'beat') return beat(state, nowMs)
  if (event.lagMs > MAX_LAG_MS) return { ...state, deafMs: state.deafMs + event.lagMs }
  const { suspectedAtMs, deadAtMs } = silenceDeadlines(state, options)
  if (nowMs >= deadAtMs && state.verdict === 'suspected') return { ...state, verdict: 'dead' }
  return nowMs >= suspectedAtMs ? { ...state, verdict: 'suspected' } : state
}

/** Returns when silence turns into suspicion and into death if no beat comes: when to check next. */
export function silenceDeadlines(
  state: SilenceState,
  { graceMs = DEFAULT_GRACE_MS }: SilenceOptions = {},
): { suspectedAtMs: number; deadAtMs: number } {
  const suspectedAtMs = state.lastBeatMs + state.deafMs + suspicionMs(state.gapsMs)
  return { suspectedAtMs, deadAtMs: suspectedAtMs + graceMs }
}

/** Returns the silence in milliseconds that is suspicious: mean + 4σ of the gaps, within bounds (docs/ARCHITECTURE.md). */
export function suspicionMs(gapsMs: readonly number[]): number {
  if (gapsMs.length === 0) return MIN_SUSPICION_MS
  const mean = gapsMs.reduce((sum, gap) => sum + gap, 0) / gapsMs.length
  const variance = gapsMs.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gapsMs.length
  const late = mean + SIGMAS * Math.sqrt(variance)
  return Math.min(MAX_SUSPICION_MS, Math.max(MIN_SUSPICION_MS, late))
}

function beat(state: SilenceState, nowMs: number): SilenceState {
  const gap = Math.max(0, nowMs - state.lastBeatMs - state.deafMs)
  return { verdict: 'alive', lastBeatMs: nowMs, gapsMs: [...state.gapsMs, gap].slice(-MAX_GAPS), deafMs: 0 }
}
