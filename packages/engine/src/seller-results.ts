import {
  type FailureCode,
  type FrameOf,
  LIMITS,
  merkleRoot,
  outputBytes,
  outputDigest,
  resultLeaf,
  taskDigest,
} from '@souk/protocol'
import { fitFrames, inlineBytes, rideAlong } from './channel.ts'
import { type Context, persist, type Write } from './program.ts'
import { forgetSaved } from './seller-saved.ts'
import {
  executionRow,
  type Finished,
  queue,
  type SellerEffect,
  type SellerLease,
  transmit,
} from './seller-state.ts'

/** Delivers results of attempts that are still wanted, or holds them until the lease is opened. */
export function onFinished(
  context: Context,
  state: SellerLease,
  results: readonly Finished[],
): SellerEffect[] {
  const wanted = results.filter((result) => state.running.has(result.attempt))
  const kept = wanted.filter(isEncodable)
  const failed = wanted
    .filter((result) => !kept.includes(result))
    .flatMap((result) => onTooLarge(state, result))
  if (!state.sale.held) return [...failed, ...deliver(context, state, kept)]
  state.held.push(...kept)
  return failed
}

/** Tells whether an output has a form that can be signed: many files with long names do not fit. */
function isEncodable({ output }: Finished): boolean {
  try {
    return outputBytes(output) > 0
  } catch {
    return false
  }
}

function onTooLarge(state: SellerLease, { attempt }: Finished): SellerEffect[] {
  const message = `expected an output object of at most ${LIMITS.objectBytes} bytes; write fewer files, or shorter names`
  return onFailed(state, { attempt, code: 'bad-program', message })
}

/** Signs results in batches; the outbox row, and with it the signature, is durable before it leaves. */
export function deliver(context: Context, state: SellerLease, finished: readonly Finished[]): SellerEffect[] {
  const groups = fitFrames(finished, resultBytes, LIMITS.batchLeaves)
  return groups.flatMap((group) => deliverBatch(context, state, group))
}

function deliverBatch(context: Context, state: SellerLease, finished: readonly Finished[]): SellerEffect[] {
  const { lease } = state.sale
  const results: FrameOf<'results'>['results'] = []
  const rows: Write[] = []
  for (const { attempt: id, output, falsified } of finished) {
    const attempt = state.running.get(id)?.attempt
    if (attempt === undefined) continue
    state.running.delete(id)
    results.push({ attempt: id, task: taskDigest(attempt.task), output })
    rows.push(executionRow(state, attempt, { state: 'done', output: outputDigest(output), falsified }))
  }
  if (results.length === 0) return []
  const root = merkleRoot(
    results.map((result) => resultLeaf(lease, result.task, outputDigest(result.output))),
  )
  const signature = context.signer.sign('ResultBatch', { lease, root })
  const forgotten = forgetSaved(
    state,
    results.map((result) => result.attempt),
  )
  const frame = { t: 'results', results, signature, inline: rideAlong(finished) } as const
  return [...queue(state, frame, [...rows, ...forgotten.rows]), ...forgotten.effects]
}

function resultBytes(finished: Finished): number {
  return outputBytes(finished.output) + inlineBytes(finished.inline) + 192
}

/** Tells the requester that an attempt gave no output. */
export function onFailed(
  state: SellerLease,
  event: { attempt: string; code: FailureCode; message: string },
): SellerEffect[] {
  const running = state.running.get(event.attempt)
  if (running === undefined) return []
  state.running.delete(event.attempt)
  const row = executionRow(state, running.attempt, { state: 'failed', output: null, falsified: false })
  const forgotten = forgetSaved(state, [event.attempt])
  const told = failure(state, event.attempt, event.code, event.message)
  return [persist('committed', row, ...forgotten.rows), ...told, ...forgotten.effects]
}

/** Says why there is no output; where it is lost, beats without the attempt say the same. */
export function failure(
  state: SellerLease,
  attempt: string,
  code: FailureCode,
  message: string,
): SellerEffect[] {
  const ack = state.channel.inSeq
  return transmit(state, { t: 'failed', ack, attempt, code, message: message.slice(0, 1024) })
}
