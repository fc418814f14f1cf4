import { type Frame, type FrameOf, merkleTree, outputDigest, requireSigned, resultLeaf } from '@souk/protocol'
import { finish, lose } from './buyer-ending.ts'
import { type BuyerEffect, type BuyerLease, CLOSE_MS, type Delivery, purchaseRow } from './buyer-state.ts'
import { forgetTakenBack, settleAttempt, taskOf } from './buyer-work.ts'
import { acknowledge, receive } from './channel.ts'
import { type Context, persist } from './program.ts'
import { put, receipts } from './records.ts'
import { countBeat } from './service.ts'

/** Handles one frame of the provider; throws `WireError` and `ChannelError` where it breaks the protocol. */
export function onFrame(context: Context, state: BuyerLease, frame: Frame, nowMs: number): BuyerEffect[] {
  state.heardAtMs = nowMs
  const gone = 'ack' in frame ? acknowledge(state.channel, frame.ack) : []
  const effects: BuyerEffect[] = gone.length > 0 ? [persist('committed', ...gone)] : []
  effects.push(...handle(context, state, frame, nowMs))
  if ('ack' in frame) forgetTakenBack(state, frame.ack)
  return effects
}

function handle(context: Context, state: BuyerLease, frame: Frame, nowMs: number): BuyerEffect[] {
  switch (frame.t) {
    case 'beat':
      return onBeat(state, frame, nowMs)
    case 'results':
      return onResults(context, state, frame)
    case 'failed':
      return settleAttempt(state, frame.attempt, frame.code, frame.message)
    case 'checkpoint':
      return onCheckpoint(state, frame)
    case 'drain':
      return onDrain(state, frame, nowMs)
    case 'ended':
      return onEnded(context, state, frame)
    default:
      return lose(state, `unexpected ${frame.t} frame`)
  }
}

function onBeat(state: BuyerLease, frame: FrameOf<'beat'>, nowMs: number): BuyerEffect[] {
  if (frame.boot !== state.purchase.boot) return lose(state, 'the provider restarted')
  if (frame.n <= state.peerBeats) return []
  state.peerBeats = frame.n
  state.credit = frame.credit
  state.gpus = frame.gpus
  countBeat(state.service, state.head, nowMs, state.headAtMs)
  const known = new Set(frame.running)
  const vanished = [...state.inFlight].filter(([id, { seq }]) => seq <= frame.ack && !known.has(id))
  const effects = vanished.flatMap(([id]) =>
    settleAttempt(state, id, 'killed', 'the provider no longer has it'),
  )
  return [...effects, { do: 'capacity' }]
}

function onResults(context: Context, state: BuyerLease, frame: FrameOf<'results'>): BuyerEffect[] {
  const row = receive(state.channel, frame.seq)
  if (row === undefined) return []
  const { lease, quote } = state.purchase
  const leaves = frame.results.map((result) => resultLeaf(lease, result.task, outputDigest(result.output)))
  const { root, paths } = merkleTree(leaves)
  requireSigned(context.network, 'ResultBatch', { lease, root }, frame.signature, quote.resultSigner)
  const deliveries: Delivery[] = []
  for (const [index, result] of frame.results.entries()) {
    if (taskOf(state, result.attempt) !== result.task) continue
    state.inFlight.delete(result.attempt)
    state.takenBack.delete(result.attempt)
    const output = outputDigest(result.output)
    const path = paths[index] ?? []
    const receipt = {
      lease,
      task: result.task,
      output,
      index,
      size: leaves.length,
      path,
      signature: frame.signature,
    }
    deliveries.push({ attempt: result.attempt, output: result.output, receipt })
  }
  const rows = deliveries.map(({ attempt, output, receipt }) =>
    put(receipts, attempt, { output, receipt: { ...receipt, path: [...receipt.path] } }),
  )
  return [
    { do: 'store', blocks: frame.inline },
    persist('committed', row, ...rows),
    { do: 'deliver', deliveries },
    { do: 'capacity' },
  ]
}

/** One of an attempt that was taken back meanwhile is of no use: the provider hears that, too. */
function onCheckpoint(state: BuyerLease, { attempt, cid, bytes }: FrameOf<'checkpoint'>): BuyerEffect[] {
  return state.inFlight.has(attempt) ? [{ do: 'saved', attempt, cid, bytes }] : []
}

function onDrain(state: BuyerLease, frame: FrameOf<'drain'>, nowMs: number): BuyerEffect[] {
  const row = receive(state.channel, frame.seq)
  if (row === undefined) return []
  if (state.purchase.phase !== 'active') return [persist('committed', row)]
  state.purchase.phase = 'draining'
  state.drainByMs = nowMs + frame.seconds * 1000 + CLOSE_MS
  return [persist('committed', row, purchaseRow(state)), { do: 'capacity' }]
}

function onEnded(context: Context, state: BuyerLease, frame: FrameOf<'ended'>): BuyerEffect[] {
  const { lease, quote, agreement } = state.purchase
  requireSigned(context.network, 'Ending', { lease, code: frame.code }, frame.signature, quote.resultSigner)
  // A process that does not know the lease has no channel for it either: its numbers mean nothing here.
  if (frame.code === 'unknown-lease') return lose(state, 'the provider no longer knows the lease')
  const row = receive(state.channel, frame.seq)
  if (agreement !== null && frame.close !== null) {
    requireSigned(context.network, 'Close', { lease, paid: agreement.paid }, frame.close, quote.resultSigner)
    agreement.peer = frame.close
  }
  return finish(state, 'closed', frame.code, row === undefined ? [] : [row])
}
