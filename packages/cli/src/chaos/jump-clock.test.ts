import { afterEach, expect, test } from 'vitest'
import { jumpClock } from './jump-clock.ts'

const RealDate = Date
afterEach(() => {
  globalThis.Date = RealDate
})

test('every way to read the wall clock jumps, and a time that is given stays', () => {
  const hour = 3_600_000
  let jump = () => {}
  jumpClock(hour, (given) => {
    jump = given
  })
  const lead = () => Math.round((Date.now() - RealDate.now()) / hour)
  expect(lead()).toBe(0)
  jump()
  expect(lead()).toBe(1)
  expect(new Date().getFullYear()).toBe(new RealDate(Date.now()).getFullYear())
  expect(new Date(5).getTime()).toBe(5)
  expect(new Date(5)).toBeInstanceOf(Date)
  expect(Date.UTC(1970, 0, 1)).toBe(0)
  jump()
  expect(lead()).toBe(0)
})
