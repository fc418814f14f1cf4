import { fromUtf8, utf8 } from '@souk/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Execution, Executor, Inside, Outcome } from './executor.ts'
import { TaskBench } from './testing/task-bench.ts'
import { createWasmExecutor } from './wasm-executor.ts'

const bench = await TaskBench.load('answer')
const plain = await TaskBench.load('conduct')
const MIB = 1024 * 1024
const SERVICE = { env: ['GATEWAY_INTERFACE=CGI/1.1', 'GREETING=hello'] }
let executor: Executor

beforeAll(async () => {
  executor = await createWasmExecutor({ memoryBytes: 64 * 1024 * 1024 })
})
afterAll(() => executor.stop())

interface Served {
  readonly outcome: Promise<Outcome>
  readonly inside: Inside
  /** Resolves when it has begun a second time. */
  readonly beganAgain: Promise<void>
  stop(): Promise<Outcome>
}

/** Starts a service and resolves once it can be called. */
async function serve(change: Parameters<typeof bench.task>[1] = {}, id = 'service'): Promise<Served> {
  const control = new AbortController()
  const begun = Promise.withResolvers<void>()
  const again = Promise.withResolvers<void>()
  let times = 0
  const execution: Execution = bench.execution(bench.task([], { ...SERVICE, ...change }), {
    id,
    hear({ kind }) {
      if (kind !== 'started') return
      times += 1
      if (times === 1) begun.resolve()
      else again.resolve()
    },
  })
  const outcome = executor.run(execution, control.signal)
  await Promise.race([begun.promise, outcome.then((early) => Promise.reject(new Error(early.kind)))])
  const { inside } = currentOf(id)
  const stop = () => {
    control.abort()
    return outcome
  }
  return { outcome, inside, beganAgain: again.promise, stop }
}

/** Returns the way into an execution as it is now. */
function currentOf(id: string): Pick<Served, 'inside'> {
  const inside = executor.inside?.(id)
  if (inside === undefined) throw new Error('expected a way into the service')
  return { inside }
}

/** Asks for one answer and waits for all of it. */
async function ask({ inside }: Pick<Served, 'inside'>, query: string, body = '', deadlineMs = 30_000) {
  if (inside.call === undefined) throw new Error('expected an engine that is called')
  const { output, ended } = await inside.call({
    env: [`QUERY_STRING=${query}`],
    stdin: utf8(body),
    deadlineMs,
  })
  const said = { stdout: '', stderr: '' }
  for await (const { stream, bytes } of output) said[stream] += fromUtf8(bytes)
  return { ...said, end: await ended }
}

test('each call begins with what was loaded once, and sees nothing of the others', async () => {
  const served = await serve(bench.input('factor', '7'))
  for (let call = 0; call < 3; call += 1) {
    const { stdout, end } = await ask(served, 'count')
    expect(stdout).toBe('1 calls, 699993 at the end of the table\n')
    expect(end).toEqual({ kind: 'exit', code: 0 })
  }
  expect(await served.stop()).toMatchObject({ kind: 'failed', code: 'cancelled' })
})

test('calls at the same time are answered in their order, each by what it was sent', async () => {
  const served = await serve()
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, i) => ask(served, 'echo', `body ${i}\n`.repeat(i))),
  )
  expect(answers.map(({ stdout }) => stdout)).toEqual(
    Array.from({ length: 20 }, (_, i) => `body ${i}\n`.repeat(i)),
  )
  await served.stop()
})

test('memory that one call takes is not missing to the next', async () => {
  const served = await serve()
  for (let call = 0; call < 12; call += 1) expect((await ask(served, 'grow')).stdout).toBe('1\n')
  await served.stop()
})

test('a call that fails, traps or writes too much says so, and the service goes on', async () => {
  const served = await serve()
  const failed = await ask(served, 'fail')
  expect(failed).toEqual({ stdout: '', stderr: 'it cannot\n', end: { kind: 'exit', code: 9 } })
  expect((await ask(served, 'trap')).end).toEqual({
    kind: 'crashed',
    message: expect.stringContaining('unreachable'),
  })
  const flooded = await ask(served, 'flood')
  expect(flooded.end).toEqual({ kind: 'crashed', message: expect.stringContaining('output-limit') })
  expect(flooded.stdout.length).toBeLessThanOrEqual(1024 * 1024)
  expect((await ask(served, 'count')).end).toEqual({ kind: 'exit', code: 0 })
  await served.stop()
})

/** Reads what is there, and returns how many pieces. */
async function gather(output: AsyncIterable<unknown>): Promise<number> {
  let pieces = 0
  for await (const _ of output) pieces += 1
  return pieces
}

/** Asks without reading, and returns what is then there to read. */
function callOf({ inside }: Pick<Served, 'inside'>, query: string, bytes = 0, signal?: AbortSignal) {
  if (inside.call === undefined) throw new Error('expected an engine that is called')
  const request = { env: [`QUERY_STRING=${query}`], stdin: new Uint8Array(bytes), deadlineMs: 60_000 }
  return inside.call(request, signal)
}

test('a call whose answer nobody reads ends when too much of it waits, and the service goes on', async () => {
  const served = await serve(bench.limited({ outputBytes: 40 * MIB }))
  const { output, ended } = await callOf(served, 'flood')
  expect(await ended).toEqual({ kind: 'crashed', message: expect.stringContaining('read faster') })
  expect(await gather(output)).toBe(0)
  expect((await ask(served, 'count')).end).toEqual({ kind: 'exit', code: 0 })
  await served.stop()
})

test('bodies that wait behind a call are bounded together, and who leaves makes room', async () => {
  const served = await serve()
  const gone = new AbortController()
  await callOf(served, 'spin')
  const left = await callOf(served, 'count', 16 * MIB, gone.signal)
  await callOf(served, 'count', 16 * MIB)
  await expect(callOf(served, 'count', 1)).rejects.toMatchObject({ code: 'TOO_MANY' })
  gone.abort()
  expect(await left.ended).toEqual({ kind: 'crashed', message: expect.stringContaining('nobody waited') })
  const behind = await callOf(served, 'count', 16 * MIB)
  await served.stop()
  await expect(behind.ended).rejects.toMatchObject({ code: 'NOT_RUNNING' })
})

test('a call that is dropped while it runs ends unheard, and the next has its own answer', async () => {
  const served = await serve(bench.limited({ outputBytes: 4 * MIB }))
  const gone = new AbortController()
  const { output, ended } = await callOf(served, 'flood', 0, gone.signal)
  gone.abort()
  expect(await ended).toMatchObject({ kind: 'crashed' })
  expect(await gather(output)).toBe(0)
  expect((await ask(served, 'hello')).stdout).toBe('hello\n')
  await expect(callOf(served, 'count', 0, gone.signal)).rejects.toMatchObject({ name: 'AbortError' })
  await served.stop()
})

test('a call that never ends has its service begin anew; who waited behind it is told', async () => {
  const served = await serve(bench.input('factor', '7'))
  const spinning = ask(served, 'spin', '', 200)
  const behind = ask(served, 'count')
  await expect(spinning).rejects.toMatchObject({ code: 'NOT_RUNNING' })
  await expect(behind).rejects.toMatchObject({ code: 'NOT_RUNNING' })
  await served.beganAgain
  expect((await ask(currentOf('service'), 'count')).stdout).toBe('1 calls, 699993 at the end of the table\n')
  await served.stop()
})

test('a service that cannot be loaded ends as any program that fails', async () => {
  const outcome = await executor.run(
    bench.execution(bench.task([], { ...SERVICE, ...bench.input('factor', 'none') })),
    new AbortController().signal,
  )
  expect(outcome).toMatchObject({ kind: 'output', status: { kind: 'exit', code: 3 } })
})

test('a program that is no service is not called, and lets nobody else in', async () => {
  const control = new AbortController()
  const begun = Promise.withResolvers<void>()
  const execution = plain.execution(plain.task(['spin']), {
    id: 'plain',
    hear: ({ kind }) => kind === 'started' && begun.resolve(),
  })
  const outcome = executor.run(execution, control.signal)
  await begun.promise
  const inside = executor.inside?.('plain')
  const refusal = { code: 'NOT_SUPPORTED' }
  await expect(inside?.call?.({ env: [], stdin: utf8(''), deadlineMs: 1 })).rejects.toMatchObject(refusal)
  await expect(inside?.exec(['ls'], { terminal: null })).rejects.toMatchObject(refusal)
  control.abort()
  await outcome
})

test('what waits behind a service runs when it has ended', async () => {
  const served = await serve()
  const behind = plain.run(executor, ['echo', 'done'])
  expect((await ask(served, 'count')).end).toEqual({ kind: 'exit', code: 0 })
  await served.stop()
  expect(await behind).toMatchObject({ kind: 'output' })
})
