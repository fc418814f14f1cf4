import {
  type Attempt,
  type FailureCode,
  type Frame,
  type FrameOf,
  type GpuHealth,
  type Hex,
  LIMITS,
  type Output,
  type Receipt,
} from '@souk/protocol'
import { type Channel, type Draft, enqueue, newChannel } from './channel.ts'
import { PAYMENT } from './payment.ts'
import { type Head, type Persist, persist, type Send, type Store, send, type Write } from './program.ts'
import { type Purchase, purchases, put, type VoucherRow } from './records.ts'
import { newService, type Service } from './service.ts'

/** One lease as its requester runs it (PROTOCOL §6). Durable parts are in `purchase`, `channel`, `voucher`. */
export interface BuyerLease {
  purchase: Purchase
  channel: Channel
  voucher: VoucherRow | null
  service: Service
  head: Head
  /** Monotonic time at which `head` was seen. */
  headAtMs: number
  connected: boolean
  /** Attempts the provider takes at the same time. */
  credit: number
  inFlight: Map<string, { task: Hex; seq: number }>
  /** Attempts taken back until the provider has read that they are: results that cross it still count. */
  takenBack: Map<string, { task: Hex; seq: number }>
  /** Attempts that somebody is inside of, and how often: they wait for the connection instead of running elsewhere. */
  held: Map<string, number>
  beats: number
  peerBeats: number
  /** How the lease's GPUs are, as the newest beat tells. */
  gpus: readonly GpuHealth[]
  beatAtMs: number
  voucherAtMs: number
  heardAtMs: number
  /** Monotonic time at which the channel last came up, and how often in a row it was gone at once. */
  upAtMs: number
  drops: number
  /** Somebody watches the provider and says when it is gone: silence alone is a last resort then. */
  watched: boolean
  /** Present while the stream is down: when to dial again, and when to give up. */
  redial: { tries: number; atMs: number; giveUpAtMs: number } | null
  /** When the lease is given up unless a beat comes: a channel that is resumed and stays silent is none. */
  lifelessUntilMs: number | null
  /** While accepted: when to stop waiting for the provider to start. */
  startByMs: number | null
  /** While draining: when the provider must have ended the lease. */
  drainByMs: number | null
  /** It was said that the lease is of no more use. */
  isSpent: boolean
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
  /** Somebody goes inside of an attempt (+1), or leaves it (−1). */
  | { type: 'hold'; attempt: string; by: 1 | -1 }
  /** The job is done with a checkpoint that the provider told of. */
  | { type: 'taken'; attempt: string; cid: string }
  /** An attempt that goes on from this checkpoint may come to this lease. */
  | { type: 'ahead'; cid: string }
  /** From now on somebody tells what the provider's silence means. */
  | { type: 'watched' }
  /** Others reach the provider and we do not: dial again, what runs there goes elsewhere. */
  | { type: 'unheard' }
  /** The provider is dead, by what its watcher saw. One that is being dialled again has its own time for that. */
  | { type: 'dead'; why: string }
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
  /** The provider has a checkpoint of an attempt that runs: fetch it, and say when that is done. */
  | { readonly do: 'saved'; readonly attempt: string; readonly cid: string; readonly bytes: number }
  /** Attempts whose fate is open because the connection is gone: run them elsewhere. */
  | { readonly do: 'suspend'; readonly attempts: readonly string[] }
  /** Credit or phase changed: the job may dispatch more, or must not. */
  | { readonly do: 'capacity' }
  /** Dial the provider and resume. */
  | { readonly do: 'redial' }
  /** The lease is of no more use: event `close`, as soon as nothing is lost by signing it. Once. */
  | { readonly do: 'spent' }
  /** Close the stream; it is of no more use. */
  | { readonly do: 'hang-up'; readonly why: string }
  /** The lease is over for us: settle it on the chain. */
  | { readonly do: 'settle'; readonly phase: 'closed' | 'lost'; readonly why: string }

/** Milliseconds from a lost connection until the lease is given up. */
export const REDIAL_MS = 10_000

/** Milliseconds a provider may take to countersign the close. */
export const CLOSE_MS = 5_000
/** Milliseconds from `accept` until a lease that did not start is given up: a step, and what the shell adds. */
const START_MS = 2 * LIMITS.negotiationMs

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
    headAtMs: nowMs,
    connected: false,
    credit: 0,
    inFlight: new Map(inFlight),
    takenBack: new Map(),
    held: new Map(),
    beats: 0,
    peerBeats: 0,
    gpus: [],
    upAtMs: nowMs,
    drops: 0,
    beatAtMs: nowMs,
    voucherAtMs: nowMs,
    heardAtMs: nowMs,
    watched: false,
    redial: recovered ? { tries: 0, atMs: nowMs, giveUpAtMs: nowMs + REDIAL_MS } : null,
    lifelessUntilMs: null,
    startByMs: purchase.phase === 'accepted' ? nowMs + START_MS : null,
    drainByMs: null,
    isSpent: false,
    closeByMs: purchase.phase === 'closing' ? nowMs + REDIAL_MS + CLOSE_MS : null,
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

/** Returns the row of the purchase as it is now. */
export function purchaseRow(state: BuyerLease): Write {
  return put(purchases, state.purchase.lease, state.purchase)
}

/** Journals a durable frame and sends it; throws what {@link enqueue} throws. */
export function queue(state: BuyerLease, draft: Draft): BuyerEffect[] {
  const { frame, writes } = enqueue(state.channel, draft)
  return [persist('committed', ...writes), ...transmit(state, frame)]
}

/**
 * Sends a frame while the channel is up. Not before `resumed` was handled either: a frame ahead of those that
 * are sent again would look like a gap.
 */
export function transmit(state: BuyerLease, frame: Frame): BuyerEffect[] {
  return state.connected ? [send(frame)] : []
}
