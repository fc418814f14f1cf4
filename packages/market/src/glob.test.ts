import fc from 'fast-check'
import { expect, test } from 'vitest'
import { matchesGlob } from './glob.ts'

test.each([
  ['*', '', true],
  ['*', 'Radeon RX 7900 XT/7900 XTX', true],
  ['*h100*', 'NVIDIA H100 80GB HBM3', true],
  ['NVIDIA ?100*', 'NVIDIA A100-SXM4', true],
  ['NVIDIA', 'NVIDIA H100', false],
  ['', 'x', false],
  ['a*b', 'ab!', false],
  ['(RX)', 'RX', false],
  ['[A]*', 'A1', false],
])('%j against %j: %s', (glob, text, matches) => {
  expect(matchesGlob(glob, text)).toBe(matches)
})

test('agrees with the regular expression of the glob', () => {
  const alphabet = fc.constantFrom('a', 'b', '*', '?')
  const glob = fc.string({ unit: alphabet, maxLength: 8 })
  const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 })
  fc.assert(
    fc.property(glob, text, (pattern, value) => {
      const regex = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`)
      expect(matchesGlob(pattern, value)).toBe(regex.test(value))
    }),
    { numRuns: 2_000 },
  )
})

test('a glob made to backtrack is answered all the same', () => {
  expect(matchesGlob(`${'*a'.repeat(47)}*b`, 'a'.repeat(96))).toBe(false)
})
