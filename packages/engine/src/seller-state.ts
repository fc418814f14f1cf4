import {
  type Attempt,
  type EndingCode,
  type FailureCode,
  type Frame,
  type FrameOf,
  type GpuHealth,
  LIMITS,
  type Output,
  taskDigest,
} from '@souk/protocol'
import { type Channel, type Draft, enqueue, newChannel } from './channel.ts'
import {
  type Durability,
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
} from './records.ts'
import type { SavedCheckpoint, SavedPair } from './seller-saved.ts'
import { newService, type Service } from './service.ts'

/** One lease as its provider runs it (PROTOCOL §6). Durable parts are in `sale`, `channel`, `voucher`. */
export interface SellerLease {
  sale: Sale
  channel: Channel
  voucher: VoucherRow | null
  /** Blocks of the earlier stretches of service whose vouchers are kept, by place. */
  readonly stretches: number[]
  /** Monotonic time of the oldest voucher not yet synced to the disk. */
  unsyncedMs: number | null
  service: Service
  head: Head
  connected: boolean
  /** Attempts this lease may have in flight. */
  credit: number
  /** Unanswered attempts by id. */
  running: Map<string, Running>
  /** Checkpoints of running attempts. */
  saved: Map<string, SavedPair>
  /** Every attempt ever accepted, so that none runs twice. */
  seen: Set<string>
  /** Signed nowhere yet: results that wait for the opening (PROTOCOL §6). */
  held: Finished[]
  beats: number
  /** The lease's GPUs as they were last looked at. */
  gpus: readonly GpuHealth[]
  /** The first block seen that is too late for an opening; null before there was one. */
  lateBlock: number | null
  beatAtMs: number
  heardAtMs: number
  /** Part of the time since then in which we could hear nobody. */
  deafMs: number
  /** All of the time on this lease that was excused because we heard nobody. */
  excusedMs: number
  tickAtMs: number
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
  /** The opening fell out of the chain with its block. */
  | { type: 'unopened' }
  | { type: 'finished'; results: readonly Finished[] }
  | { type: 'failed'; attempt: string; code: FailureCode; message: string }
  /** A running program saved a checkpoint, whose blocks are here. */
  | { type: 'saved'; attempt: string; checkpoint: SavedCheckpoint }
  /** The lease's GPUs were looked at. */
  | { type: 'gpus'; gpus: readonly GpuHealth[] }
  | { type: 'drain'; seconds: number }
  /** The chain shows that the lease is over. */
  | { type: 'ended-on-chain' }
  /**
   * Time passed; `blind`: no endpoint of the chain answers this process now; `deaf`: nobody else does, so that the
   * requester's silence may be our own; `executing`: attempts whose programs run.
   */
  | { type: 'tick'; blind?: boolean; deaf?: boolean; executing?: readonly string[] }

export type SellerEffect =
  | Persist
  | Send
  | Store
  /** Execute an attempt; its row is durable. */
  | { readonly do: 'execute'; readonly attempt: Attempt }
  /** Stop executing attempts; nothing is reported for them. */
  | { readonly do: 'abort'; readonly attempts: readonly string[] }
  /** Of the checkpoints of an attempt, keep exactly these. */
  | { readonly do: 'shelve'; readonly attempt: string; readonly cids: readonly string[] }
  /** Close the stream. */
  | { readonly do: 'hang-up'; readonly why: string }
  /** The lease is over: give the capacity back and settle on the chain. */
  | { readonly do: 'settle'; readonly code: EndingCode; readonly why: string }

/** Takes a lease up when it starts. `credit` is kept to what one lease may have in flight at all. */
export function sellerLease(sale: Sale, head: Head, credit: number, nowMs: number): SellerLease {
  return {
    sale,
    channel: newChannel(sale.lease),
    voucher: null,
    stretches: [],
    unsyncedMs: null,
    service: newService(),
    head,
    connected: true,
    credit: Math.min(credit, LIMITS.credit),
    running: new Map(),
    saved: new Map(),
    seen: new Set(),
    held: [],
    beats: 0,
    gpus: [],
    lateBlock: null,
    beatAtMs: nowMs,
    heardAtMs: nowMs,
    deafMs: 0,
    excusedMs: 0,
    tickAtMs: nowMs,
    pausedMs: null,
    drainByMs: null,
  }
}

/** Returns the row of the sale as it is now. */
export function saleRow(state: SellerLease): Write {
  return put(sales, state.sale.lease, state.sale)
}

/** Returns the row of one attempt. */
export function executionRow(
  state: SellerLease,
  attempt: Attempt,
  outcome: Pick<Execution, 'state' | 'output' | 'falsified'>,
): Write {
  const row: Execution = { task: taskDigest(attempt.task), n: attempt.n, ...outcome }
  return put(executions, executionKey(state.sale.lease, attempt.id), row)
}

/** Journals a durable frame together with `rows` and sends it; throws what {@link enqueue} throws. */
export function queue(
  state: SellerLease,
  draft: Draft,
  rows: readonly Write[],
  durability: Durability = 'committed',
): SellerEffect[] {
  const { frame, writes } = enqueue(state.channel, draft)
  return [persist(durability, ...rows, ...writes), ...transmit(state, frame)]
}

/**
 * Sends a frame while the channel is up. Not before `resume` was handled either: a frame ahead of those that are
 * sent again would look like a gap.
 */
export function transmit(state: SellerLease, frame: Frame): SellerEffect[] {
  return state.connected ? [send(frame)] : []
}

/** Returns how long the requester was silent, in milliseconds, without the time in which we could hear nobody. */
export function silentMs({ heardAtMs, deafMs }: SellerLease, nowMs: number): number {
  return nowMs - heardAtMs - deafMs
}
