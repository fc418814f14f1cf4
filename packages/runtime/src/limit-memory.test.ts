import { readFile } from 'node:fs/promises'
import { inspectProgram } from '@souk/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { limitMemory } from './limit-memory.ts'

const program = await readFile(new URL('../programs/conduct.wasm', import.meta.url))
const { minPages } = inspectProgram(program)

/** Instantiates the program with imports that are never called and returns its memory. */
function memoryOf(bytes: Uint8Array): { grow(pages: number): number } {
  const imports = new Proxy({}, { get: () => () => 0 })
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
    wasi_snapshot_preview1: imports,
  })
  return instance.exports.memory as { grow(pages: number): number }
}

test('memory grows to the limit exactly, and the program stays the same otherwise', () => {
  fc.assert(
    fc.property(fc.integer({ min: minPages, max: 2000 }), (pages) => {
      const limited = limitMemory(program, pages)
      expect(inspectProgram(limited)).toMatchObject({ minPages, maxPages: pages })
      const memory = memoryOf(limited)
      expect(memory.grow(pages - minPages)).toBe(minPages)
      expect(() => memory.grow(1)).toThrow(RangeError)
    }),
    { numRuns: 50 },
  )
})

test('a lower maximum of the program itself stands', () => {
  expect(limitMemory(limitMemory(program, 100), 200)).toEqual(limitMemory(program, 100))
})

test('a limit below what the program starts with is an error', () => {
  expect(() => limitMemory(program, minPages - 1)).toThrow(
    expect.objectContaining({ code: 'TOO_MUCH_MEMORY' }),
  )
})
