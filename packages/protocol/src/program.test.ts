import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { errorCode } from './errors.ts'
import { inspectProgram, validateProgram, WASI_IMPORTS } from './program.ts'

const text = (value: string) => [value.length, ...new TextEncoder().encode(value)]
const section = (id: number, ...content: number[]) => [id, content.length, ...content]
const HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]
const TYPES = section(1, 1, 0x60, 0, 0)
const FUNCTIONS = section(3, 1, 0)
const MEMORY = section(5, 1, 0, 2)
const EXPORTS = section(7, 2, ...text('_start'), 0, 0, ...text('memory'), 2, 0)
const CODE = section(10, 1, 2, 0, 0x0b)
const imported = (module: string, name: string, ...type: number[]) =>
  section(2, 1, ...text(module), ...text(name), ...type)

/** A command that does nothing, with some of its sections replaced. */
function program(
  change: { imports?: number[]; memory?: number[]; exports?: number[]; code?: number[] } = {},
) {
  const { imports = [], memory = MEMORY, exports = EXPORTS, code = CODE } = change
  return new Uint8Array([...HEADER, ...TYPES, ...imports, ...FUNCTIONS, ...memory, ...exports, ...code])
}

function codeOf(bytes: Uint8Array, pages?: number): string {
  try {
    validateProgram(bytes, pages)
    return 'ok'
  } catch (error) {
    return errorCode(error)
  }
}

describe('a program', () => {
  test('that does nothing is one', () => {
    expect(codeOf(program())).toBe('ok')
    expect(inspectProgram(program())).toMatchObject({ minPages: 2, maxPages: 65_536 })
  })

  test('may import every listed function', () => {
    for (const name of WASI_IMPORTS) {
      const imports = imported('wasi_snapshot_preview1', name, 0, 0)
      const exports = section(7, 2, ...text('_start'), 0, 1, ...text('memory'), 2, 0)
      expect(codeOf(program({ imports, exports }))).toBe('ok')
    }
  })

  test.each([
    ['text', new TextEncoder().encode('#!/bin/sh\necho no\n'), 'NOT_WASM'],
    ['nothing', new Uint8Array(), 'NOT_WASM'],
    ['a component', new Uint8Array([0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0]), 'NOT_WASM'],
    ['a bare header', new Uint8Array(HEADER), 'NO_ENTRY'],
    ['code that does not type', program({ code: section(10, 1, 3, 0, 0x45, 0x0b) }), 'NOT_WASM'],
    [
      'a socket',
      program({ imports: imported('wasi_snapshot_preview1', 'sock_accept', 0, 0) }),
      'UNKNOWN_IMPORT',
    ],
    ['a host function', program({ imports: imported('env', 'fd_write', 0, 0) }), 'UNKNOWN_IMPORT'],
    ['an imported memory', program({ imports: imported('env', 'memory', 2, 0, 1) }), 'UNKNOWN_IMPORT'],
    ['no entry', program({ exports: section(7, 1, ...text('memory'), 2, 0) }), 'NO_ENTRY'],
    ['a hidden memory', program({ exports: section(7, 1, ...text('_start'), 0, 0) }), 'NO_ENTRY'],
    ['shared memory', program({ memory: section(5, 1, 3, 1, 2) }), 'THREADS'],
    ['64-bit memory', program({ memory: section(5, 1, 4, 1) }), 'UNSUPPORTED'],
    ['two memories', program({ memory: section(5, 2, 0, 1, 0, 1) }), 'UNSUPPORTED'],
    ['a section cut short', program().subarray(0, 20), 'NOT_WASM'],
  ])('with %s is refused', (_, bytes, code) => {
    expect(codeOf(bytes)).toBe(code)
  })

  test('that starts with more memory than the task has is refused', () => {
    expect(codeOf(program(), 2)).toBe('ok')
    expect(codeOf(program(), 1)).toBe('TOO_MUCH_MEMORY')
  })

  test('above the size limit is refused before it is read', () => {
    expect(codeOf(new Uint8Array(64 * 1024 * 1024 + 1))).toBe('TOO_LARGE')
  })

  test('with an unknown import is told which, and what there is', () => {
    const imports = imported('wasi_snapshot_preview1', 'sock_send', 0, 0)
    expect(() => validateProgram(program({ imports }))).toThrow(/fd_write.*sock_send/s)
  })
})

test('any bytes, and any damage to a program, end in a verdict', () => {
  const verdicts = [
    'ok',
    'NOT_WASM',
    'TOO_LARGE',
    'UNKNOWN_IMPORT',
    'NO_ENTRY',
    'THREADS',
    'UNSUPPORTED',
    'TOO_MUCH_MEMORY',
  ]
  const good = program({ imports: imported('wasi_snapshot_preview1', 'fd_write', 0, 0) })
  const damage = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 4 })
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 64 }), damage), (made) => {
      const bytes = made instanceof Uint8Array ? new Uint8Array([...HEADER, ...made]) : good.slice()
      if (!(made instanceof Uint8Array)) for (const [at, value] of made) bytes[at] = value
      expect(verdicts).toContain(codeOf(bytes))
    }),
    { numRuns: 2000 },
  )
})

test('only the outline is inspected; code is judged by the engine', () => {
  expect(() => inspectProgram(program({ code: section(10, 1, 3, 0, 0x45, 0x0b) }))).not.toThrow()
  expect(codeOf(program({ code: section(10, 1, 3, 0, 0x45, 0x0b) }))).toBe('NOT_WASM')
})
