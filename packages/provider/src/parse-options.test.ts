import { describe, expect, it } from 'vitest'
import { addRuntime, parseJuryShare, parseSize } from './parse-options.ts'

describe('parseSize', () => {
  it.each([
    ['1MiB', 1_048_576],
    ['1.5gib', 1_610_612_736],
    ['2 TiB', 2_199_023_255_552],
  ])('reads %s', (text, bytes) => expect(parseSize(text)).toBe(bytes))

  it.each(['', '5', '0GiB', '-1GiB', '4GB', 'all'])('refuses %j', (text) => {
    expect(() => parseSize(text)).toThrow(expect.objectContaining({ code: 'commander.invalidArgument' }))
  })
})

describe('parseJuryShare', () => {
  it('reads a share that may be nothing, and refuses others', () => {
    expect(['0', '0.25', '1'].map(parseJuryShare)).toEqual([0, 0.25, 1])
    for (const text of ['', ' ', '-0.1', '1.1', 'half'])
      expect(() => parseJuryShare(text)).toThrow(
        expect.objectContaining({ code: 'commander.invalidArgument' }),
      )
  })
})

describe('addRuntime', () => {
  it('collects names, and refuses others', () => {
    expect(addRuntime('container/1', ['wasm/1'])).toEqual(['wasm/1', 'container/1'])
    expect(() => addRuntime('wasm', [])).toThrow(
      expect.objectContaining({ code: 'commander.invalidArgument' }),
    )
  })
})
