import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { escapeWatch } from './escape.ts'

/** Types texts one after the other; returns what goes through, and whether it ended. */
function type(...texts: string[]): [typed: string, ended: boolean] {
  const watch = escapeWatch()
  let typed = ''
  for (const text of texts) {
    const { bytes, ends } = watch(Buffer.from(text))
    typed += Buffer.from(bytes)
    if (ends) return [typed, true]
  }
  return [typed, false]
}

describe('the way out of a session', () => {
  it.each([
    [['~.'], '', true],
    [['ls\r~.more'], 'ls\r', true],
    [['ls\n', '~', '.'], 'ls\n', true],
    [['ls ~.'], 'ls ~.', false],
    [['\r~~.'], '\r~.', false],
    [['\r~/x'], '\r~/x', false],
    [['\r~\r~.'], '\r~\r', true],
  ])('%j types %j', (texts, typed, ended) => {
    expect(type(...texts)).toEqual([typed, ended])
  })

  it('types the same however keys come together', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('\r', '~', '.', 'x'), { maxLength: 20 }), (keys) => {
        expect(type(...keys)).toEqual(type(keys.join('')))
      }),
    )
  })
})
