import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PAYMENT } from './payment.ts'
import { breakOff, breakOffAt, countBeat, newService, servedBlocks } from './service.ts'

const BLOCK_MS = 2_000

/** Beats and silences, each with its length in milliseconds; true for a connection that breaks at its start. */
const history = fc.array(
  fc.record({ gapMs: fc.oneof(fc.constant(500), fc.integer({ min: 1, max: 8_000 })), breaks: fc.boolean() }),
  { maxLength: 80 },
)

/** The head that a peer has seen at a time. */
function headAt(ms: number) {
  return { number: Math.floor(ms / BLOCK_MS), timestampSeconds: Math.floor(ms / 1000) }
}

describe('service', () => {
  test('acknowledges only blocks that passed without a gap, and none ahead of the head', () => {
    fc.assert(
      fc.property(history, (steps) => {
        const service = newService()
        const gaps: [number, number][] = []
        let nowMs = 0
        let lastMs = 0
        for (const { gapMs, breaks } of steps) {
          nowMs += gapMs
          if (breaks) breakOff(service)
          if (breaks || gapMs > PAYMENT.beatGapMs) gaps.push([lastMs, nowMs])
          countBeat(service, headAt(nowMs), nowMs)
          lastMs = nowMs
          const blocks = servedBlocks(service)
          if (blocks === null) continue
          // Block b takes the time from its own stamp to that of the next.
          const [from, until] = [blocks.from * BLOCK_MS, blocks.until * BLOCK_MS]
          expect(blocks.until).toBeLessThanOrEqual(headAt(nowMs).number)
          expect(gaps.filter(([begin, end]) => begin < until && end > from)).toEqual([])
        }
      }),
    )
  })

  test('acknowledges nothing of the time in which who counts stood still, however late it sees new heads', () => {
    const late = fc.array(
      fc.record({
        gapMs: fc.oneof(fc.constant(500), fc.integer({ min: 1, max: 60_000 })),
        sees: fc.boolean(),
      }),
      { maxLength: 80 },
    )
    fc.assert(
      fc.property(late, (steps) => {
        const service = newService()
        const gaps: [number, number][] = []
        let [nowMs, lastMs, seenMs] = [0, 0, 0]
        for (const { gapMs, sees } of steps) {
          nowMs += gapMs
          if (sees) seenMs = nowMs
          if (gapMs > PAYMENT.beatGapMs) gaps.push([lastMs, nowMs - PAYMENT.beatGapMs])
          countBeat(service, headAt(seenMs), nowMs, seenMs)
          lastMs = nowMs
          const blocks = servedBlocks(service)
          if (blocks === null) continue
          const [from, until] = [blocks.from * BLOCK_MS, blocks.until * BLOCK_MS]
          expect(blocks.until).toBeLessThanOrEqual(headAt(seenMs).number)
          expect(gaps.filter(([begin, end]) => begin < until && end > from)).toEqual([])
        }
      }),
    )
  })

  test('is the sum of unbroken stretches, as a slow reference counts it', () => {
    fc.assert(
      fc.property(history, (steps) => {
        const service = newService()
        let nowMs = 0
        let sum = 0
        for (const [i, { gapMs, breaks }] of steps.entries()) {
          nowMs += gapMs
          if (breaks) breakOff(service)
          if (i > 0 && !breaks && gapMs <= PAYMENT.beatGapMs) sum += gapMs
          countBeat(service, headAt(nowMs), nowMs)
        }
        expect(service.servedMs).toBe(sum)
      }),
    )
  })

  test('takes back what was counted into a dead connection, and never more', () => {
    const service = newService(10_000)
    for (const ms of [0, 500, 1_000, 1_500]) countBeat(service, headAt(ms), ms)
    breakOffAt(service, 600)
    expect(service.servedMs).toBe(10_600)
    breakOffAt(service, 600)
    expect(service.servedMs).toBe(10_600)
    for (const ms of [5_000, 5_500]) countBeat(service, headAt(ms), ms)
    breakOff(service)
    breakOffAt(service, 600)
    expect(service.servedMs).toBe(10_600)
  })
})
