import fc from 'fast-check'
import { expect, test } from 'vitest'
import { output as arbitraryOutput, task as arbitraryTask } from './arbitraries.fixture.ts'
import { utf8 } from './bytes.ts'
import { rawCid } from './content.ts'
import { type Output, outputDigest } from './output.ts'
import { isFilePath, type Task, taskCodec, taskContent, taskDigest } from './task.ts'

const PROGRAM = rawCid(utf8('program'))
const INPUT = rawCid(utf8('input'))

const TASK: Task = {
  v: 1,
  engine: 'wasm/1',
  program: PROGRAM,
  args: ['count', '-w'],
  env: ['LANG=C', 'TZ=UTC'],
  stdin: null,
  inputs: [['corpus/a.txt', INPUT, 5]],
  checkpoint: null,
  limits: { fuel: 0n, pages: 1024, depth: 0, outputBytes: 1_048_576, files: 8 },
  seed: 42n,
  clockNs: 1_700_000_000_000_000_000n,
}

const OUTPUT: Output = {
  v: 1,
  status: { kind: 'exit', code: 0 },
  fuel: 0n,
  stdout: INPUT,
  files: [['out/result.txt', PROGRAM, 7]],
}

test('the names of a fixed task and output never change', () => {
  expect(taskDigest(TASK)).toBe('0xf0364de8cdb6cb08ddc2ce60a745600cbf32c919fe0fce2087c905d4386e49a2')
  expect(outputDigest(OUTPUT)).toBe('0x7fe0100814d6c1e1a20051cb5a06d0f8e456eff94af9fa3f0013b7b7f07569da')
})

test('a name does not depend on the order of keys, and survives the wire', () => {
  fc.assert(
    fc.property(arbitraryTask, (task) => {
      const reversed = Object.fromEntries(Object.entries(task).toReversed()) as Task
      expect(taskDigest(reversed)).toBe(taskDigest(task))
      expect(taskDigest(taskCodec.decode(taskCodec.encode(task)))).toBe(taskDigest(task))
    }),
  )
})

test('different tasks and outputs have different names', () => {
  const [tasks, outputs] = [
    fc.array(arbitraryTask, { maxLength: 5 }),
    fc.array(arbitraryOutput, { maxLength: 5 }),
  ]
  fc.assert(
    fc.property(tasks, outputs, (someTasks, someOutputs) => {
      expect(new Set(someTasks.map(taskDigest)).size).toBe(distinct(someTasks))
      expect(new Set(someOutputs.map(outputDigest)).size).toBe(distinct(someOutputs))
    }),
  )
})

test('what a task needs is its program, input, files and checkpoint', () => {
  expect(taskContent(TASK)).toEqual([PROGRAM, INPUT])
  expect(taskContent({ ...TASK, stdin: INPUT, checkpoint: PROGRAM })).toEqual([
    PROGRAM,
    INPUT,
    PROGRAM,
    INPUT,
  ])
})

test.each<[string, Partial<Task>]>([
  [
    'unsorted files',
    {
      inputs: [
        ['b', INPUT, 1],
        ['a', INPUT, 1],
      ],
    },
  ],
  [
    'a file twice',
    {
      inputs: [
        ['a', INPUT, 1],
        ['a', INPUT, 1],
      ],
    },
  ],
  ['unsorted environment', { env: ['b=', 'a='] }],
  ['a path that climbs', { inputs: [['../a', INPUT, 1]] }],
  ['257 arguments', { args: Array(257).fill('') }],
  ['an argument of 4,097 characters', { args: ['a'.repeat(4097)] }],
  ['no memory', { limits: { ...TASK.limits, pages: 0 } }],
  ['more memory than wasm has', { limits: { ...TASK.limits, pages: 65_537 } }],
])('%s makes a task malformed', (_, change) => {
  expect(() => taskCodec.encode({ ...TASK, ...change })).toThrow(
    expect.objectContaining({ code: 'MALFORMED' }),
  )
})

test('paths sort by UTF-8 bytes, not by UTF-16 units', () => {
  const inputs: Task['inputs'] = [
    ['\u{ffee}', INPUT, 1],
    ['\u{1f600}', INPUT, 1],
  ]
  expect(taskCodec.decode(taskCodec.encode({ ...TASK, inputs })).inputs).toEqual(inputs)
  expect(() => taskCodec.encode({ ...TASK, inputs: inputs.toReversed() })).toThrow(
    expect.objectContaining({ code: 'MALFORMED' }),
  )
})

test.each([
  ['a', true],
  ['a/b.c', true],
  ['.hidden', true],
  ['...', true],
  ['', false],
  ['/a', false],
  ['a/', false],
  ['a//b', false],
  ['.', false],
  ['a/./b', false],
  ['..', false],
  ['a/../../b', false],
  ['a\\..\\b', false],
  ['a\0', false],
])('path %j: %s', (path, isInside) => {
  expect(isFilePath(path)).toBe(isInside)
})

function distinct(values: readonly object[]): number {
  const text = (value: object) =>
    JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? `${each}n` : each))
  return new Set(values.map(text)).size
}
