import type { Resources } from '@souk/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Booking, commonCapacity, freeOver, remainderOf } from './schedule.ts'

const GPUS = ['a', 'b', 'c'].map((id) => ({ id, family: 'nvidia' as const, model: 'H200', vramBytes: 1 }))
const TOTAL: Resources = { millicores: 100, memoryBytes: 100, diskBytes: 100, gpus: GPUS }

const part: fc.Arbitrary<Resources> = fc.record({
  millicores: fc.nat(60),
  memoryBytes: fc.nat(60),
  diskBytes: fc.nat(60),
  gpus: fc.subarray(GPUS),
})
const booking: fc.Arbitrary<Booking> = fc
  .record({ resources: part, fromSeconds: fc.nat(50), seconds: fc.integer({ min: 1, max: 20 }) })
  .map(({ seconds, ...rest }) => ({ ...rest, untilSeconds: rest.fromSeconds + seconds }))

test('what is free over a time is free in each of its seconds, and no more would be', () => {
  const span = fc.tuple(fc.nat(60), fc.integer({ min: 1, max: 30 }))
  fc.assert(
    fc.property(fc.array(booking, { maxLength: 8 }), span, (bookings, [from, seconds]) => {
      const free = freeOver(TOTAL, bookings, from, from + seconds)
      const each = Array.from({ length: seconds }, (_, i) => {
        const now = bookings.filter((one) => one.fromSeconds <= from + i && from + i < one.untilSeconds)
        return remainderOf(
          TOTAL,
          now.map(({ resources }) => resources),
        )
      })
      expect(free).toEqual(each.reduce(commonCapacity))
    }),
  )
})

test('a remainder and what was taken are the whole again, where that was part of it', () => {
  fc.assert(
    fc.property(part, (taken) => {
      const rest = remainderOf(TOTAL, [taken])
      expect(rest.millicores + taken.millicores).toBe(TOTAL.millicores)
      expect(remainderOf(TOTAL, [rest])).toEqual(taken)
      expect(commonCapacity(rest, taken).gpus).toEqual([])
    }),
  )
})
