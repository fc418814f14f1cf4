import type { NetworkConfig } from '@souk/settlement'
import { expect, test } from 'vitest'
import { estimateWords, readAssurance, readExpected } from './assurance-option.ts'

test.each([
  ['none', { kind: 'none' }],
  ['audit', { kind: 'audit' }],
  ['replicate:3', { kind: 'replicate', r: 3 }],
  ['quorum:2/3', { kind: 'quorum', k: 2, n: 3 }],
])('%s is an assurance', (text, assurance) => {
  expect(readAssurance(text)).toEqual(assurance)
})

test.each(['', 'audits', 'quorum:1/2', 'quorum:9/16', 'replicate:0', 'replicate:16'])(
  '%j is none',
  (text) => {
    const refused = expect.objectContaining({ data: { code: 'BAD_OPTION', option: '--assurance' } })
    expect(() => readAssurance(text)).toThrowError(refused)
  },
)

test('an expected time is read in milliseconds, and may be left out', () => {
  expect(readExpected({ assurance: 'none', expect: '2m' })).toEqual({ expectedMs: 120_000 })
  expect(readExpected({ assurance: 'none' })).toEqual({})
})

test('an estimate says what it reckons with', () => {
  const config = { tokenDecimals: 18, tokenSymbol: 'SOUK' } as NetworkConfig
  const estimate = {
    assurance: 'audit',
    executions: 1.25,
    price: 5n * 10n ** 16n,
    timeMs: 90_000,
    taskMs: 60_000,
  }
  expect(estimateWords({ ...estimate, isBound: true, leases: 2 }, config)).toBe(
    'audit: 1.25 executions of a task, 60 s each; at most about 0.05 SOUK and 90 s',
  )
})
