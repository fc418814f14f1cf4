import { expect, test } from 'vitest'
import { fieldOf, parsePressure, readHostMemory } from './host-memory.ts'

test('the memory of this machine is found, and none of it twice', async () => {
  const { totalBytes, availableBytes, someStalled, allStalled } = await readHostMemory()
  expect(totalBytes).toBeGreaterThan(0)
  if (availableBytes !== null) expect(availableBytes).toBeLessThanOrEqual(totalBytes)
  for (const share of [someStalled, allStalled]) {
    if (share !== null) expect(share).toBeGreaterThanOrEqual(0)
    if (share !== null) expect(share).toBeLessThanOrEqual(1)
  }
})

test.each([
  [
    'some avg10=12.50 avg60=3.00 avg300=0.10 total=9\nfull avg10=4.00 avg60=1.00 avg300=0.00 total=3\n',
    0.125,
    0.04,
  ],
  ['some avg10=0.00 avg60=0.00 avg300=0.00 total=0\n', 0, null],
  ['', null, null],
  ['some avg10=much', null, null],
])('pressure is read, or unknown: %j', (text, someStalled, allStalled) => {
  expect(parsePressure(text)).toEqual({ someStalled, allStalled })
})

test.each([
  ['MemTotal:       100 kB\nMemAvailable:   42 kB\n', 'MemAvailable:', 42],
  ['pswpin 7\npswpout 9\n', 'pswpout', 9],
  ['pswpin_other 7\n', 'pswpin', null],
  ['pswpin x\n', 'pswpin', null],
  ['', 'pswpin', null],
])('a field is read, or unknown: %j %s', (text, word, value) => {
  expect(fieldOf(text, word)).toBe(value)
})
