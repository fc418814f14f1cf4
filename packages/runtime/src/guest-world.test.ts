import { expect, test } from 'vitest'
import { refusal } from './guest-world.ts'
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
