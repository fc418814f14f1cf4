import { type Task, toBlocks, utf8 } from '@souk/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ExecutionNews, Executor } from '../executor.ts'
import { type Compliance, filesIn, isStarted, logOf, testExecutor, underway } from './executor-compliance.ts'
import { expectOutput, failureCode, filesOf, START_NS, stdoutText, type TaskBench } from './task-bench.ts'

/** What every engine for WebAssembly must do: the common suite, and a world that is the same on every machine. */
export function testWasmExecutor(compliance: Compliance): void {
  testExecutor(compliance)
  describe(`${compliance.name} shows its programs a world without a machine`, () => {
    let executor: Executor
    let bench: TaskBench
    beforeAll(async () => {
      bench = await compliance.bench()
      executor = await compliance.create()
    })
    afterAll(() => executor.stop())
    const run = (args: string[], change: Partial<Task> = {}) => bench.run(executor, args, change)

    test('a trap is an output with its reason and standard error in the log', async () => {
      const outcome = expectOutput(await run(['trap']))
      expect(outcome.status).toEqual({ kind: 'trap' })
      expect(outcome.log).toMatch(/about to trap\n*.*unreachable/s)
    })

    test('endless recursion is a trap', async () => {
      expect(expectOutput(await run(['recurse'])).status).toEqual({ kind: 'trap' })
    })

    test('the program sees nothing of its attempt', async () => {
      const text = stdoutText(await run(['echo', 'a'], { env: ['B=2'] }))
      expect(text).toBe('arg program\narg echo\narg a\nenv B=2\n')
    })

    test('folders list in bytewise order with stable numbers', async () => {
      const { cid } = toBlocks(new Uint8Array()).content
      bench.put(new Uint8Array())
      const inputs: Task['inputs'] = [
        ['b/x', cid, 0],
        ['b/é', cid, 0],
        ['b/𝄞', cid, 0],
      ]
      const first = stdoutText(await run(['list', '/b'], { inputs }))
      const names = first.split('\n').map((line) => line.split(' ')[0])
      expect(names).toEqual(['.', '..', 'x', 'é', '𝄞', ''])
      expect(stdoutText(await run(['list', '/b'], { inputs }))).toBe(first)
    })

    test('time is virtual: it starts where the task says, moves with each call and jumps over sleep', async () => {
      const [start, elapsed, later] = stdoutText(await run(['clock']))
        .split('\n')
        .map(BigInt)
      expect(start).toBe(START_NS + 1000n)
      expect(elapsed).toBe(2000n)
      expect(later).toBe(START_NS + 3_600_000_000_000n + 3000n)
    })

    test('random numbers follow from the seed alone', async () => {
      const first = stdoutText(await run(['random']))
      expect(stdoutText(await run(['random']))).toBe(first)
      expect(stdoutText(await run(['random'], { seed: 8n }))).not.toBe(first)
    })

    test('what was written before a limit was crossed is the same every time', async () => {
      const limits = bench.limited({ outputBytes: 100_000 })
      const first = expectOutput(await run(['write'], limits))
      expect(expectOutput(await run(['write'], limits)).stdout).toEqual(first.stdout)
      expect(expectOutput(await run(['files'], bench.limited({ files: 3 }))).files).toHaveLength(3)
    })

    test('folders and open files are bounded', async () => {
      expect(stdoutText(await run(['folders']))).toBe('4095 no space\n')
      expect(stdoutText(await run(['open'], bench.input('input', 'x')))).toMatch(/^\d+ too many\n$/)
    })

    test('memory grows to the page limit of the task and not beyond', async () => {
      const few = Number(stdoutText(await run(['allocate'], bench.limited({ pages: 64 }))))
      const more = Number(stdoutText(await run(['allocate'], bench.limited({ pages: 256 }))))
      expect(few).toBeLessThan(4)
      expect(more).toBeGreaterThan(12)
      expect(more).toBeLessThan(16)
    })

    test('the same task gives the same output bytes every time', async () => {
      const change = bench.input('input', 'x')
      expect(filesOf(await run(['use-files'], change))).toEqual(filesOf(await run(['use-files'], change)))
    })

    test('checkpoints faster than they are taken up leave program and output as they are', async () => {
      const working = underway(executor, bench, bench.task(['checkpoint', '3000', 'exit']))
      expect(filesOf(await working.outcome)).toEqual([['done', '3000\n']])
      const taken = working.news.filter(({ kind }) => kind === 'checkpoint')
      expect(taken.length).toBeGreaterThan(0)
      expect(taken.length).toBeLessThan(300)
      for (const checkpoint of taken) {
        const [deep, state] = filesIn(checkpoint)
        expect(deep?.[1].replace('deep', 'state')).toBe(state?.[1])
      }
      expect(expectOutput(await run(['checkpoint', '3000', 'exit']))).toMatchObject({
        status: { kind: 'exit', code: 0 },
      })
    })

    test('a checkpoint is freed by the next, and folders move in no other way', async () => {
      expect(stdoutText(await run(['checkpoint-rules']))).toBe(
        'older is gone\nnot empty\nnot a folder\nis a folder\nnot elsewhere\nopen folder works\n',
      )
    })

    test('standard error is heard up to its bound, standard output in lines', async () => {
      const shouting = underway(executor, bench, bench.task(['shout']))
      expect(expectOutput(await shouting.outcome).status).toEqual({ kind: 'exit', code: 0 })
      expect(logOf(shouting.news, 'stderr')).toHaveLength(1024 * 1024)
      const talking = underway(executor, bench, bench.task(['talk-and-exit']))
      await talking.outcome
      expect(talking.news).toEqual([
        { kind: 'started' },
        { kind: 'log', stream: 'stdout', bytes: utf8('one\n') },
        { kind: 'log', stream: 'stderr', bytes: utf8('two\n') },
        { kind: 'log', stream: 'stdout', bytes: utf8('three') },
      ] satisfies ExecutionNews[])
    })

    test('a neighbour in the same batch neither stops nor delays a task', async () => {
      const quick = () => underway(executor, bench, bench.task(['exit', '0']))
      const before = Array.from({ length: 40 }, quick)
      await Promise.all(before.map((each) => each.outcome))
      const spinning = underway(executor, bench, bench.task(['spin']))
      const behind = Array.from({ length: 40 }, quick)
      await spinning.heard(isStarted)
      spinning.abort()
      expect(failureCode(await spinning.outcome)).toBe('cancelled')
      const outcomes = await Promise.all(behind.map((each) => each.outcome))
      expect(outcomes.map(failureCode)).toEqual(outcomes.map(() => 'output exit'))
      for (const each of behind) expect(each.news.filter(isStarted).length).toBeGreaterThan(0)
    })
  })
}
