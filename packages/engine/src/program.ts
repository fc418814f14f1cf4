import type { Frame, Hex, NetworkId, Structs } from '@souk/protocol'

/**
 * What the programs of this package share.
 *
 * A program is a state and a function `advance(context, state, event, nowMs) → effects`. It decides and does
 * nothing else: no clock, no socket, no randomness. The state belongs to the program and is updated in place,
 * because a job holds up to a hundred thousand tasks; equal states and equal events give equal effects.
 * Effects are an ordered list: a shell carries each out before it begins the next (docs/ARCHITECTURE.md).
 */

/** `committed` survives `kill -9`, `synced` survives a power cut. */
export type Durability = 'committed' | 'synced'

/** One row of the journal; `null` deletes it. */
export interface Write {
  readonly table: string
  readonly key: string
  readonly value: Uint8Array | null
}

/** Rows that must be durable, all or none, before the effects after this one. */
export interface Persist {
  readonly do: 'persist'
  readonly durability: Durability
  readonly writes: readonly Write[]
}

/** A frame for the peer; dropped while no stream is open, because durable frames are sent again on resume. */
export interface Send {
  readonly do: 'send'
  readonly frame: Frame
}

/** Blocks that came inside a frame, to be kept before the frame is acknowledged. */
export interface Store {
  readonly do: 'store'
  readonly blocks: readonly Uint8Array[]
}

/** The newest block header a side has seen. */
export interface Head {
  readonly number: number
  /** Unix seconds. */
  readonly timestampSeconds: number
}

/** What the time is on the chain. */
export type ChainTime = Pick<Head, 'timestampSeconds'>

/** Signs structs with the lease key. Deterministic (RFC 6979), so it may be part of a pure program. */
export interface Signer {
  readonly address: Hex
  sign<T extends keyof Structs>(type: T, message: Structs[T]): Hex
}

/** What every program of one process is given. */
export interface Context {
  readonly network: NetworkId
  readonly signer: Signer
  /** Names this run of the process; 16 bytes. */
  readonly boot: Hex
}

/** Makes a {@link Persist} effect. */
export function persist(durability: Durability, ...writes: readonly Write[]): Persist {
  return { do: 'persist', durability, writes }
}

/** Makes a {@link Send} effect. */
export function send(frame: Frame): Send {
  return { do: 'send', frame }
}
