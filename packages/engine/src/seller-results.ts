import {
  type FailureCode,
  type FrameOf,
  LIMITS,
  merkleRoot,
  outputCodec,
  outputDigest,
  resultLeaf,
  taskDigest,
} from '@souk/protocol'
import { fitFrames, inlineBytes } from './channel.ts'
import { type Context, persist, send, type Write } from './program.ts'
import { executionRow, type Finished, queue, type SellerEffect, type SellerLease } from './seller-state.ts'

export function onFinished(
  context: Context,
  state: SellerLease,
  results: readonly Finished[],
): SellerEffect[] {
  const wanted = results.filter((result) => state.running.has(result.attempt))
  if (!state.sale.held) return deliver(context, state, wanted)
  state.held.push(...wanted)
  return []
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
  const inline = finished.flatMap((result) => [...result.inline])
  return queue(state, { t: 'results', results, signature, inline }, rows)
}

function resultBytes(finished: Finished): number {
  return outputCodec.encode(finished.output).byteLength + inlineBytes(finished.inline) + 192
}

export function onFailed(
  state: SellerLease,
  event: { attempt: string; code: FailureCode; message: string },
): SellerEffect[] {
  const running = state.running.get(event.attempt)
  if (running === undefined) return []
  state.running.delete(event.attempt)
  const row = executionRow(state, running.attempt, { state: 'failed', output: null, falsified: false })
  return [persist('committed', row), failure(state, event.attempt, event.code, event.message)]
}

export function failure(
  state: SellerLease,
  attempt: string,
  code: FailureCode,
  message: string,
): SellerEffect {
  return send({ t: 'failed', ack: state.channel.inSeq, attempt, code, message: message.slice(0, 1024) })
}
