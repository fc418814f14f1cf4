import { LIMITS } from '@souk/protocol'
import { describe, expect, it } from 'vitest'
import { readLength, readTime } from './reserve-time.ts'

const NOON = new Date(2026, 4, 1, 12, 0, 0)
const seconds = (date: Date) => date.getTime() / 1000

describe('when a reservation begins', () => {
  it.each([
    ['now', NOON],
    ['+30m', new Date(2026, 4, 1, 12, 30)],
    ['+1.5h', new Date(2026, 4, 1, 13, 30)],
    ['15:30', new Date(2026, 4, 1, 15, 30)],
    ['11:59', new Date(2026, 4, 2, 11, 59)],
    ['2026-05-02T11:00', new Date(2026, 4, 2, 11, 0)],
  ])('reads %j', (text, at) => {
    expect(readTime('--at', text, NOON)).toBe(seconds(at))
  })

  it.each(['', 'soon', '24:00', '12:60', '+1', '+25h', '2026-05-01T11:59', '2027-01-01T00:00'])(
    'refuses %j',
    (text) => {
      expect(() => readTime('--at', text, NOON)).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }))
    },
  )
})

describe('how long it lasts', () => {
  it('reads a time up to the bound', () => {
    expect([readLength('--for', '90s'), readLength('--for', '6h')]).toEqual([90, LIMITS.reserveSeconds])
  })

  it.each(['', '0s', '6.1h', '10', 'long'])('refuses %j', (text) => {
    expect(() => readLength('--for', text)).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }))
  })
})
