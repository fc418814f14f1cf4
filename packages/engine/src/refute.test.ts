import { epochStart, slotsInside } from '@souk/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { VoucherRow } from './records.ts'
import { refutations } from './refute.ts'

const RULES = { slotBlocks: 2 }
const EPOCH = 3
const START = epochStart(RULES, EPOCH)
const voucher = (from: number, until: number): VoucherRow => ({
  cumulative: 1n,
  ackFrom: from,
  ackUntil: until,
  signature: `0x${'11'.repeat(64)}`,
})
const stretch = fc
  .tuple(fc.integer({ min: START - 5, max: START + 40 }), fc.integer({ min: 0, max: 40 }))
  .map(([from, length]) => voucher(from, from + length))

describe('refuting', () => {
  it('strikes what the vouchers acknowledge, and leaves an outage between two of them', () => {
    const chosen = refutations(RULES, EPOCH, 0xffff, [
      voucher(START, START + 8),
      voucher(START + 17, START + 32),
    ])
    expect(chosen.map(({ strikes }) => strikes)).toEqual([0b1111_1110_0000_0000, 0b0000_0000_0000_1111])
  })

  it('never answers with a voucher that strikes nothing, nor for slots that are not down', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff }), fc.array(stretch, { maxLength: 8 }), (down, held) => {
        const chosen = refutations(RULES, EPOCH, down, held)
        const all = held.reduce((map, { ackFrom, ackUntil }) => {
          return map | slotsInside(RULES, EPOCH, ackFrom, ackUntil)
        }, 0)
        let left = down
        for (const { voucher: one, strikes } of chosen) {
          expect(strikes).not.toBe(0)
          expect(strikes).toBe(slotsInside(RULES, EPOCH, one.ackFrom, one.ackUntil) & left)
          left &= ~strikes
        }
        expect(left).toBe(down & ~all)
      }),
    )
  })
})
