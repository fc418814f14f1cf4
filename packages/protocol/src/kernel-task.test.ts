import { describe, expect, it } from 'vitest'
import { toBlocks } from './content.ts'
import type { Kernel } from './kernel.ts'
import { kernelConstants, kernelInputs, requireKernelTask } from './kernel-task.ts'
import type { FileEntry, Task } from './task.ts'

const KERNEL: Kernel = {
  v: 1,
  code: '',
  features: [],
  bindings: [
    { binding: 0, kind: 'input', type: 'f32', length: 16_000, path: 'a' },
    { binding: 1, kind: 'inout', type: 'f16', length: 3, path: 'b' },
    { binding: 2, kind: 'output', type: 'u32', length: 1, path: 'c' },
  ],
  passes: [{ entryPoint: 'main', workgroups: [1, 1, 1] }],
}
const { cid } = toBlocks(new Uint8Array(1)).content
const file = (path: string, bytes: number): FileEntry => [path, cid, bytes]
const INPUTS = [file('a', 64_000), file('b', 6), file('unread', 9)]

const taskOf = (change: Partial<Task> = {}): Task => ({
  ...{
    v: 1,
    engine: 'webgpu/1',
    program: cid,
    args: [],
    env: [],
    stdin: null,
    inputs: INPUTS,
    checkpoint: null,
  },
  limits: { fuel: 0n, pages: 1, depth: 0, outputBytes: 100, files: 2 },
  ...{ seed: 0n, clockNs: 0n },
  ...change,
})

describe('requireKernelTask', () => {
  it('takes a task that gives what the kernel reads, and more', () => {
    expect(requireKernelTask(KERNEL, taskOf({ args: ['N=1'] }))).toBeUndefined()
    expect(kernelInputs(KERNEL, taskOf()).map(([path]) => path)).toEqual(['a', 'b'])
  })

  it.each<[string, Partial<Task>]>([
    ['without an input', { inputs: [file('a', 64_000)] }],
    ['with an input of another length', { inputs: [file('a', 64_000), file('b', 8)] }],
    ['with an environment', { env: ['A=1'] }],
    ['with standard input', { stdin: cid }],
    ['with a checkpoint', { checkpoint: cid }],
    ['with an argument that is no constant', { args: ['fast'] }],
  ])('refuses one %s', (_, change) => {
    expect(() => requireKernelTask(KERNEL, taskOf(change))).toThrow(
      expect.objectContaining({ code: 'BAD_KERNEL' }),
    )
  })

  it('refuses buffers beyond the memory of the task', () => {
    const [first, ...others] = KERNEL.bindings
    const grown = first && { ...first, length: 16_384 }
    const kernel = { ...KERNEL, bindings: grown ? [grown, ...others] : [] }
    const task = taskOf({ inputs: [file('a', 65_536), file('b', 6)] })
    expect(() => requireKernelTask(kernel, task)).toThrow(expect.objectContaining({ code: 'BAD_KERNEL' }))
    expect(requireKernelTask(kernel, { ...task, limits: { ...task.limits, pages: 2 } })).toBeUndefined()
  })
})

describe('kernelConstants', () => {
  it('reads numbers and truth values, in the order of their names', () => {
    const constants = kernelConstants(['Z=0x1F', 'A=-1.5e3', 'B=.5', 'YES=true', 'NO=false', 'N=7'])
    expect(Object.entries(constants)).toEqual([
      ...[['A', -1500] as const, ['B', 0.5] as const, ['N', 7] as const, ['NO', 0] as const],
      ...[['YES', 1] as const, ['Z', 31] as const],
    ])
  })

  it.each([
    ['7.', 7],
    ['+7.25', 7.25],
    ['-7.e2', -700],
    ['.5E-1', 0.05],
    ['1'.repeat(300), Number('1'.repeat(300))],
  ])('reads %s', (text, value) => {
    expect(kernelConstants([`N=${text}`])).toEqual({ N: value })
  })

  it.each([
    '',
    'N',
    '=1',
    'N=.',
    'N=1.2.3',
    'N=1e',
    `N=${'1'.repeat(4_000)}u`,
    'N=',
    'N=one',
    'N=1u',
    'N=Infinity',
    'N=NaN',
    'N=1=2',
    'N= 1',
  ])('refuses %j', (arg) => {
    expect(() => kernelConstants([arg])).toThrow(expect.objectContaining({ code: 'BAD_KERNEL' }))
  })
})
