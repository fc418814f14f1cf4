import { expect, test } from 'vitest'
import { parseFault } from './fault.ts'

const attempts = Array.from({ length: 2_000 }, (_, i) => `job.${i}.0.1`)

test('a network that is not for development accepts no fault switch', () => {
  expect(() => parseFault('wrong-result', false)).toThrowError(
    expect.objectContaining({ code: 'NOT_A_DEV_NETWORK' }),
  )
})

test.each(['', 'wrong', 'wrong-result:', 'wrong-result:2', 'wrong-result:-1'])('%j is no fault', (text) => {
  expect(() => parseFault(text, true)).toThrowError(expect.objectContaining({ code: 'BAD_FAULT' }))
})

test.each([
  ['wrong-result', 1],
  ['wrong-result:0', 0],
  ['wrong-result:0.5', 0.5],
  ['wrong-result:0.25', 0.25],
])('%s falsifies about %d of the attempts, always the same', (text, share) => {
  const fault = parseFault(text, true)
  const falsified = attempts.filter((attempt) => fault.falsifies(attempt))
  expect(attempts.filter((attempt) => fault.falsifies(attempt))).toEqual(falsified)
  expect(Math.abs(falsified.length / attempts.length - share)).toBeLessThan(0.05)
  expect(fault.forgesProofs).toBe(false)
})

test('wrong-proof forges proofs, and no result', () => {
  const fault = parseFault('wrong-proof', true)
  expect(fault.forgesProofs).toBe(true)
  expect(attempts.some((attempt) => fault.falsifies(attempt))).toBe(false)
})

test.each(['idle', 'wrong-checkpoint'])('%s lies about progress, and falsifies nothing', (text) => {
  const fault = parseFault(text, true)
  expect([fault.idles, fault.inventsCheckpoints]).toEqual([text === 'idle', text === 'wrong-checkpoint'])
  expect(fault.forgesProofs || attempts.some((attempt) => fault.falsifies(attempt))).toBe(false)
})
