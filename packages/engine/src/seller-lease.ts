import {
  type Attempt,
  type EndingCode,
  errorMessage,
  type FailureCode,
  type Frame,
  type FrameOf,
  LIMITS,
  merkleRoot,
  type Output,
  outputCodec,
  outputDigest,
  requireSigned,
  resultLeaf,
  taskDigest,
} from '@souk/protocol'
import {
  acknowledge,
  type Channel,
  type Draft,
  enqueue,
  fitFrames,
  inlineBytes,
  newChannel,
  receive,
  unsent,
} from './channel.ts'
import { owed, PAYMENT } from './payment.ts'
import {
  type Context,
  type Head,
  type Persist,
  persist,
  type Send,
  type Store,
  send,
  type Write,
} from './program.ts'
import {
  type Execution,
  executionKey,
  executions,
  put,
  type Sale,
  sales,
  type VoucherRow,
  vouchers,
} from './records.ts'
import { breakOff, countBeat, newService, type Service } from './service.ts'

/** One lease as its provider runs it (DESIGN §5). Durable parts are in `sale`, `channel`, `voucher`. */
export interface SellerLease {
  sale: Sale
  channel: Channel
  voucher: VoucherRow | null
  /** Monotonic time of the oldest voucher not yet synced to the disk. */
  unsyncedMs: number | null
  service: Service
  head: Head
  connected: boolean
  /** Attempts this lease may have in flight. */
  credit: number
  /** Unanswered attempts by id. */
  running: Map<string, Running>
  /** Every attempt ever accepted, so that none runs twice. */
  seen: Set<string>
  /** Signed nowhere yet: results that wait for the opening (DESIGN §5). */
  held: Finished[]
  beats: number
  beatAtMs: number
  heardAtMs: number
  /** Since when vouchers have not covered the service. */
  pausedMs: number | null
  drainByMs: number | null
}

interface Running {
  attempt: Attempt
  started: boolean
}

/** A finished attempt with the small blocks that ride along. */
export interface Finished {
  readonly attempt: string
  readonly output: Output
  readonly inline: readonly Uint8Array[]
  readonly falsified: boolean
}

export type SellerEvent =
  | { type: 'frame'; frame: Frame }
  | { type: 'resume'; frame: FrameOf<'resume'> }
  | { type: 'disconnected' }
  | { type: 'head'; head: Head }
  | { type: 'opened'; block: number; timestampSeconds: number }
  | { type: 'finished'; results: readonly Finished[] }
  | { type: 'failed'; attempt: string; code: FailureCode; message: string }
  | { type: 'drain'; seconds: number }
  /** The chain shows that the lease is over. */
  | { type: 'ended-on-chain' }
  | { type: 'tick' }

export type SellerEffect =
  | Persist
  | Send
  | Store
  /** Execute an attempt; its row is durable. */
  | { readonly do: 'execute'; readonly attempt: Attempt }
  /** Stop executing attempts; nothing is reported for them. */
  | { readonly do: 'abort'; readonly attempts: readonly string[] }
  /** Close the stream. */
  | { readonly do: 'hang-up'; readonly why: string }
  /** The lease is over: give the capacity back and settle on the chain. */
  | { readonly do: 'settle'; readonly code: EndingCode; readonly why: string }

/** Milliseconds without a requester on the channel after which the lease ends. */
const ABSENCE_MS = 60_000
/** Milliseconds of silence on an open stream after which we hang up. */
const SILENCE_MS = 5_000
/** Milliseconds within which a committed voucher is synced (DESIGN §2). */
const SYNC_MS = 1_000

/** Takes a lease up when it starts. */
export function sellerLease(sale: Sale, head: Head, credit: number, nowMs: number): SellerLease {
  return {
    sale,
    channel: newChannel(sale.lease),
    voucher: null,
    unsyncedMs: null,
    service: newService(),
    head,
    connected: true,
    credit,
    running: new Map(),
    seen: new Set(),
    held: [],
    beats: 0,
    beatAtMs: nowMs,
    heardAtMs: nowMs,
    pausedMs: null,
    drainByMs: null,
  }
}

/** Decides what one event means for the lease. */
export function advanceSeller(
  context: Context,
  state: SellerLease,
  event: SellerEvent,
  nowMs: number,
): SellerEffect[] {
  if (event.type === 'head') {
    state.head = event.head
    return []
  }
  if (state.sale.phase === 'closed' || state.sale.phase === 'lost') return []
  switch (event.type) {
    case 'opened':
      return onOpened(context, state, event)
    case 'resume':
      return onResume(context, state, event.frame, nowMs)
    case 'frame':
      return onFrame(context, state, event.frame, nowMs)
    case 'disconnected':
      return onDisconnected(state, nowMs)
    case 'finished':
      return onFinished(context, state, event.results)
    case 'failed':
      return onFailed(state, event)
    case 'drain':
      return onDrain(state, event.seconds, nowMs)
    case 'ended-on-chain':
      return end(context, state, 'expired', 'the lease ended on the chain')
    case 'tick':
      return onTick(context, state, nowMs)
  }
}

function onOpened(
  context: Context,
  state: SellerLease,
  at: { block: number; timestampSeconds: number },
): SellerEffect[] {
  state.sale.opening = { block: at.block, timestampSeconds: at.timestampSeconds }
  state.sale.held = false
  const held = state.held.splice(0)
  return [persist('committed', saleRow(state)), ...deliver(context, state, held)]
}

function onResume(
  context: Context,
  state: SellerLease,
  frame: FrameOf<'resume'>,
  nowMs: number,
): SellerEffect[] {
  Object.assign(state, { connected: true, heardAtMs: nowMs, beatAtMs: nowMs })
  breakOff(state.service)
  const gone = acknowledge(state.channel, frame.ack)
  const resumed: Frame = {
    t: 'resumed',
    ack: state.channel.inSeq,
    boot: context.boot,
    credit: state.credit,
    cumulative: state.voucher?.cumulative ?? 0n,
    running: [...state.running.keys()],
  }
  const again = unsent(state.channel, frame.ack).map(send)
  return [...(gone.length > 0 ? [persist('committed', ...gone)] : []), send(resumed), ...again]
}

function onDisconnected(state: SellerLease, nowMs: number): SellerEffect[] {
  if (!state.connected) return []
  state.connected = false
  state.heardAtMs = nowMs
  breakOff(state.service)
  return []
}

function onFrame(context: Context, state: SellerLease, frame: Frame, nowMs: number): SellerEffect[] {
  state.heardAtMs = nowMs
  try {
    const gone = 'ack' in frame ? acknowledge(state.channel, frame.ack) : []
    const effects: SellerEffect[] = gone.length > 0 ? [persist('committed', ...gone)] : []
    return [...effects, ...handle(context, state, frame, nowMs)]
  } catch (error) {
    return end(context, state, 'misbehaved', errorMessage(error))
  }
}

function handle(context: Context, state: SellerLease, frame: Frame, nowMs: number): SellerEffect[] {
  switch (frame.t) {
    case 'beat':
      return []
    case 'voucher':
      return onVoucher(context, state, frame, nowMs)
    case 'run':
      return onRun(state, frame)
    case 'cancel':
      return onCancel(state, frame)
    case 'close':
      return onClose(context, state, frame)
    default:
      return end(context, state, 'misbehaved', `unexpected ${frame.t} frame`)
  }
}

function onVoucher(
  context: Context,
  state: SellerLease,
  frame: FrameOf<'voucher'>,
  nowMs: number,
): SellerEffect[] {
  const { lease, quote } = state.sale
  const { cumulative, ackFrom, ackUntil, signature } = frame
  if (cumulative < (state.voucher?.cumulative ?? 0n) || cumulative > quote.deposit) return []
  requireSigned(
    context.network,
    'Voucher',
    { lease, cumulative, ackFrom, ackUntil },
    signature,
    quote.voucherSigner,
  )
  state.voucher = { cumulative, ackFrom, ackUntil, signature }
  state.unsyncedMs ??= nowMs
  return [persist('committed', put(vouchers, lease, state.voucher)), ...startCovered(state)]
}

function onRun(state: SellerLease, frame: FrameOf<'run'>): SellerEffect[] {
  const row = receive(state.channel, frame.seq)
  if (row === undefined) return []
  const rows: Write[] = [row]
  const refused: SellerEffect[] = []
  for (const attempt of frame.attempts) {
    if (state.seen.has(attempt.id)) continue
    if (state.running.size >= state.credit) {
      refused.push(
        failure(state, attempt.id, 'refused', `expected at most ${state.credit} attempts in flight`),
      )
      continue
    }
    state.seen.add(attempt.id)
    state.running.set(attempt.id, { attempt, started: false })
    rows.push(executionRow(state, attempt, { state: 'running', output: null, falsified: false }))
  }
  return [
    { do: 'store', blocks: frame.inline },
    persist('committed', ...rows),
    ...refused,
    ...startCovered(state),
  ]
}

/** Starts what waits, as long as vouchers cover the service given. */
function startCovered(state: SellerLease): SellerEffect[] {
  if (!isCovered(state)) return []
  state.pausedMs = null
  const waiting = [...state.running.values()].filter((running) => !running.started)
  for (const running of waiting) running.started = true
  return waiting.map(({ attempt }) => ({ do: 'execute', attempt }))
}

function isCovered(state: SellerLease): boolean {
  const { quote } = state.sale
  const due = owed(quote, state.service.servedMs - PAYMENT.unsecuredSeconds * 1000)
  return due <= (state.voucher?.cumulative ?? quote.startFee)
}

function onCancel(state: SellerLease, frame: FrameOf<'cancel'>): SellerEffect[] {
  const row = receive(state.channel, frame.seq)
  if (row === undefined) return []
  const dropped = frame.attempts.flatMap((id) => {
    const running = state.running.get(id)
    state.running.delete(id)
    return running === undefined ? [] : [running.attempt]
  })
  state.held = state.held.filter((finished) => !frame.attempts.includes(finished.attempt))
  const cancelled = { state: 'cancelled', output: null, falsified: false } as const
  const rows = dropped.map((attempt) => executionRow(state, attempt, cancelled))
  return [persist('committed', row, ...rows), { do: 'abort', attempts: dropped.map((attempt) => attempt.id) }]
}

function onFinished(context: Context, state: SellerLease, results: readonly Finished[]): SellerEffect[] {
  const wanted = results.filter((result) => state.running.has(result.attempt))
  if (!state.sale.held) return deliver(context, state, wanted)
  state.held.push(...wanted)
  return []
}

/** Signs results in batches; the outbox row, and with it the signature, is durable before it leaves. */
function deliver(context: Context, state: SellerLease, finished: readonly Finished[]): SellerEffect[] {
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

function onFailed(
  state: SellerLease,
  event: { attempt: string; code: FailureCode; message: string },
): SellerEffect[] {
  const running = state.running.get(event.attempt)
  if (running === undefined) return []
  state.running.delete(event.attempt)
  const row = executionRow(state, running.attempt, { state: 'failed', output: null, falsified: false })
  return [persist('committed', row), failure(state, event.attempt, event.code, event.message)]
}

function failure(state: SellerLease, attempt: string, code: FailureCode, message: string): SellerEffect {
  return send({ t: 'failed', ack: state.channel.inSeq, attempt, code, message: message.slice(0, 1024) })
}

function onClose(context: Context, state: SellerLease, frame: FrameOf<'close'>): SellerEffect[] {
  const row = receive(state.channel, frame.seq)
  if (row === undefined) return []
  const { lease, quote } = state.sale
  requireSigned(context.network, 'Close', { lease, paid: frame.paid }, frame.signature, quote.voucherSigner)
  if (frame.paid < (state.voucher?.cumulative ?? 0n)) {
    return end(context, state, 'misbehaved', 'the close pays less than a voucher already given', [row])
  }
  const own = context.signer.sign('Close', { lease, paid: frame.paid })
  state.sale.agreement = { paid: frame.paid, own, peer: frame.signature }
  return end(context, state, 'closed', 'closed by the requester', [row])
}

function onDrain(state: SellerLease, seconds: number, nowMs: number): SellerEffect[] {
  if (state.drainByMs !== null) return []
  state.drainByMs = nowMs + seconds * 1000
  state.sale.phase = 'draining'
  return queue(state, { t: 'drain', seconds }, [saleRow(state)])
}

function onTick(context: Context, state: SellerLease, nowMs: number): SellerEffect[] {
  const over = reasonToEnd(state, nowMs)
  if (over !== undefined) return end(context, state, over.code, over.why)
  const effects: SellerEffect[] = []
  if (state.connected && nowMs - state.heardAtMs > SILENCE_MS) {
    effects.push({ do: 'hang-up', why: 'silence' }, ...onDisconnected(state, nowMs))
  }
  if (state.connected && nowMs - state.beatAtMs >= LIMITS.beatMs) effects.push(...beat(context, state, nowMs))
  if (!isCovered(state)) state.pausedMs ??= nowMs
  return [...effects, ...syncVoucher(state, nowMs)]
}

function reasonToEnd(state: SellerLease, nowMs: number): { code: EndingCode; why: string } | undefined {
  const { opening, quote } = state.sale
  if (state.drainByMs !== null && nowMs >= state.drainByMs)
    return { code: 'drained', why: 'the provider leaves' }
  if (opening === null && state.head.timestampSeconds > quote.openBefore) {
    return { code: 'not-opened', why: 'the opening was not mined in time' }
  }
  if (opening !== null && state.head.number >= opening.block + quote.blocks) {
    return { code: 'expired', why: 'the lease reached its last block' }
  }
  if (!state.connected && nowMs - state.heardAtMs > ABSENCE_MS) {
    return { code: 'requester-lost', why: 'the requester did not come back' }
  }
  if (state.pausedMs !== null && nowMs - state.pausedMs > PAYMENT.graceMs) {
    return { code: 'payment-stopped', why: 'vouchers do not cover the service' }
  }
  return undefined
}

function beat(context: Context, state: SellerLease, nowMs: number): SellerEffect[] {
  state.beatAtMs = nowMs
  state.beats += 1
  countBeat(state.service, state.head, nowMs)
  const running = [...state.running.keys()]
  const load = running.length > 0 && state.pausedMs === null ? 1_000 : 0
  const credit = state.drainByMs === null ? state.credit : 0
  return [
    send({ t: 'beat', ack: state.channel.inSeq, n: state.beats, boot: context.boot, credit, running, load }),
  ]
}

function syncVoucher(state: SellerLease, nowMs: number): SellerEffect[] {
  if (state.unsyncedMs === null || nowMs - state.unsyncedMs < SYNC_MS || state.voucher === null) return []
  state.unsyncedMs = null
  return [persist('synced', put(vouchers, state.sale.lease, state.voucher))]
}

function end(
  context: Context,
  state: SellerLease,
  code: EndingCode,
  why: string,
  rows: readonly Write[] = [],
): SellerEffect[] {
  const { lease, agreement } = state.sale
  state.sale.phase = 'closed'
  const attempts = [...state.running.keys()]
  state.running.clear()
  state.held = []
  const ended: Draft = {
    t: 'ended',
    code,
    message: why,
    signature: context.signer.sign('Ending', { lease, code }),
    close: agreement?.own ?? null,
  }
  const { frame, writes } = enqueue(state.channel, ended)
  const voucher = state.voucher === null ? [] : [put(vouchers, lease, state.voucher)]
  return [
    persist('synced', ...rows, ...voucher, saleRow(state), ...writes),
    { do: 'abort', attempts },
    send(frame),
    { do: 'hang-up', why },
    { do: 'settle', code, why },
  ]
}

function queue(state: SellerLease, draft: Draft, rows: readonly Write[]): SellerEffect[] {
  const { frame, writes } = enqueue(state.channel, draft)
  return [persist('committed', ...rows, ...writes), send(frame)]
}

function saleRow(state: SellerLease): Write {
  return put(sales, state.sale.lease, state.sale)
}

function executionRow(
  state: SellerLease,
  attempt: Attempt,
  outcome: Pick<Execution, 'state' | 'output' | 'falsified'>,
): Write {
  const row: Execution = { task: taskDigest(attempt.task), n: attempt.n, ...outcome }
  return put(executions, executionKey(state.sale.lease, attempt.id), row)
}
