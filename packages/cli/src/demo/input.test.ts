import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countWordsReference, mergeWordResults } from '../word-reference.ts'
import { cutIntoChunks, readInput } from './input.ts'

describe('cutIntoChunks', () => {
  it('loses and adds nothing, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 4_000 }), (text) => {
        expect(Buffer.concat(cutIntoChunks(text))).toEqual(Buffer.from(text))
      }),
    )
  })

  it('cuts between lines, so that no word is counted in two halves', () => {
    const line = fc.stringMatching(/^[a-z]{1,12}( [a-z]{1,12}){0,5}$/)
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 200 }), (lines) => {
        const text = new TextEncoder().encode(lines.map((one) => `${one}\n`).join(''))
        const chunks = cutIntoChunks(text)
        const counts = (output: string) => output.split('\n').filter((row) => row.startsWith('word '))
        const merged = mergeWordResults(chunks.map((chunk) => countWordsReference(chunk)))
        if (chunks.every((chunk) => chunk.at(-1) === 10)) {
          expect(counts(merged)).toEqual(counts(countWordsReference(text)))
        }
      }),
      { numRuns: 50 },
    )
  })

  it('makes at least forty tasks of the novel', () => {
    const { name, bytes } = readInput(undefined)
    expect(name).toBe('moby-dick.txt')
    expect(cutIntoChunks(bytes).length).toBeGreaterThanOrEqual(40)
  })
})

describe('readInput', () => {
  it('says which file is missing', () => {
    expect(() => readInput('/nowhere.txt')).toThrow(expect.objectContaining({ code: 'FILE_MISSING' }))
  })
})
