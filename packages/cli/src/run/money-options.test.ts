import { expect, test } from 'vitest'
import { readGrace } from './money-options.ts'

test.each([
  ['0', 0],
  ['90', 90_000],
  ['15m', 900_000],
  ['24h', 86_400_000],
])('a grace of %s is %d ms', (text, ms) => {
  expect(readGrace(text)).toBe(ms)
})

test.each(['', '25h', '-1', '1d', '1.5m', 'soon'])('a grace of %j is refused', (text) => {
  expect(() => readGrace(text)).toThrowError(expect.objectContaining({ code: 'BAD_OPTION' }))
})
