import { type DurableFrame, frameCodec, type Hex, LIMITS, SoukError } from '@souk/protocol'
import type { Write } from './program.ts'
import { channels, OUTBOX, outboxKey } from './records.ts'

/** Both directions of a lease channel's durable frames (PROTOCOL §6.3). */
export interface Channel {
  readonly lease: Hex
  /** Sequence number of the last durable frame we made. */
  outSeq: number
  /** Highest sequence number received without a gap. */
  inSeq: number
  /** Frames not yet acknowledged, oldest first. */
  unacked: DurableFrame[]
}

/** A durable frame before the channel gives it its number. */
export type Draft = DurableFrame extends infer F
  ? F extends unknown
    ? Omit<F, 'seq' | 'ack'>
    : never
  : never

/** The peer broke the order of the channel, never acknowledges, or acknowledges what was never sent. */
export class ChannelError extends SoukError<{
  code: 'SEQUENCE_GAP' | 'OUTBOX_FULL' | 'BAD_ACK'
  lease: Hex
}> {}

/** Starts a channel with nothing sent and nothing received. */
export function newChannel(lease: Hex): Channel {
  return { lease, outSeq: 0, inSeq: 0, unacked: [] }
}

/**
 * Numbers a frame and keeps it until acknowledged; its row must be durable before it is sent.
 *
 * Throws {@link ChannelError} `OUTBOX_FULL`.
 */
export function enqueue(channel: Channel, draft: Draft): { frame: DurableFrame; writes: Write[] } {
  if (channel.unacked.length >= LIMITS.outboxFrames) {
    throw new ChannelError(
      `expected an acknowledgement within ${LIMITS.outboxFrames} frames, got none; the lease is given up`,
      { code: 'OUTBOX_FULL', lease: channel.lease },
    )
  }
  return enqueueLast(channel, draft)
}

/** Does the same for the frame that ends the channel: it has a place kept for it beyond the bound. */
export function enqueueLast(channel: Channel, draft: Draft): { frame: DurableFrame; writes: Write[] } {
  channel.outSeq += 1
  const frame = { ...draft, seq: channel.outSeq, ack: channel.inSeq } as DurableFrame
  channel.unacked.push(frame)
  const row = { table: OUTBOX, key: outboxKey(channel.lease, frame.seq), value: frameCodec.encode(frame) }
  return { frame, writes: [row, channelRow(channel)] }
}

/**
 * Drops what the peer has; returns the rows that go with it.
 *
 * Throws {@link ChannelError} `BAD_ACK` for a frame that was never sent: then one side lost rows that it had
 * promised to keep, and numbers no longer mean the same on both.
 */
export function acknowledge(channel: Channel, ack: number): Write[] {
  if (ack > channel.outSeq) {
    throw new ChannelError(
      `expected acknowledgements up to frame ${channel.outSeq} on lease ${channel.lease}, got ${ack}; the lease is given up`,
      { code: 'BAD_ACK', lease: channel.lease },
    )
  }
  const done = channel.unacked.filter((frame) => frame.seq <= ack)
  if (done.length === 0) return []
  channel.unacked = channel.unacked.filter((frame) => frame.seq > ack)
  return done.map((frame) => ({ table: OUTBOX, key: outboxKey(channel.lease, frame.seq), value: null }))
}

/**
 * Takes in the number of a received durable frame.
 *
 * Returns `undefined` for a repetition, else the row that must be durable before the frame is acknowledged.
 * Throws {@link ChannelError} `SEQUENCE_GAP`.
 */
export function receive(channel: Channel, seq: number): Write | undefined {
  if (seq <= channel.inSeq) return undefined
  if (seq !== channel.inSeq + 1) {
    throw new ChannelError(
      `expected frame ${channel.inSeq + 1} on lease ${channel.lease}, got ${seq}; the lease is given up`,
      { code: 'SEQUENCE_GAP', lease: channel.lease },
    )
  }
  channel.inSeq = seq
  return channelRow(channel)
}

/** Returns the row from which a restarted process takes the channel up again. */
export function channelRow(channel: Channel): Write {
  return {
    table: channels.table,
    key: channel.lease,
    value: channels.codec.encode({ inSeq: channel.inSeq, outSeq: channel.outSeq }),
  }
}

/**
 * Returns the frames above `ack`, as they were first sent, for a resumed stream. They keep their old
 * acknowledgement: it tells the peer what we had read when we made them.
 */
export function unsent(channel: Channel, ack: number): DurableFrame[] {
  return channel.unacked.filter((frame) => frame.seq > ack)
}

/** Splits items over frames of at most three quarters of the frame limit, so that headers still fit. */
export function fitFrames<T>(items: readonly T[], bytesOf: (item: T) => number, most: number): T[][] {
  const groups: T[][] = []
  let room = 0
  for (const item of items) {
    const bytes = bytesOf(item)
    const group = groups.at(-1)
    if (group !== undefined && bytes <= room && group.length < most) group.push(item)
    else {
      groups.push([item])
      room = (LIMITS.frameBytes * 3) / 4
    }
    room -= bytes
  }
  return groups
}

/** Blocks that fit in one frame by its schema; the peer fetches the rest. */
const INLINE_BLOCKS = LIMITS.runAttempts * 4

/** Returns the blocks that ride along with a frame. */
export function rideAlong(items: readonly { readonly inline: readonly Uint8Array[] }[]): Uint8Array[] {
  return items.flatMap((item) => item.inline).slice(0, INLINE_BLOCKS)
}

/** Returns the bytes of small blocks that ride along with a frame. */
export function inlineBytes(blocks: readonly Uint8Array[]): number {
  return blocks.reduce((total, block) => total + block.byteLength, 0)
}
