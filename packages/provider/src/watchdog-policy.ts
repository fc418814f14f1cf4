/** Milliseconds between ticks of a watchdog, and of the heart that it hears. */
export const HEART_MS = 1_000
/** Milliseconds from the start of a process to its first beat: it loads its programs first. */
const FIRST_BEAT_MS = 120_000
/** Milliseconds from an end to the next start, at first and at most; in between they double. */
const RESTART_MS = { least: 1_000, most: 60_000 } as const
/** Milliseconds of life after which an end counts as the first again. */
const LONG_LIFE_MS = 600_000
/** Starts within an hour: what fails as often needs a person. */
const MOST_STARTS = 10
const HOUR_MS = 3_600_000
/** Exit code of a provider that could not begin now, and may later. */
export const EXIT_LATER = 75

/** What a watchdog hears. */
export type WatchdogEvent =
  | { readonly type: 'tick' }
  | { readonly type: 'beat' }
  | { readonly type: 'ready' }
  | { readonly type: 'signal'; readonly signal: NodeJS.Signals }
  /** The process ended; `isMeant` where somebody said beforehand that it shall not be started again. */
  | { readonly type: 'ended'; readonly code: number | null; readonly isMeant: boolean }
  /** Somebody said that no process shall be started again. */
  | { readonly type: 'called-off' }

/** What it does. */
export type WatchdogAction =
  | { readonly do: 'start' }
  | { readonly do: 'kill'; readonly why: string }
  | { readonly do: 'pass'; readonly signal: NodeJS.Signals }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'leave'; readonly code: number; readonly why: string }

/** What it knows; changed in place. */
export interface Watchdog {
  readonly stallMs: number
  /** Whether a process is there. */
  isThere: boolean
  /** Whether the present process has beaten, and whether any was ever ready. */
  hasBeaten: boolean
  wasReady: boolean
  /** Whether the process is asked to end, and whether it was killed for its silence. */
  isEnding: boolean
  isKilled: boolean
  heardAtMs: number
  tickAtMs: number
  /** When the present process began, or the next shall. */
  startAtMs: number
  /** Ends in a row that came soon. */
  failures: number
  /** Starts within the last hour. */
  starts: number[]
}

/** Makes a watchdog that starts its process at the first tick and kills it after `stallMs` of silence. */
export function newWatchdog(stallMs: number, nowMs: number): Watchdog {
  return {
    ...{ stallMs, isThere: false, hasBeaten: false, wasReady: false, isEnding: false, isKilled: false },
    ...{ heardAtMs: nowMs, tickAtMs: nowMs, startAtMs: nowMs, failures: 0, starts: [] },
  }
}

/** Decides what one event means. */
export function watch(dog: Watchdog, event: WatchdogEvent, nowMs: number): WatchdogAction[] {
  switch (event.type) {
    case 'tick':
      return onTick(dog, nowMs)
    case 'beat':
    case 'ready':
      dog.heardAtMs = nowMs
      dog.hasBeaten = true
      if (event.type === 'ready') dog.wasReady = true
      return []
    case 'signal':
      dog.isEnding = true
      return dog.isThere ? [{ do: 'pass', signal: event.signal }] : [leave(0, event.signal)]
    case 'called-off':
      return dog.isThere ? [] : [leave(0, 'somebody ended the provider')]
    case 'ended':
      return onEnd(dog, event, nowMs)
  }
}

function onTick(dog: Watchdog, nowMs: number): WatchdogAction[] {
  // Who stood still heard nothing meanwhile.
  const lateMs = nowMs - dog.tickAtMs - HEART_MS
  if (lateMs > HEART_MS) dog.heardAtMs += lateMs
  dog.tickAtMs = nowMs
  if (!dog.isThere) return nowMs >= dog.startAtMs ? start(dog, nowMs) : []
  const silentMs = nowMs - dog.heardAtMs
  const mostMs = dog.hasBeaten ? dog.stallMs : Math.max(FIRST_BEAT_MS, dog.stallMs)
  if (dog.isKilled || silentMs <= mostMs) return []
  dog.isKilled = true
  return [{ do: 'kill', why: `it gave no sign of life for ${Math.round(silentMs / 1_000)} s` }]
}

function start(dog: Watchdog, nowMs: number): WatchdogAction[] {
  dog.starts = [...dog.starts.filter((atMs) => nowMs - atMs < HOUR_MS), nowMs]
  Object.assign(dog, { isThere: true, hasBeaten: false, isKilled: false })
  Object.assign(dog, { heardAtMs: nowMs, startAtMs: nowMs })
  return [{ do: 'start' }]
}

function onEnd(
  dog: Watchdog,
  { code, isMeant }: Extract<WatchdogEvent, { type: 'ended' }>,
  nowMs: number,
): WatchdogAction[] {
  dog.isThere = false
  if (dog.isEnding) return [leave(code ?? (dog.isKilled ? 1 : 0), 'it was asked to')]
  if (isMeant || code === 0) return [leave(0, 'the provider ended on purpose')]
  // What never began, and does not say that it may later, is for the operator to put right.
  if (!dog.wasReady && code !== null && code !== EXIT_LATER)
    return [leave(code, 'the provider does not start')]
  const recent = dog.starts.filter((atMs) => nowMs - atMs < HOUR_MS).length
  if (recent >= MOST_STARTS) return [leave(1, `the provider was started ${recent} times within an hour`)]
  dog.failures = nowMs - dog.startAtMs >= LONG_LIFE_MS ? 0 : dog.failures
  const ms = Math.min(RESTART_MS.most, RESTART_MS.least * 2 ** dog.failures)
  dog.failures += 1
  dog.startAtMs = nowMs + ms
  return [{ do: 'wait', ms }]
}

function leave(code: number, why: string): WatchdogAction {
  return { do: 'leave', code, why }
}
