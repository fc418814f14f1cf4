import { folderCodec, type Task, toBlocks } from '@souk/protocol'
import { expect, test } from 'vitest'
import { ContentMissing, gatherWorld, MOST_DEPTH, refusal } from './guest-world.ts'
import { TaskBench } from './testing/task-bench.ts'

const bench = await TaskBench.load('conduct')
const secrets = (...names: string[]) => ({ secrets: new Map(names.map((name) => [name, new Uint8Array(1)])) })
const codeOf = (execution: Parameters<typeof refusal>[0], engine: Parameters<typeof refusal>[1] = 'wasm/1') =>
  refusal(execution, engine, 256)?.code

test('a secret must have the name of a file', () => {
  const task = bench.task([])
  expect(codeOf(bench.execution(task, secrets('token', '.hidden')))).toBeUndefined()
  for (const name of ['', '.', '..', 'a/b', '../b', 'a\\b']) {
    expect(codeOf(bench.execution(task, secrets(name)))).toBe('refused')
  }
})

test('a deterministic engine takes no secret', () => {
  const task = bench.task([], { engine: 'wasm-det/1' })
  expect(codeOf(bench.execution(task, secrets('token')), 'wasm-det/1')).toBe('refused')
  expect(codeOf(bench.execution(task, secrets()), 'wasm-det/1')).toBeUndefined()
})

test('inputs lie where nothing else is given to the same execution', () => {
  const checkpoint = bench.putFolder({ state: '1' })
  for (const path of ['checkpoint', 'checkpoint/a', 'run', 'run/secrets', 'run/secrets/token']) {
    const task = bench.task([], { ...bench.input(path, ''), checkpoint })
    expect(codeOf(bench.execution(task, secrets('token'))), path).toBe('refused')
    expect(codeOf(bench.execution({ ...task, checkpoint: null }))).toBeUndefined()
  }
  const beside = bench.task([], { ...bench.input('run/other', ''), checkpoint })
  expect(codeOf(bench.execution(beside, secrets('token')))).toBeUndefined()
})

test('a message of a refusal never holds a secret', () => {
  const execution = bench.execution(bench.task([]), {
    secrets: new Map([['a/b', new TextEncoder().encode('sesame')]]),
  })
  expect(refusal(execution, 'wasm/1', 256)?.message).not.toContain('sesame')
})

test('inputs, outputs and calls have bounds that no lease lifts', () => {
  const { cid } = toBlocks(new Uint8Array(1)).content
  const half = 256 * 1024 * 1024
  const inputs = (last: number): Task['inputs'] => [
    ['a', cid, half],
    ['b', cid, last],
  ]
  const with_ = (change: Partial<Task>) => codeOf(bench.execution(bench.task([], change)))
  expect(with_({ inputs: inputs(half) })).toBeUndefined()
  expect(with_({ inputs: inputs(half + 1) })).toBe('refused')
  expect(with_(bench.limited({ outputBytes: half }))).toBeUndefined()
  expect(with_(bench.limited({ outputBytes: half + 1 }))).toBe('refused')
  const deep = (depth: number) => {
    const task = bench.task([], { ...bench.limited({ depth, fuel: 1n }), engine: 'wasm-det/1' })
    return codeOf(bench.execution(task), 'wasm-det/1')
  }
  expect([deep(MOST_DEPTH), deep(MOST_DEPTH + 1)]).toEqual([undefined, 'refused'])
})

test('a checkpoint counts as input', async () => {
  const file = { path: 'a', bytes: 512 * 1024 * 1024 }
  const { cid } = toBlocks(new Uint8Array(1)).content
  const checkpoint = bench.put(folderCodec.encode({ v: 1, files: [[file.path, cid, file.bytes]] }))
  const execution = bench.execution(bench.task([], { ...bench.input('b', 'x'), checkpoint }))
  await expect(gatherWorld(execution)).rejects.toThrow(ContentMissing)
})
