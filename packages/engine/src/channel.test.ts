import { type DurableFrame, LIMITS } from '@souk/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  acknowledge,
  type Channel,
  channelRow,
  enqueue,
  enqueueLast,
  fitFrames,
  newChannel,
  receive,
  unsent,
} from './channel.ts'
import { MemoryJournal } from './testing/memory-journal.ts'
import { numbered } from './testing/parties.ts'
import { readChannel } from './testing/recover-buyer.ts'

const LEASE = numbered(7, 32)

/** One side: its channel, its rows, what it handled, and what is on its way to the peer. */
interface Side {
  channel: Channel
  readonly journal: MemoryJournal
  readonly handled: string[]
  made: number
  wire: DurableFrame[]
}

const step = fc.record({
  side: fc.constantFrom(0 as const, 1 as const),
  does: fc.constantFrom('make', 'make', 'take', 'take', 'take', 'repeat', 'drop', 'crash', 'resume'),
})

describe('a lease channel', () => {
  test('carries every frame once and in order through losses, repetitions, reconnects and crashes', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const sides = [newSide(), newSide()] as const
        for (const { side, does } of steps) act(sides, side, does)
        for (let settle = 0; settle < 3; settle++) {
          resume(sides)
          for (const side of [0, 1] as const) while (take(sides, side)) {}
        }
        for (const side of [0, 1] as const) {
          const names = Array.from({ length: sides[side].made }, (_, i) => `${side}-${i}`)
          expect(sides[side === 0 ? 1 : 0].handled).toEqual(names)
          expect(sides[side].channel.unacked).toEqual([])
          expect(sides[side].journal.scan('outbox')).toEqual([])
        }
      }),
      { numRuns: 300 },
    )
  })

  test('refuses a gap', () => {
    expect(() => receive(newChannel(LEASE), 2)).toThrow(expect.objectContaining({ code: 'SEQUENCE_GAP' }))
  })

  test('refuses an acknowledgement of what was never sent', () => {
    const channel = newChannel(LEASE)
    enqueue(channel, { t: 'cancel', attempts: [] })
    expect(() => acknowledge(channel, 2)).toThrow(expect.objectContaining({ code: 'BAD_ACK' }))
  })

  test('keeps at most so many frames, and a place for the last', () => {
    const channel = newChannel(LEASE)
    for (let i = 0; i < LIMITS.outboxFrames; i++) enqueue(channel, { t: 'cancel', attempts: [] })
    expect(() => enqueue(channel, { t: 'cancel', attempts: [] })).toThrow(
      expect.objectContaining({ code: 'OUTBOX_FULL' }),
    )
    expect(enqueueLast(channel, { t: 'drain', seconds: 1 }).frame.seq).toBe(LIMITS.outboxFrames + 1)
  })

  test('sends frames again as they were: what they acknowledge tells when they were made', () => {
    const channel = newChannel(LEASE)
    enqueue(channel, { t: 'cancel', attempts: [] })
    receive(channel, 1)
    expect(unsent(channel, 0).map((frame) => frame.ack)).toEqual([0])
  })
})

describe('fitting items into frames', () => {
  test('loses none, keeps their order, and fills no frame beyond its room', () => {
    const sizes = fc.array(fc.integer({ min: 0, max: LIMITS.frameBytes / 2 }), { maxLength: 60 })
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 20 }), (items, most) => {
        const groups = fitFrames(items, (size) => size, most)
        expect(groups.flat()).toEqual(items)
        for (const group of groups) {
          expect(group.length).toBeLessThanOrEqual(most)
          expect(group.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual((LIMITS.frameBytes * 3) / 4)
        }
      }),
    )
  })
})

function newSide(): Side {
  return { channel: newChannel(LEASE), journal: new MemoryJournal(), handled: [], made: 0, wire: [] }
}

function act(sides: readonly [Side, Side], at: 0 | 1, does: string): void {
  const side = sides[at]
  switch (does) {
    case 'make':
      make(side, at)
      return
    case 'take':
      take(sides, at)
      return
    case 'repeat':
      side.wire.unshift(...side.wire.slice(0, 1))
      return
    case 'crash':
      side.channel = readChannel(side.journal, LEASE)
      resume(sides)
      return
    case 'drop':
      for (const one of sides) one.wire = []
      resume(sides)
      return
    default:
      resume(sides)
  }
}

function make(side: Side, at: number): void {
  const { frame, writes } = enqueue(side.channel, { t: 'cancel', attempts: [`${at}-${side.made}`] })
  side.journal.commit(writes)
  side.made += 1
  side.wire.push(frame)
}

/** Lets the next frame of the other side arrive at side `at`; its acknowledgement goes back at once or never. */
function take(sides: readonly [Side, Side], at: 0 | 1): boolean {
  const [here, there] = [sides[at], sides[at === 0 ? 1 : 0]]
  const frame = there.wire.shift()
  if (frame === undefined) return false
  here.journal.commit(acknowledge(here.channel, frame.ack))
  const row = receive(here.channel, frame.seq)
  if (row === undefined) return true
  here.journal.commit([row])
  if (frame.t === 'cancel') here.handled.push(...frame.attempts)
  return true
}

/** A new connection: both sides say what they have, and send the rest again. */
function resume(sides: readonly [Side, Side]): void {
  for (const at of [0, 1] as const) {
    const [here, there] = [sides[at], sides[at === 0 ? 1 : 0]]
    here.journal.commit(acknowledge(here.channel, there.channel.inSeq))
    here.journal.commit([channelRow(here.channel)])
    here.wire = unsent(here.channel, there.channel.inSeq)
  }
}
