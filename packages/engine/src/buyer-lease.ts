import {
  type Attempt,
  errorMessage,
  type FailureCode,
  type Frame,
  type FrameOf,
  type Hex,
  LIMITS,
  merklePath,
  merkleRoot,
  type Output,
  outputDigest,
  type Receipt,
  requireSigned,
  resultLeaf,
  taskCodec,
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
import { owed, PAYMENT, voucherAmount } from './payment.ts'
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
import { type Purchase, purchases, put, receipts, type VoucherRow, vouchers } from './records.ts'
import { breakOff, countBeat, newService, type Service } from './service.ts'

/** One lease as its requester runs it (DESIGN §5). Durable parts are in `purchase`, `channel`, `voucher`. */
export interface BuyerLease {
  purchase: Purchase
  channel: Channel
  voucher: VoucherRow | null
  service: Service
  head: Head
  connected: boolean
  /** Attempts the provider takes at the same time. */
  credit: number
  inFlight: Map<string, { task: Hex; seq: number }>
  /** Cancelled attempts until the provider has read the cancel: results that cross it still count. */
  cancelled: Map<string, { task: Hex; seq: number }>
  beats: number
  peerBeats: number
  beatAtMs: number
  voucherAtMs: number
  heardAtMs: number
  /** Present while the stream is down: when to dial again, and when to give up. */
  redial: { tries: number; atMs: number; giveUpAtMs: number } | null
  /** While closing: when to stop waiting for the provider's signature. */
  closeByMs: number | null
}

/** An attempt with the small blocks that ride along. */
export interface Dispatch {
  readonly attempt: Attempt
  readonly inline: readonly Uint8Array[]
}

export type BuyerEvent =
  | { type: 'started'; frame: FrameOf<'started'> }
  | { type: 'frame'; frame: Frame }
  | { type: 'resumed'; frame: FrameOf<'resumed'> }
  | { type: 'disconnected' }
  | { type: 'redial-failed'; refused: boolean }
  | { type: 'head'; head: Head }
  | { type: 'opened'; block: number; timestampSeconds: number }
  | { type: 'dispatch'; items: readonly Dispatch[] }
  | { type: 'cancel'; attempts: readonly string[] }
  | { type: 'close' }
  | { type: 'tick' }

/** A verified result on its way to the job. */
export interface Delivery {
  readonly attempt: string
  readonly output: Output
  readonly receipt: Receipt
}

export type BuyerEffect =
  | Persist
  | Send
  | Store
  /** Signed results for the job. */
  | { readonly do: 'deliver'; readonly deliveries: readonly Delivery[] }
  /** The provider could not run an attempt. */
  | { readonly do: 'failed'; readonly attempt: string; readonly code: FailureCode; readonly message: string }
  /** Attempts whose fate is open because the connection is gone: run them elsewhere. */
  | { readonly do: 'suspend'; readonly attempts: readonly string[] }
  /** Credit or phase changed: the job may dispatch more, or must not. */
  | { readonly do: 'capacity' }
  /** Dial the provider and resume. */
  | { readonly do: 'redial' }
  /** Close the stream; it is of no more use. */
  | { readonly do: 'hang-up'; readonly why: string }
  /** The lease is over for us: settle it on the chain. */
  | { readonly do: 'settle'; readonly phase: 'closed' | 'lost'; readonly why: string }

/** Milliseconds of silence on an open stream after which we hang up and dial again. */
const SILENCE_MS = 5_000
/** Milliseconds from a lost connection until the lease is given up. */
const REDIAL_MS = 10_000
/** Milliseconds a provider may take to countersign the close. */
const CLOSE_MS = 5_000
/** Milliseconds before the n-th redial; the last repeats. */
const REDIAL_DELAYS_MS = [0, 100, 300, 1_000, 2_000]

/** Takes a lease up: a new one, or after a restart from its rows. `inFlight` maps attempts to task digests. */
export function buyerLease(
  purchase: Purchase,
  head: Head,
  nowMs: number,
  recovered?: { channel: Channel; voucher: VoucherRow | null; inFlight: ReadonlyMap<string, Hex> },
): BuyerLease {
  const { quote } = purchase
  const paid = recovered?.voucher?.cumulative ?? quote.startFee
  const servedMs = quote.rate === 0n ? 0 : Number(((paid - quote.startFee) * 10n ** 15n) / quote.rate)
  const inFlight = [...(recovered?.inFlight ?? [])].map(
    ([id, task]) => [id, { task, seq: sequenceOf(recovered?.channel, id) }] as const,
  )
  return {
    purchase,
    channel: recovered?.channel ?? newChannel(purchase.lease),
    voucher: recovered?.voucher ?? null,
    service: newService(Math.max(0, servedMs - PAYMENT.aheadSeconds * 1000)),
    head,
    connected: false,
    credit: 0,
    inFlight: new Map(inFlight),
    cancelled: new Map(),
    beats: 0,
    peerBeats: 0,
    beatAtMs: nowMs,
    voucherAtMs: nowMs,
    heardAtMs: nowMs,
    redial: recovered ? { tries: 0, atMs: nowMs, giveUpAtMs: nowMs + REDIAL_MS } : null,
    closeByMs: null,
  }
}

/** Returns the number of the unacknowledged `run` frame that carries an attempt; 0 where the provider has it. */
function sequenceOf(channel: Channel | undefined, attempt: string): number {
  const carries = channel?.unacked.find(
    (frame) => frame.t === 'run' && frame.attempts.some((one) => one.id === attempt),
  )
  return carries?.seq ?? 0
}

/** Returns how many attempts the lease takes at the same time; 0 while it cannot be used. */
export function usableCredit(state: BuyerLease): number {
  return state.connected && state.purchase.phase === 'active' ? state.credit : 0
}

/** Tells whether nothing more will happen on this lease's channel. */
export function isOver(phase: Purchase['phase']): boolean {
  return phase === 'closed' || phase === 'lost'
}

/** Decides what one event means for the lease. */
export function advanceBuyer(
  context: Context,
  state: BuyerLease,
  event: BuyerEvent,
  nowMs: number,
): BuyerEffect[] {
  if (event.type === 'head') {
    state.head = event.head
    return []
  }
  if (event.type === 'opened') return onOpened(state, event)
  if (isOver(state.purchase.phase)) return []
  switch (event.type) {
    case 'started':
      return onStarted(context, state, event.frame, nowMs)
    case 'resumed':
      return onResumed(context, state, event.frame, nowMs)
    case 'frame':
      return onFrame(context, state, event.frame, nowMs)
    case 'disconnected':
      return onDisconnected(state, nowMs)
    case 'redial-failed':
      return onRedialFailed(state, event.refused, nowMs)
    case 'dispatch':
      return dispatch(state, event.items)
    case 'cancel':
      return cancel(state, event.attempts)
    case 'close':
      return close(context, state, nowMs)
    case 'tick':
      return onTick(context, state, nowMs)
  }
}

function onOpened(state: BuyerLease, opening: { block: number; timestampSeconds: number }): BuyerEffect[] {
  state.purchase.opening = { block: opening.block, timestampSeconds: opening.timestampSeconds }
  return [persist('committed', purchaseRow(state))]
}

function onStarted(
  context: Context,
  state: BuyerLease,
  frame: FrameOf<'started'>,
  nowMs: number,
): BuyerEffect[] {
  const { quote } = state.purchase
  requireSigned(context.network, 'Quote', quote, frame.signature, quote.resultSigner)
  Object.assign(state.purchase, { phase: 'active', boot: frame.boot, providerSignature: frame.signature })
  connect(state, frame.credit, nowMs)
  return [persist('synced', purchaseRow(state)), ...pay(context, state, nowMs), { do: 'capacity' }]
}

function onResumed(
  context: Context,
  state: BuyerLease,
  frame: FrameOf<'resumed'>,
  nowMs: number,
): BuyerEffect[] {
  if (frame.boot !== state.purchase.boot) return lose(state, 'the provider restarted')
  connect(state, frame.credit, nowMs)
  const gone = acknowledge(state.channel, frame.ack)
  const effects: BuyerEffect[] = gone.length > 0 ? [persist('committed', ...gone)] : []
  for (const again of unsent(state.channel, frame.ack)) effects.push(send(again))
  return [...effects, ...pay(context, state, nowMs), { do: 'capacity' }]
}

function connect(state: BuyerLease, credit: number, nowMs: number): void {
  Object.assign(state, { connected: true, credit, redial: null, heardAtMs: nowMs, peerBeats: 0 })
  breakOff(state.service)
}

function onFrame(context: Context, state: BuyerLease, frame: Frame, nowMs: number): BuyerEffect[] {
  state.heardAtMs = nowMs
  try {
    const gone = 'ack' in frame ? acknowledge(state.channel, frame.ack) : []
    const effects: BuyerEffect[] = gone.length > 0 ? [persist('committed', ...gone)] : []
    effects.push(...handle(context, state, frame, nowMs))
    if ('ack' in frame) forgetCancelled(state, frame.ack)
    return effects
  } catch (error) {
    return lose(state, errorMessage(error))
  }
}

function handle(context: Context, state: BuyerLease, frame: Frame, nowMs: number): BuyerEffect[] {
  switch (frame.t) {
    case 'beat':
      return onBeat(state, frame, nowMs)
    case 'results':
      return onResults(context, state, frame)
    case 'failed':
      return settleAttempt(state, frame.attempt, frame.code, frame.message)
    case 'drain':
      return onDrain(state, frame)
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
  countBeat(state.service, state.head, nowMs)
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
  requireSigned(
    context.network,
    'ResultBatch',
    { lease, root: merkleRoot(leaves) },
    frame.signature,
    quote.resultSigner,
  )
  const deliveries: Delivery[] = []
  for (const [index, result] of frame.results.entries()) {
    const expected = state.inFlight.get(result.attempt) ?? state.cancelled.get(result.attempt)
    if (expected?.task !== result.task) continue
    state.inFlight.delete(result.attempt)
    state.cancelled.delete(result.attempt)
    const output = outputDigest(result.output)
    const path = merklePath(leaves, index)
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

function settleAttempt(
  state: BuyerLease,
  attempt: string,
  code: FailureCode,
  message: string,
): BuyerEffect[] {
  if (!state.inFlight.delete(attempt)) return []
  return [{ do: 'failed', attempt, code, message }, { do: 'capacity' }]
}

function onDrain(state: BuyerLease, frame: FrameOf<'drain'>): BuyerEffect[] {
  const row = receive(state.channel, frame.seq)
  if (row === undefined) return []
  state.purchase.phase = 'draining'
  return [persist('committed', row, purchaseRow(state)), { do: 'capacity' }]
}

function onEnded(context: Context, state: BuyerLease, frame: FrameOf<'ended'>): BuyerEffect[] {
  const row = receive(state.channel, frame.seq)
  const { lease, quote, agreement } = state.purchase
  requireSigned(context.network, 'Ending', { lease, code: frame.code }, frame.signature, quote.resultSigner)
  if (agreement !== null && frame.close !== null) {
    requireSigned(context.network, 'Close', { lease, paid: agreement.paid }, frame.close, quote.resultSigner)
    agreement.peer = frame.close
  }
  return finish(state, 'closed', frame.code, row === undefined ? [] : [row])
}

function onDisconnected(state: BuyerLease, nowMs: number): BuyerEffect[] {
  if (!state.connected && state.redial !== null) return []
  state.connected = false
  breakOff(state.service)
  state.redial = { tries: 0, atMs: nowMs, giveUpAtMs: nowMs + REDIAL_MS }
  // Capacity first, or the job would give the suspended attempts right back to this lease.
  return [{ do: 'capacity' }, ...suspend(state), ...redialIfDue(state, nowMs)]
}

function onRedialFailed(state: BuyerLease, refused: boolean, nowMs: number): BuyerEffect[] {
  if (state.redial === null) return []
  if (refused) return lose(state, 'the provider refused the connection')
  if (nowMs >= state.redial.giveUpAtMs) return lose(state, 'the provider cannot be reached')
  const delay = REDIAL_DELAYS_MS[Math.min(state.redial.tries, REDIAL_DELAYS_MS.length - 1)] ?? 0
  state.redial.atMs = nowMs + delay
  return []
}

function redialIfDue(state: BuyerLease, nowMs: number): BuyerEffect[] {
  if (state.redial === null || nowMs < state.redial.atMs) return []
  state.redial.tries += 1
  state.redial.atMs = Number.POSITIVE_INFINITY
  return [{ do: 'redial' }]
}

function dispatch(state: BuyerLease, items: readonly Dispatch[]): BuyerEffect[] {
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

function cancel(state: BuyerLease, attempts: readonly string[]): BuyerEffect[] {
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

function forgetCancelled(state: BuyerLease, ack: number): void {
  for (const [id, { seq }] of state.cancelled) if (seq <= ack) state.cancelled.delete(id)
}

function close(context: Context, state: BuyerLease, nowMs: number): BuyerEffect[] {
  if (state.purchase.phase === 'closing') return []
  if (!state.connected) return lose(state, 'closed while the provider was away')
  const { lease, quote } = state.purchase
  const due = owed(quote, state.service.servedMs)
  const promised = state.voucher?.cumulative ?? 0n
  const paid = due > promised ? (due < quote.deposit ? due : quote.deposit) : promised
  const own = context.signer.sign('Close', { lease, paid })
  state.purchase.phase = 'closing'
  state.purchase.agreement = { paid, own, peer: null }
  state.closeByMs = nowMs + CLOSE_MS
  const { frame, writes } = enqueue(state.channel, { t: 'close', paid, signature: own })
  return [
    persist('synced', purchaseRow(state), ...writes),
    send(frame),
    ...suspend(state),
    { do: 'capacity' },
  ]
}

function onTick(context: Context, state: BuyerLease, nowMs: number): BuyerEffect[] {
  if (!state.connected) return onTickApart(state, nowMs)
  if (state.closeByMs !== null && nowMs >= state.closeByMs)
    return lose(state, 'the provider did not sign the close')
  if (nowMs - state.heardAtMs > SILENCE_MS) {
    return [{ do: 'hang-up', why: 'silence' }, ...onDisconnected(state, nowMs)]
  }
  if (leaseIsSpent(state)) return close(context, state, nowMs)
  const effects: BuyerEffect[] = []
  if (nowMs - state.beatAtMs >= LIMITS.beatMs) effects.push(...beat(context, state, nowMs))
  if (nowMs - state.voucherAtMs >= PAYMENT.voucherMs) effects.push(...pay(context, state, nowMs))
  return effects
}

function onTickApart(state: BuyerLease, nowMs: number): BuyerEffect[] {
  if (state.redial !== null && nowMs >= state.redial.giveUpAtMs)
    return lose(state, 'the provider cannot be reached')
  return redialIfDue(state, nowMs)
}

function leaseIsSpent(state: BuyerLease): boolean {
  const { opening, quote, phase } = state.purchase
  return phase === 'active' && opening !== null && state.head.number + 1 >= opening.block + quote.blocks
}

function beat(context: Context, state: BuyerLease, nowMs: number): BuyerEffect[] {
  state.beatAtMs = nowMs
  state.beats += 1
  const ack = state.channel.inSeq
  return [send({ t: 'beat', ack, n: state.beats, boot: context.boot, credit: 0, running: [], load: 0 })]
}

/** Signs the voucher that is due. It never falls, and acknowledges only blocks of the present stretch. */
function pay(context: Context, state: BuyerLease, nowMs: number): BuyerEffect[] {
  state.voucherAtMs = nowMs
  const { lease, quote, opening } = state.purchase
  const due = voucherAmount(quote, state.service.servedMs, opening, state.head)
  const last = state.voucher?.cumulative ?? 0n
  const cumulative = due > last ? due : last
  const ackUntil = state.head.number
  const ackFrom = Math.min(state.service.lastBeatMs === null ? ackUntil : state.service.fromBlock, ackUntil)
  const voucher = { lease, cumulative, ackFrom, ackUntil }
  const signature = context.signer.sign('Voucher', voucher)
  state.voucher = { cumulative, ackFrom, ackUntil, signature }
  return [
    persist('committed', put(vouchers, lease, state.voucher)),
    send({ t: 'voucher', ack: state.channel.inSeq, cumulative, ackFrom, ackUntil, signature }),
  ]
}

function queue(state: BuyerLease, draft: Draft): BuyerEffect[] {
  const { frame, writes } = enqueue(state.channel, draft)
  return [persist('committed', ...writes), send(frame)]
}

function suspend(state: BuyerLease): BuyerEffect[] {
  const attempts = [...state.inFlight.keys()]
  if (attempts.length === 0) return []
  state.inFlight.clear()
  return [{ do: 'suspend', attempts }]
}

function lose(state: BuyerLease, why: string): BuyerEffect[] {
  return finish(state, 'lost', why, [])
}

function finish(
  state: BuyerLease,
  phase: 'closed' | 'lost',
  why: string,
  rows: readonly Write[],
): BuyerEffect[] {
  state.purchase.phase = phase
  state.connected = false
  state.redial = null
  return [
    persist('synced', ...rows, purchaseRow(state)),
    { do: 'capacity' },
    ...suspend(state),
    { do: 'hang-up', why },
    { do: 'settle', phase, why },
  ]
}

function purchaseRow(state: BuyerLease): Write {
  return put(purchases, state.purchase.lease, state.purchase)
}
