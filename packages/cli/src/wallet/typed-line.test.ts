import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { EMPTY_LINE, typeInto } from './typed-line.ts'

test.each([
  ['secret\r', 'secret', 'enter'],
  ['secret\n', 'secret', 'enter'],
  ['secrex\u007ft\r', 'secret', 'enter'],
  ['wrong\u0015secret\r', 'secret', 'enter'],
  ['sec\u001b[Dret\u001b[1;5C\u001bOH\r', 'secret', 'enter'],
  ['pâss 🔑🗝\b\r', 'pâss 🔑', 'enter'],
  ['secret\rmore', 'secret', 'enter'],
  ['secret\u0003', '', 'interrupt'],
  ['\b\b', '', null],
  ['sec\u0007ret', 'secret', null],
])('%j gives %j', (typed, text, end) => {
  expect(typeInto(EMPTY_LINE, typed)).toEqual({ text, end })
})

test('plain text comes back however it was cut, up to its bound', () => {
  const plain = fc.string({ unit: 'grapheme-ascii', maxLength: 1_500 })
  fc.assert(
    fc.property(fc.array(plain, { maxLength: 4 }), (parts) => {
      const line = parts.reduce(typeInto, EMPTY_LINE)
      expect(line).toEqual({ text: parts.join('').slice(0, 1_024), end: null })
    }),
  )
})
