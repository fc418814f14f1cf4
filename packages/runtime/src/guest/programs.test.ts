import { expect, test } from 'vitest'
import { assemble } from '../det/module.fixture.ts'
import { Programs } from './programs.ts'

const empty = assemble([{ body: [] }])
const given = (program: Uint8Array) => {
  const programs = new Programs()
  programs.update({ forget: [], programs: [['key', program]] })
  return programs
}

test('a program is compiled once', () => {
  const programs = given(empty)
  expect(programs.get('key', true)).toBe(programs.get('key', true))
})

test('what nobody can compile says why, each time', () => {
  for (const metered of [true, false]) {
    const programs = given(assemble([{ body: [0x6a] }]))
    const why = programs.get('key', metered)
    expect(why).toBeTypeOf('string')
    expect(programs.get('key', metered)).toBe(why)
  }
})

test('a machine that cannot compile says nothing about the program, which may be tried again', () => {
  const { Module } = WebAssembly
  const programs = given(empty)
  try {
    WebAssembly.Module = class extends Module {
      constructor(bytes: Uint8Array) {
        super(bytes)
        throw new RangeError('Array buffer allocation failed')
      }
    }
    expect(() => programs.get('key', true)).toThrow(RangeError)
  } finally {
    WebAssembly.Module = Module
  }
  expect(programs.get('key', true)).toBeInstanceOf(Module)
})
