import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { depthProgram } from './det-depth-program.ts'
import { detEngine } from './det-engine.ts'
import type { Executor } from './executor.ts'
import { MOST_DEPTH } from './guest-world.ts'
import { abandonExecutor } from './testing/abandon-executor.ts'
import { expectOutput, failureCode, stdoutText, TaskBench } from './testing/task-bench.ts'
import { testWasmExecutor } from './testing/wasm-compliance.ts'
import { createWasmExecutor } from './wasm-executor.ts'

const MIB = 1024 * 1024
const LIMITS = { fuel: 10n ** 15n, depth: 1_000 }
const create = () => createWasmExecutor({ memoryBytes: 64 * MIB, engine: 'wasm-det/1' })
const loadBench = (program: string) => TaskBench.load(program, 'wasm-det/1', LIMITS)

testWasmExecutor({
  name: 'wasm-det/1',
  create,
  bench: () => loadBench('conduct'),
  abandon: () => abandonExecutor('wasm-det/1', LIMITS),
})

describe('wasm-det/1', () => {
  let executor: Executor
  let bench: TaskBench
  beforeAll(async () => {
    executor = await create()
    bench = await loadBench('conduct')
  })
  afterAll(() => executor.stop())

  test('says how much fuel a program used, and gives the same with exactly that', async () => {
    const change = bench.input('input', 'given')
    const first = expectOutput(await bench.run(executor, ['use-files'], change))
    expect(first.fuel).toBeGreaterThan(10_000n)
    const limits = bench.limited({ fuel: first.fuel })
    const again = expectOutput(await bench.run(executor, ['use-files'], { ...change, ...limits }))
    expect(again).toMatchObject({ status: first.status, fuel: first.fuel, files: first.files })
  })

  test('ends what needs more fuel than it has, with all of it used', async () => {
    const { fuel } = expectOutput(await bench.run(executor, ['random']))
    const limits = bench.limited({ fuel: fuel - 1n })
    const outcome = expectOutput(await bench.run(executor, ['random'], limits))
    expect(outcome).toMatchObject({ status: { kind: 'out-of-fuel' }, fuel: fuel - 1n })
    expect(expectOutput(await bench.run(executor, ['random'], limits)).stdout).toEqual(outcome.stdout)
    const spinning = await bench.run(executor, ['spin'], bench.limited({ fuel: 1_000_000n }))
    expect(expectOutput(spinning)).toMatchObject({ status: { kind: 'out-of-fuel' }, fuel: 1_000_000n })
  })

  test('charges for the bytes that the host makes', async () => {
    const outcome = expectOutput(
      await bench.run(executor, ['write'], bench.limited({ fuel: 2_000_000n, outputBytes: 64 * MIB })),
    )
    expect(outcome.status).toEqual({ kind: 'out-of-fuel' })
    expect(outcome.stdout.byteLength).toBeLessThan(32 * MIB)
  })

  test("traps at its depth and not at the machine's stack", async () => {
    const recurse = (frames: number, depth: number) =>
      bench.run(executor, [], { program: bench.put(depthProgram(frames)), ...bench.limited({ depth }) })
    for (const depth of [2, 100, MOST_DEPTH]) {
      expect(expectOutput(await recurse(depth, depth)).status).toEqual({ kind: 'exit', code: 0 })
      expect(expectOutput(await recurse(depth + 1, depth)).status).toEqual({ kind: 'trap' })
    }
    expect(failureCode(await recurse(2, MOST_DEPTH + 1))).toBe('refused')
  })

  test("fails where the machine's stack ends first, and signs nothing", async () => {
    const program = bench.put(depthProgram(MOST_DEPTH, 1_000))
    expect(
      failureCode(await bench.run(executor, [], { program, ...bench.limited({ depth: MOST_DEPTH }) })),
    ).toBe('out-of-memory')
    expect(expectOutput(await bench.run(executor, ['nothing'])).status.kind).toBe('exit')
  })

  test('takes no secrets', async () => {
    const secrets = new Map([['key', Uint8Array.of(1)]])
    const execution = bench.execution(bench.task(['nothing']), { secrets })
    expect(failureCode(await executor.run(execution, new AbortController().signal))).toBe('refused')
  })

  test('gives what wasm/1 gives', async () => {
    const plain = await createWasmExecutor({ memoryBytes: 64 * MIB })
    const plainBench = await TaskBench.load('sha256')
    const digest = (text: string) => text.split(' ')[0]
    const theirs = digest(stdoutText(await plainBench.run(plain, ['2', '9'])))
    expect(digest(stdoutText(await (await loadBench('sha256')).run(executor, ['2', '9'])))).toBe(theirs)
    await plain.stop()
  })

  test('proves that it holds before it is offered', async () => {
    expect(await detEngine.prove()).toMatch(/process|namespaces/)
  })
})
