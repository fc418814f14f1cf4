import { codec, count, uint } from '@souk/protocol'
import { z } from 'zod'
import { type Persist, persist } from './program.ts'
import { put, type Table } from './records.ts'

/** Bytes of one row. */
const PAUSE_ROW_BYTES = 1_024
/** Longest grace that a job may ask for: a day. */
export const MOST_GRACE_MS = 86_400_000
/** Milliseconds between two searches for leases of a paused job whose money seems to be there. */
const RESEARCH_MS = 2_000
/** Milliseconds from the first sight of the money to a search: providers must see it too. */
const COVERED_MS = 1_500

/** Why no lease can be bought: what binds, what a lease needs and what may be locked, in base units. */
export const shortage = z.strictObject({
  lacks: z.enum(['balance', 'limit', 'expiry']),
  needed: uint(96),
  available: uint(96),
})
export type Shortage = z.output<typeof shortage>

const pauseRow = z.strictObject({
  /** Milliseconds that the job waits for money each time; 0 for not at all. */
  graceMs: count(MOST_GRACE_MS),
  /** Milliseconds since the epoch; kept when the job fails for want of money, and says so then. */
  paused: z.strictObject({ shortage, sinceMs: count(), untilMs: count() }).nullable(),
})
export type PauseRow = z.output<typeof pauseRow>

/** How long a job waits for money, and whether it does; by job. */
export const pauses: Table<PauseRow> = {
  table: 'pauses',
  codec: codec('pauses row', pauseRow, PAUSE_ROW_BYTES),
}

/** A job's waiting for money: times are milliseconds since the epoch, so that a restart takes them up. */
export interface JobPause {
  readonly job: string
  row: PauseRow
  /** Since when the money seems to be there; null while it does not. */
  coveredSinceMs: number | null
  /** When leases may be looked for again. */
  searchAtMs: number
  /** The grace is over and leases were looked for once more. */
  isLast: boolean
}

export type PauseEvent =
  /** A search brought no lease, for want of money. */
  | { type: 'short'; shortage: Shortage }
  /** A search brought leases, or none for another reason. */
  | { type: 'over' }
  /** Time passed; `covered`: the money for a lease is there. */
  | { type: 'look'; covered: boolean; working: boolean; searching: boolean }
  /** The job fails for want of money without having waited. */
  | { type: 'end'; shortage: Shortage }

export type PauseEffect =
  | Persist
  | { readonly do: 'pause'; readonly shortage: Shortage; readonly untilMs: number }
  | { readonly do: 'resume'; readonly pausedMs: number }
  | { readonly do: 'search' }
  | { readonly do: 'give-up' }

/** Starts with nothing to wait for, or takes up what the row of an earlier process says. */
export function jobPause(job: string, row: PauseRow): JobPause {
  return { job, row, coveredSinceMs: null, searchAtMs: 0, isLast: false }
}

/**
 * Decides what one event means for a job's waiting: it begins when no lease can be paid, ends when leases come or
 * work goes on, and gives the job up once its grace is over and the money is still not there.
 */
export function advancePause(state: JobPause, event: PauseEvent, nowMs: number): PauseEffect[] {
  switch (event.type) {
    case 'short':
      return onShort(state, event.shortage, nowMs)
    case 'over':
      return resume(state, nowMs)
    case 'look':
      return onLook(state, event, nowMs)
    case 'end':
      return [write(state, { shortage: event.shortage, sinceMs: nowMs, untilMs: nowMs })]
  }
}

function onShort(state: JobPause, found: Shortage, nowMs: number): PauseEffect[] {
  const { graceMs, paused } = state.row
  if (graceMs === 0) return []
  if (paused === null) Object.assign(state, { searchAtMs: nowMs, coveredSinceMs: null, isLast: false })
  else if (isSame(paused.shortage, found)) return []
  const { sinceMs, untilMs } = paused ?? { sinceMs: nowMs, untilMs: nowMs + graceMs }
  const row = write(state, { shortage: found, sinceMs, untilMs })
  return [row, { do: 'pause', shortage: found, untilMs }]
}

function onLook(
  state: JobPause,
  { covered, working, searching }: Extract<PauseEvent, { type: 'look' }>,
  nowMs: number,
): PauseEffect[] {
  const { paused } = state.row
  if (paused === null) return []
  if (working) return resume(state, nowMs)
  if (searching) return []
  const untilMs = Math.min(paused.untilMs, nowMs + state.row.graceMs)
  // The clock was set back: that makes the grace no longer than it is from now on.
  if (untilMs < paused.untilMs) return [write(state, { ...paused, sinceMs: nowMs, untilMs })]
  state.coveredSinceMs = covered ? (state.coveredSinceMs ?? nowMs) : null
  const isLate = nowMs >= untilMs
  if (covered && !state.isLast && (isLate || maySearch(state, nowMs))) {
    Object.assign(state, { searchAtMs: nowMs + RESEARCH_MS, isLast: isLate })
    return [{ do: 'search' }]
  }
  return isLate ? [{ do: 'give-up' }] : []
}

function maySearch({ coveredSinceMs, searchAtMs }: JobPause, nowMs: number): boolean {
  return nowMs >= searchAtMs && nowMs - (coveredSinceMs ?? nowMs) >= COVERED_MS
}

function resume(state: JobPause, nowMs: number): PauseEffect[] {
  const { paused } = state.row
  if (paused === null) return []
  return [write(state, null), { do: 'resume', pausedMs: Math.max(0, nowMs - paused.sinceMs) }]
}

function write(state: JobPause, paused: PauseRow['paused']): Persist {
  state.row = { ...state.row, paused }
  return persist('committed', put(pauses, state.job, state.row))
}

function isSame(a: Shortage, b: Shortage): boolean {
  return a.lacks === b.lacks && a.needed === b.needed && a.available === b.available
}
