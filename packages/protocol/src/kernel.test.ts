import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bindingBytes,
  type Kernel,
  type KernelBinding,
  kernelBytes,
  kernelCodec,
  kernelOutputs,
} from './kernel.ts'

const IN: KernelBinding = { binding: 0, kind: 'input', type: 'f32', length: 4, path: 'a.bin' }
const OUT: KernelBinding = { binding: 1, kind: 'output', type: 'f16', length: 3, path: 'out/b.bin' }
const SCRATCH: KernelBinding = { binding: 2, kind: 'scratch', type: 'u32', length: 1, path: null }
const PASS: Kernel['passes'][number] = { entryPoint: 'main', workgroups: [1, 1, 1] }

const kernelOf = (change: Partial<Kernel> = {}): Kernel => ({
  ...{ v: 1, code: '@compute @workgroup_size(1) fn main() {}', features: [] },
  ...{ bindings: [IN, OUT, SCRATCH], passes: [PASS] },
  ...change,
})

describe('kernelCodec', () => {
  it('brings back what it is given', () => {
    const word = fc.constantFrom('f32' as const, 'f16' as const, 'i32' as const, 'u32' as const)
    const binding = fc.record({
      binding: fc.integer({ min: 0, max: 31 }),
      ...{ kind: fc.constantFrom('input' as const, 'uniform' as const, 'inout' as const), type: word },
      length: fc.integer({ min: 1, max: 2 ** 14 }),
      path: fc.integer({ min: 0, max: 9 }).map((n) => `file-${n}`),
    })
    const few = fc.uniqueArray(binding, { maxLength: 5, selector: ({ binding: at }) => at + 0 })
    fc.assert(
      fc.property(few, fc.string({ maxLength: 200 }), (bindings, code) => {
        const free = [...Array(32).keys()].find((n) => bindings.every((each) => each.binding !== n)) ?? 0
        const named = bindings.map((each, i) => ({ ...each, path: `${each.path}-${i}` }))
        const value = kernelOf({ code, bindings: [...named, { ...OUT, binding: free }] })
        expect(kernelCodec.decode(kernelCodec.encode(value))).toEqual(value)
      }),
    )
  })

  it.each<[string, Partial<Kernel>]>([
    ['no output', { bindings: [IN] }],
    ['a binding twice', { bindings: [IN, { ...OUT, binding: 0 }] }],
    ['an output path twice', { bindings: [OUT, { ...OUT, binding: 5 }] }],
    ['a scratch buffer with a path', { bindings: [OUT, { ...SCRATCH, path: 'x' }] }],
    ['an output without a path', { bindings: [{ ...OUT, path: null }] }],
    ['a path that leaves the folder', { bindings: [{ ...OUT, path: '../x' }] }],
    ['an empty buffer', { bindings: [{ ...OUT, length: 0 }] }],
    ['a buffer beyond all devices', { bindings: [{ ...OUT, length: 2 ** 30 + 1 }] }],
    [
      'nine storage buffers',
      { bindings: Array.from({ length: 9 }, (_, i) => ({ ...OUT, binding: i, path: `${i}` })) },
    ],
    [
      'nine uniform buffers',
      {
        bindings: [
          OUT,
          ...Array.from({ length: 9 }, (_, i) => ({ ...IN, kind: 'uniform' as const, binding: 9 + i })),
        ],
      },
    ],
    [
      'a uniform buffer beyond all devices',
      { bindings: [OUT, { ...IN, kind: 'uniform', length: 2 ** 14 + 1 }] },
    ],
    ['no pass', { passes: [] }],
    ['257 passes', { passes: Array.from({ length: 257 }, () => PASS) }],
    ['no workgroups', { passes: [{ ...PASS, workgroups: [0, 1, 1] }] }],
    ['more workgroups than devices have', { passes: [{ ...PASS, workgroups: [65_536, 1, 1] }] }],
    ['more code than fits', { code: ' '.repeat(48 * 1024 + 1) }],
  ])('refuses %s', (_, change) => {
    expect(() => kernelCodec.encode(kernelOf(change))).toThrow(
      expect.objectContaining({ data: { code: 'MALFORMED', what: 'kernel' } }),
    )
  })

  it('takes as much code as it says, with all the bindings and passes', () => {
    const passes = Array.from({ length: 256 }, () => PASS)
    expect(
      kernelCodec.encode(kernelOf({ code: ' '.repeat(48 * 1024), passes })).byteLength,
    ).toBeLessThanOrEqual(65_536)
  })
})

it('counts the bytes of files, and those of buffers in whole words', () => {
  expect([IN, OUT, SCRATCH].map(bindingBytes)).toEqual([16, 6, 4])
  expect(kernelBytes(kernelOf())).toBe(16 + 8 + 4)
})

it('says what output files hold', () => {
  const inout: KernelBinding = { ...IN, binding: 4, kind: 'inout', type: 'i32' }
  const outputs = kernelOutputs(kernelOf({ bindings: [IN, inout, OUT, SCRATCH] }))
  expect([...outputs]).toEqual([
    ['a.bin', 'i32'],
    ['out/b.bin', 'f16'],
  ])
})
