import { type FailureCode, type Hex, LIMITS, taskBytes, taskDigest } from '@souk/protocol'
import { type BuyerEffect, type BuyerLease, type Dispatch, queue, transmit } from './buyer-state.ts'
import { enqueue, fitFrames, inlineBytes, rideAlong } from './channel.ts'
import { persist } from './program.ts'

/** Sends attempts to the provider, or gives them straight back where the lease cannot take them now. */
export function dispatch(state: BuyerLease, items: readonly Dispatch[]): BuyerEffect[] {
  for (const { attempt } of items) {
    state.inFlight.set(attempt.id, { task: taskDigest(attempt.task), seq: state.channel.outSeq + 1 })
  }
  if (!state.connected || state.purchase.phase !== 'active') return bounce(state, items)
  return fitFrames(items, dispatchBytes, LIMITS.runAttempts).flatMap((group) => sendGroup(state, group))
}

function sendGroup(state: BuyerLease, group: readonly Dispatch[]): BuyerEffect[] {
  const attempts = group.map((item) => item.attempt)
  const { frame, writes } = enqueue(state.channel, { t: 'run', attempts, inline: rideAlong(group) })
  for (const attempt of attempts) {
    state.inFlight.set(attempt.id, { task: taskDigest(attempt.task), seq: frame.seq })
  }
  return [persist('committed', ...writes), ...transmit(state, frame)]
}

/** Gives back attempts that crossed the loss of the connection, or the end of the lease. */
export function bounce(state: BuyerLease, items: readonly Dispatch[]): BuyerEffect[] {
  const attempts = items.map((item) => item.attempt.id)
  for (const id of attempts) state.inFlight.delete(id)
  return attempts.length === 0 ? [] : [{ do: 'capacity' }, { do: 'suspend', attempts }]
}

/** Bytes that an attempt takes in a `run` frame, with room for its id, number and deadline. */
function dispatchBytes(item: Dispatch): number {
  return taskBytes(item.attempt.task) + inlineBytes(item.inline) + 256
}

/** Tells the provider that attempts are no longer wanted. */
export function cancel(state: BuyerLease, attempts: readonly string[]): BuyerEffect[] {
  const held = attempts.filter((id) => state.inFlight.has(id))
  return held.length === 0 ? [] : [...withdraw(state, held), { do: 'capacity' }]
}

/** Counts who is inside of an attempt: such a one is not run elsewhere as soon as the connection is gone. */
export function hold(state: BuyerLease, attempt: string, by: 1 | -1): BuyerEffect[] {
  const count = (state.held.get(attempt) ?? 0) + by
  if (count > 0) state.held.set(attempt, count)
  else state.held.delete(attempt)
  return []
}

/**
 * Gives all running attempts that nobody is inside of back to the job because the connection is gone. The provider
 * hears of it when the lease is resumed, before anything new: else it would go on and refuse what comes in their
 * place.
 */
export function suspend(state: BuyerLease): BuyerEffect[] {
  const attempts = [...state.inFlight.keys()].filter((id) => !state.held.has(id))
  if (attempts.length === 0) return []
  return [...withdraw(state, attempts), { do: 'suspend', attempts }]
}

function withdraw(state: BuyerLease, attempts: readonly string[]): BuyerEffect[] {
  const effects: BuyerEffect[] = []
  for (let at = 0; at < attempts.length; at += LIMITS.credit) {
    effects.push(...queue(state, { t: 'cancel', attempts: attempts.slice(at, at + LIMITS.credit) }))
  }
  // Only now: an outbox that ran full above loses the lease, and with it all that is still in flight.
  takeBack(state, attempts)
  return effects
}

/** Counts attempts as taken back by the newest frame: a result that crosses it is still handed on. */
export function takeBack(state: BuyerLease, attempts: readonly string[]): void {
  for (const id of attempts) {
    const task = taskOf(state, id)
    state.inFlight.delete(id)
    if (task !== undefined) state.takenBack.set(id, { task, seq: state.channel.outSeq })
  }
}

/** Forgets what was taken back by frames up to `ack`: the provider's later frames know of it. */
export function forgetTakenBack(state: BuyerLease, ack: number): void {
  for (const [id, { seq }] of state.takenBack) if (seq <= ack) state.takenBack.delete(id)
}

/** Returns the name of the task that an attempt was given, while its result is still of interest. */
export function taskOf(state: BuyerLease, attempt: string): Hex | undefined {
  return (state.inFlight.get(attempt) ?? state.takenBack.get(attempt))?.task
}

/** Hands a failure of a running attempt to the job; any other is ignored. */
export function settleAttempt(
  state: BuyerLease,
  attempt: string,
  code: FailureCode,
  message: string,
): BuyerEffect[] {
  if (!state.inFlight.delete(attempt)) return []
  return [{ do: 'failed', attempt, code, message }, { do: 'capacity' }]
}
