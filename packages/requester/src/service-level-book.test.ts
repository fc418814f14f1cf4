import type { Verdict } from '@souk/availability'
import { type ServiceRow, serviceLevels } from '@souk/engine'
import type { Hex } from '@souk/protocol'
import { createMemoryJournal } from '@souk/storage'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ServiceBook } from './service-level-book.ts'
import { type EscrowSignal, newService } from './service-level-count.ts'
import { measuredIn, promisedBy } from './service-level-report.ts'

const LEASE: Hex = `0x${'01'.repeat(32)}`
const AT = { block: 1, blockHash: LEASE, transaction: LEASE, index: 0 }

/** A book whose time is set by hand, and a lease in it. */
function world(journal = createMemoryJournal(), most?: number) {
  const time = { ms: 0 }
  const options = {
    ...{ journal, clock: () => time.ms, dateMs: () => 1_000_000 + time.ms },
    ...{ onProblem: (sentence: string) => expect.fail(sentence), ...(most === undefined ? {} : { most }) },
  }
  const purchase = { lease: LEASE, peerId: 'peer', phase: 'active' as const, boot: LEASE }
  const state = { connected: true, upAtMs: -1e9, service: { lastBeatMs: null as number | null }, purchase }
  return { time, state, journal, book: new ServiceBook(options) }
}

const moment = fc.record({
  ms: fc.integer({ min: 1, max: 5_000 }),
  connected: fc.boolean(),
  beats: fc.boolean(),
  verdict: fc.constantFrom<Verdict | undefined>(undefined, 'alive', 'degraded', 'suspect', 'dead'),
})

test('all time from the beginning is counted once: up, degraded, down, or not seen', () => {
  fc.assert(
    fc.property(fc.array(moment, { maxLength: 60 }), (moments) => {
      const { time, state, book } = world()
      book.know({ lease: LEASE, acceptedAtMs: 1_000_000 })
      let upMs = 0
      for (const [i, { ms, connected, beats, verdict }] of moments.entries()) {
        time.ms += ms
        state.connected = connected
        state.service.lastBeatMs = beats ? time.ms : null
        book.tick([state], () => verdict)
        if (i > 0 && connected && beats && (verdict ?? 'alive') === 'alive') upMs += ms
      }
      const row = book.of(LEASE) ?? newService(0)
      expect(row.upMs).toBe(upMs)
      expect(row.upMs + row.degradedMs + row.downMs + row.unseenMs).toBe(time.ms)
      expect(row.untilMs - row.sinceMs).toBe(time.ms)
      expect(row.longestMs).toBeLessThanOrEqual(row.downMs)
      expect(row.outages === 0).toBe(row.downMs === 0)
    }),
  )
})

test('a channel that has just come up is of use before its first beat', () => {
  const { time, state, book } = world()
  book.know({ lease: LEASE, acceptedAtMs: 1_000_000 })
  state.upAtMs = 0
  for (time.ms of [0, 1_900, 4_000]) book.tick([state], () => undefined)
  expect(book.of(LEASE)).toMatchObject({ upMs: 1_900, degradedMs: 2_100 })
})

test('counts go on after a restart, and what passed meanwhile nobody has seen', async () => {
  const first = world()
  first.book.know({ lease: LEASE, acceptedAtMs: 1_000_000 })
  first.state.connected = false
  for (first.time.ms of [0, 700]) first.book.tick([first.state], () => undefined)
  await first.book.close()
  const second = world(first.journal)
  await second.book.load()
  for (second.time.ms of [5_000, 6_000]) second.book.tick([second.state], () => undefined)
  expect(second.book.of(LEASE)).toMatchObject({ downMs: 700, unseenMs: 4_300, degradedMs: 1_000, outages: 1 })
})

test('no more leases are remembered than was said, the newest', async () => {
  const { book, journal } = world(createMemoryJournal(), 3)
  const names = Array.from({ length: 5 }, (_, i): Hex => `0x${i.toString(16).padStart(64, '0')}`)
  for (const [i, lease] of names.entries()) {
    book.know({ lease, acceptedAtMs: i })
    await book.close()
  }
  const kept = (await journal.scan(serviceLevels.table)).map(({ key }) => key)
  expect(kept).toEqual(names.slice(2))
})

test('what the chain says of penalties and of the end counts, and is taken back with its block', () => {
  const { book } = world()
  book.know({ lease: LEASE, acceptedAtMs: 0 })
  const parties = { lease: LEASE, provider: LEASE, requester: LEASE }
  const money = { paid: 5n, refund: 6n, toRequester: 3n, toBurn: 3n }
  const events: EscrowSignal['event'][] = [
    { kind: 'downAdjusted', lease: LEASE, change: 2n, downSlots: 2 },
    { kind: 'seized', lease: LEASE, amount: 7n },
    { kind: 'closed', ...parties, ...money },
  ]
  for (const event of events) book.onEvent({ kind: 'event', event, at: AT })
  const after: Partial<ServiceRow> = { downSlots: 2, seized: 7n }
  expect(book.of(LEASE)).toMatchObject({ ...after, closed: { paid: 5n, toRequester: 3n, burned: 3n } })
  for (const event of events.toReversed()) book.onEvent({ kind: 'removed', event, at: AT })
  expect(book.of(LEASE)).toMatchObject({ downSlots: 0, seized: 0n, closed: null })
})

test('a bond backs the slots that it pays for, and no others', () => {
  const quote = { blocks: 320, rate: 1n, bond: 40n, slotPenalty: 5n, resultBond: 1n } as Parameters<
    typeof promisedBy
  >[0]['quote']
  expect(promisedBy({ quote }, { blockSeconds: 2, slotBlocks: 10 })).toMatchObject({
    ...{ seconds: 640, slotSeconds: 20, bondedSlots: 8, backedAvailability: 0.75 },
  })
  expect(promisedBy({ quote }, { blockSeconds: 2, slotBlocks: null }).backedAvailability).toBeNull()
})

test('nothing seen is no availability', () => {
  expect(measuredIn([]).availability).toBeNull()
  expect(measuredIn([{ ...newService(0), upMs: 3, downMs: 1 }]).availability).toBe(0.75)
})
