import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Executor } from './executor.ts'
import { abandonExecutor } from './testing/abandon-executor.ts'
import { expectOutput, TaskBench } from './testing/task-bench.ts'
import { testWasmExecutor } from './testing/wasm-compliance.ts'
import { createWasmExecutor } from './wasm-executor.ts'

const MIB = 1024 * 1024

for (const cores of [1, 2]) {
  testWasmExecutor({
    name: `wasm/1 on ${cores} cores`,
    create: () => createWasmExecutor({ memoryBytes: cores * 64 * MIB, cores }),
    bench: () => TaskBench.load('conduct'),
    abandon: () => abandonExecutor('wasm/1'),
  })
}

/** Assembles a module from sections of one entry each: type ()->(), one import, memory, exports. */
function assemble(importName: string): Uint8Array {
  const name = (text: string) => [text.length, ...Buffer.from(text)]
  const section = (id: number, ...content: number[]) => [id, content.length, ...content]
  return new Uint8Array([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, 1, 0x60, 0, 0),
    ...section(2, 1, ...name('wasi_snapshot_preview1'), ...name(importName), 0, 0),
    ...section(5, 1, 0, 1),
    ...section(7, 2, ...name('_start'), 0, 0, ...name('memory'), 2, 0),
  ])
}

describe('wasm/1', () => {
  let executor: Executor
  let bench: TaskBench
  beforeAll(async () => {
    executor = await createWasmExecutor({ memoryBytes: 64 * MIB })
    bench = await TaskBench.load('conduct')
  })
  afterAll(() => executor.stop())

  test('an unknown import is named, with what there is', async () => {
    const program = bench.put(assemble('sock_accept'))
    const outcome = await bench.run(executor, [], { program })
    expect(outcome).toMatchObject({ kind: 'failed', code: 'bad-program' })
    expect(outcome.kind === 'failed' && outcome.message).toMatch(/fd_write.*got .*sock_accept/s)
  })

  test('an import by a type of its own choice links', async () => {
    const program = bench.put(assemble('sched_yield'))
    const outcome = await bench.run(executor, [], { program })
    expect(expectOutput(outcome).status).toEqual({ kind: 'exit', code: 0 })
  })

  test('a program that does not validate is a bad program', async () => {
    const broken = assemble('sched_yield')
    broken.set([9], broken.length - 1)
    const outcome = await bench.run(executor, [], { program: bench.put(broken) })
    expect(outcome).toMatchObject({ kind: 'failed', code: 'bad-program' })
    const again = await bench.run(executor, [], { program: bench.put(broken) })
    expect(again).toEqual(outcome)
  })

  test('a program that starts with more pages than its task allows is a bad program', async () => {
    const outcome = await bench.run(executor, ['nothing'], bench.limited({ pages: 1 }))
    expect(outcome).toMatchObject({ kind: 'failed', code: 'bad-program' })
  })

  test('a warm runner is not sent the program again', async () => {
    const task = bench.task(['nothing'])
    const { content } = bench.execution(task)
    const asked: string[] = []
    const counted = async (cid: string) => {
      asked.push(cid)
      return content(cid)
    }
    for (let i = 0; i < 3; i += 1) {
      await executor.run(bench.execution(task, { content: counted }), new AbortController().signal)
    }
    expect(asked.length).toBeLessThanOrEqual(1)
  })

  test('more programs than a runner keeps still run', async () => {
    for (let pages = 20; pages < 40; pages += 1) {
      expect(expectOutput(await bench.run(executor, ['exit', '5'], bench.limited({ pages }))).status).toEqual(
        {
          kind: 'exit',
          code: 5,
        },
      )
    }
  })

  test('content that never comes is a missing input at the deadline', async () => {
    const stalled = bench.execution(bench.task(['nothing'], { stdin: bench.put(new Uint8Array([1])) }), {
      deadlineMs: 100,
      content: () => new Promise(() => {}),
    })
    expect(await executor.run(stalled, new AbortController().signal)).toMatchObject({ code: 'missing-input' })
  })
})

test('stopping cancels what runs and waits, and refuses what comes later', async () => {
  const executor = await createWasmExecutor({ memoryBytes: 64 * MIB })
  const bench = await TaskBench.load('conduct')
  const runs = [bench.run(executor, ['spin']), bench.run(executor, ['spin'])]
  await executor.stop()
  for (const run of [...runs, bench.run(executor, ['nothing'])]) {
    expect(await run).toMatchObject({ kind: 'failed', code: 'cancelled' })
  }
})

test.skipIf(process.platform !== 'linux')(
  'a runner killed from outside is a failure, and is replaced',
  async () => {
    const before = childPids()
    const executor = await createWasmExecutor({ memoryBytes: 64 * MIB })
    const bench = await TaskBench.load('conduct')
    const [runner] = childPids().filter((pid) => !before.includes(pid) && isNode(pid))
    const run = bench.run(executor, ['spin'])
    setTimeout(() => process.kill(runner ?? 0, 'SIGKILL'), 100)
    expect(await run).toMatchObject({ kind: 'failed', code: 'killed' })
    expect(expectOutput(await bench.run(executor, ['nothing'])).status.kind).toBe('exit')
    await executor.stop()
  },
)

test('too little memory for one page is refused with a code', async () => {
  await expect(createWasmExecutor({ memoryBytes: 100 })).rejects.toMatchObject({ code: 'BAD_OPTION' })
})

function childPids(): number[] {
  const out = execFileSync('ps', ['-o', 'pid=', '--ppid', String(process.pid)], { encoding: 'utf8' })
  return out.trim().split(/\s+/).map(Number)
}

function isNode(pid: number): boolean {
  try {
    return /runner\.ts/.test(execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }))
  } catch {
    return false
  }
}
