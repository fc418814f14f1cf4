import { type FailureCode, LIMITS, taskCodec, taskDigest } from '@souk/protocol'
import { type BuyerEffect, type BuyerLease, type Dispatch, queue } from './buyer-state.ts'
import { enqueue, fitFrames, inlineBytes } from './channel.ts'
import { persist, send } from './program.ts'

export function dispatch(state: BuyerLease, items: readonly Dispatch[]): BuyerEffect[] {
  const effects: BuyerEffect[] = []
  for (const group of fitFrames(items, dispatchBytes, LIMITS.runAttempts)) {
    const attempts = group.map((item) => item.attempt)
    const inline = group.flatMap((item) => [...item.inline])
    const { frame, writes } = enqueue(state.channel, { t: 'run', attempts, inline })
    for (const attempt of attempts)
      state.inFlight.set(attempt.id, { task: taskDigest(attempt.task), seq: frame.seq })
    effects.push(persist('committed', ...writes), send(frame))
  }
  return effects
}

/** Bytes that an attempt takes in a `run` frame, with room for its id, number and deadline. */
function dispatchBytes(item: Dispatch): number {
  return taskCodec.encode(item.attempt.task).byteLength + inlineBytes(item.inline) + 256
}

export function cancel(state: BuyerLease, attempts: readonly string[]): BuyerEffect[] {
  const held = attempts.filter((id) => state.inFlight.has(id))
  if (held.length === 0) return []
  const effects = queue(state, { t: 'cancel', attempts: held })
  for (const id of held) {
    const task = state.inFlight.get(id)?.task
    state.inFlight.delete(id)
    if (task !== undefined) state.cancelled.set(id, { task, seq: state.channel.outSeq })
  }
  return [...effects, { do: 'capacity' }]
}

export function forgetCancelled(state: BuyerLease, ack: number): void {
  for (const [id, { seq }] of state.cancelled) if (seq <= ack) state.cancelled.delete(id)
}

export function settleAttempt(
  state: BuyerLease,
  attempt: string,
  code: FailureCode,
  message: string,
): BuyerEffect[] {
  if (!state.inFlight.delete(attempt)) return []
  return [{ do: 'failed', attempt, code, message }, { do: 'capacity' }]
}
