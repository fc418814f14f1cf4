import {
  type CourtSpans,
  downtimeSubject,
  epochOf,
  type Hex,
  holdsSeat,
  slotOf,
  slotStart,
} from '@souk/protocol'
import { drawBytes, drawFraction } from './watch-draw.ts'
import type { EpochWatch, Plan, Watch, WatchContext, WatchEffect, Watched } from './watch-state.ts'

/** Subjects watched in one epoch; a fair table gives a watcher about as many as a committee has seats. */
const MOST_WATCHED = 512
/** Probes under way at the same time. */
const PROBES_IN_FLIGHT = 64
/** Probes of one subject in one slot: one, and another before it is called down. */
const TRIES = 2
/** Longest and shortest wait for an answer, in milliseconds. */
const PROBE_MS = { longest: 8_000, shortest: 500 }
/** Longest pause before the other try, in milliseconds. */
const RETRY_PAUSE_MS = 5_000
/** End of a slot, in milliseconds, in which no probe begins where a slot is long: tries and pause fit into it. */
const TAIL_MS = 24_000
/** Where a slot is short, probes begin in the first of so many equal parts of it. */
const SHORT_SLOT_PARTS = 4
/** Milliseconds beyond its slot's likely end that a head may keep us waiting before its slot counts as over. */
const HEAD_PATIENCE_MS = 10_000
/** Milliseconds after its time at which a probe without result no longer takes a place. */
const FLIGHT_GRACE_MS = 5_000

/** Adds the subjects whose committee this watcher sits in, and drops those that a newer lot took from it. */
export function enlist(context: WatchContext, watch: Watch, epoch: number, each: EpochWatch): void {
  const { lot, considered, watched } = each
  if (lot === null) return
  const sits = (key: Hex) => isSeated(context, lot, downtimeSubject(key, epoch))
  if (considered.size === 0) for (const key of watched.keys()) if (!sits(key)) watched.delete(key)
  for (const [key, at] of watch.subjects) {
    const known = watched.get(key)
    if (known !== undefined) known.at = at
    if (considered.has(key)) continue
    considered.add(key)
    if (known !== undefined || key === context.signer.address || watched.size >= MOST_WATCHED) continue
    if (sits(key)) watched.set(key, { at, seen: 0, up: 0, plan: null })
  }
}

function isSeated({ rules, signer }: WatchContext, lot: EpochWatch['lot'], subject: Hex): boolean {
  return lot !== null && holdsSeat(rules, lot.table, lot.seed, subject, signer.address)
}

/** Draws for each subject without a plan the moment of its probe in what is left of the slot. */
export function planSlot({ rules }: WatchContext, watch: Watch, head: number): void {
  const left = slotEnd(rules, head) - head
  for (const watched of watch.epochs.get(epochOf(rules, head))?.watched.values() ?? []) {
    watched.plan ??= drawPlan(watch, head, left)
  }
}

function drawPlan(watch: Watch, head: number, left: number): Plan {
  const tail = watch.blockMs > 0 ? TAIL_MS / watch.blockMs : left
  const after = drawFraction(watch.draws) * Math.max(left / SHORT_SLOT_PARTS, left - tail)
  const block = head + Math.floor(after)
  return { block, blockShare: after % 1, dueMs: null, tries: 0, flight: null, outcome: 'open' }
}

/** Sends the probes that are due, as far as there are places. */
export function launch({ rules }: WatchContext, watch: Watch, head: number, nowMs: number): WatchEffect[] {
  for (const [nonce, { untilMs }] of watch.flights) if (untilMs < nowMs) watch.flights.delete(nonce)
  if (isOverdue(rules, watch, head, nowMs)) return []
  const epoch = epochOf(rules, head)
  const effects: WatchEffect[] = []
  for (const [subject, watched] of watch.epochs.get(epoch)?.watched ?? []) {
    if (watch.flights.size >= PROBES_IN_FLIGHT) break
    const { plan } = watched
    if (plan === null || !isDue(watch, plan, head, nowMs)) continue
    const timeoutMs = patience(remainingMs(rules, watch, head, nowMs), TRIES - plan.tries)
    const nonce = drawBytes(watch.draws)
    watch.flights.set(nonce, { epoch, subject, untilMs: nowMs + timeoutMs + FLIGHT_GRACE_MS })
    plan.tries += 1
    plan.flight = nonce
    effects.push({ do: 'probe', subject, at: watched.at, nonce, timeoutMs })
  }
  return effects
}

function isDue(watch: Watch, plan: Plan, head: number, nowMs: number): boolean {
  if (plan.outcome !== 'open' || plan.flight !== null || head < plan.block) return false
  plan.dueMs ??= head > plan.block ? nowMs : watch.headMs + plan.blockShare * watch.blockMs
  return nowMs >= plan.dueMs
}

/** Tells whether the chain has likely left the slot while we heard of no block. */
function isOverdue(rules: CourtSpans, watch: Watch, head: number, nowMs: number): boolean {
  return remainingMs(rules, watch, head, nowMs) < -HEAD_PATIENCE_MS
}

function remainingMs(rules: CourtSpans, watch: Watch, head: number, nowMs: number): number {
  return (slotEnd(rules, head) - head) * watch.blockMs - (nowMs - watch.headMs)
}

/** Leaves time for the tries that may follow, and for the pause between them. */
function patience(leftMs: number, tries: number): number {
  return Math.min(PROBE_MS.longest, Math.max(PROBE_MS.shortest, leftMs / (tries + 1)))
}

function slotEnd(rules: CourtSpans, head: number): number {
  return slotStart(rules, epochOf(rules, head), slotOf(rules, head) + 1)
}

/** Notes how a probe ended, unless its slot is over; plans the other try where none came. */
export function takeResult(
  { rules }: WatchContext,
  watch: Watch,
  nonce: Hex,
  isUp: boolean,
  nowMs: number,
): void {
  const watched = flown(watch, nonce)
  watch.flights.delete(nonce)
  const plan = watched?.plan
  if (watch.head === null || !plan || plan.flight !== nonce) return
  if (isOverdue(rules, watch, watch.head, nowMs)) return
  plan.flight = null
  if (isUp) plan.outcome = 'up'
  else if (plan.tries >= TRIES) plan.outcome = 'down'
  else plan.dueMs = nowMs + drawFraction(watch.draws) * longestPause(rules, watch)
}

function flown(watch: Watch, nonce: Hex): Watched | undefined {
  const flight = watch.flights.get(nonce)
  return flight && watch.epochs.get(flight.epoch)?.watched.get(flight.subject)
}

/** An eighth of a slot, where that is short. */
function longestPause({ slotBlocks }: CourtSpans, { blockMs }: Watch): number {
  return Math.min(RETRY_PAUSE_MS, (slotBlocks * blockMs) / 8)
}
