import { randomBytes } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { type Task, toBlocks, utf8 } from '@souk/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Execution, ExecutionNews, Executor, Outcome } from '../executor.ts'
import { expectOutput, failureCode, filesOf, stdoutText, type TaskBench } from './task-bench.ts'

/** Milliseconds between two looks at what is about to end. */
const LOOK_MS = 20

/** One engine, as the suite meets it. */
export interface Compliance {
  /** What the tests are called. */
  readonly name: string
  /** Starts an executor with at least 16 MiB for each of its cores. */
  create(): Promise<Executor>
  /** Returns tasks whose program does what `programs/conduct.c` does. */
  bench(): Promise<TaskBench>
  /** Starts a process that owns an executor with a running `spin`. */
  abandon(): Promise<Abandoned>
}

/** A process that owns an executor, to be killed. */
export interface Abandoned {
  /** Kills the owner, and nothing else, as `kill -9` does. */
  kill(): Promise<void>
  /** Tells whether everything that the executor had started is gone. */
  isGone(): Promise<boolean>
}

/** Something that an execution told while it ran. */
type NewsOf<Kind extends ExecutionNews['kind']> = Extract<ExecutionNews, { kind: Kind }>

/** An execution that is under way, and everything that it told. */
interface Underway {
  readonly outcome: Promise<Outcome>
  readonly news: readonly ExecutionNews[]
  /** Resolves with the first news for which `wanted` holds; the test's own time limit is the bound. */
  heard(wanted: (news: ExecutionNews) => boolean): Promise<ExecutionNews>
  abort(): void
}

/** What any executor must do, whatever its engine. */
export function testExecutor({ name, create, bench: makeBench, abandon }: Compliance): void {
  describe(`${name} passes the executor compliance suite`, () => {
    let executor: Executor
    let bench: TaskBench
    beforeAll(async () => {
      bench = await makeBench()
      executor = await create()
    })
    afterAll(() => executor.stop())
    const run = (args: string[], change: Partial<Task> = {}) => bench.run(executor, args, change)
    const start = (args: string[], change: Partial<Task> = {}, more: Partial<Execution> = {}) =>
      underway(executor, bench, bench.task(args, change), more)

    test('exit codes are outputs', async () => {
      expect(expectOutput(await run(['nothing'])).status).toEqual({ kind: 'exit', code: 0 })
      expect(expectOutput(await run(['exit', '41'])).status).toEqual({ kind: 'exit', code: 41 })
    })

    test('the program sees arguments, environment and standard input', async () => {
      const stdin = bench.put(utf8('grüße\n'))
      const text = stdoutText(await run(['echo', 'ärger', ''], { env: ['A=ö', 'B=2'], stdin }))
      for (const line of ['arg echo\narg ärger\narg \n', 'env A=ö\n', 'env B=2\n', 'grüße\n']) {
        expect(text).toContain(line)
      }
    })

    test('created and changed files are the output, sorted bytewise', async () => {
      const outcome = await run(['use-files'], bench.input('input', 'given'))
      expect(expectOutput(outcome).status).toEqual({ kind: 'exit', code: 0 })
      expect(filesOf(outcome)).toEqual([
        ['input', 'given and more'],
        ['made/copy', 'given and more'],
        ['made/moved', 'given and more'],
      ])
    })

    test('unchanged inputs are no output', async () => {
      expect(filesOf(await run(['nothing'], bench.input('b/x', 'as it is')))).toEqual([])
    })

    test('output beyond the limit ends the program with what it wrote before', async () => {
      const outcome = expectOutput(await run(['write'], bench.limited({ outputBytes: 100_000 })))
      expect(outcome.status).toEqual({ kind: 'output-limit' })
      expect(outcome.stdout.byteLength).toBeLessThanOrEqual(100_000)
      expect(outcome.stdout.byteLength).toBeGreaterThan(90_000)
    })

    test('files count against the limits by bytes and by number', async () => {
      const bytes = expectOutput(await run(['write-file'], bench.limited({ outputBytes: 50_000 })))
      expect(bytes.status).toEqual({ kind: 'output-limit' })
      expect(bytes.files.reduce((sum, file) => sum + file.bytes.byteLength, 0)).toBeLessThanOrEqual(50_000)
      const count = expectOutput(await run(['files'], bench.limited({ files: 3 })))
      expect(count.status).toEqual({ kind: 'output-limit' })
      expect(count.files.length).toBeLessThanOrEqual(3)
    })

    test('memory beyond the limit is not had, and the next task runs', async () => {
      const outcome = await run(['allocate'], bench.limited({ pages: 128 }))
      if (outcome.kind === 'failed') expect(outcome.code).toBe('out-of-memory')
      else expect(Number(stdoutText(outcome))).toBeLessThan(8)
      expect(expectOutput(await run(['nothing'])).status).toEqual({ kind: 'exit', code: 0 })
    })

    test('processor time and run time are metered', async () => {
      const outcome = expectOutput(await run(['burn']))
      expect(outcome.cpuMs).toBeGreaterThan(0)
      expect(outcome.runMs).toBeGreaterThan(0)
    })

    test('an endless loop is stopped at its deadline, and the next task runs', async () => {
      const spinning = start(['spin'], {}, { deadlineMs: 200 })
      expect(failureCode(await spinning.outcome)).toBe('deadline')
      expect(expectOutput(await run(['nothing'])).status).toEqual({ kind: 'exit', code: 0 })
    })

    test('a running and a waiting task are cancelled at once', async () => {
      const all = Array.from({ length: 9 }, () => start(['spin']))
      await Promise.race(all.map((each) => each.heard(isStarted)))
      for (const each of all) each.abort()
      const codes = (await Promise.all(all.map((each) => each.outcome))).map(failureCode)
      expect(new Set(codes)).toEqual(new Set(['cancelled']))
    })

    test('a task that waits behind a stopped one runs as if nothing had been', async () => {
      const spinning = Array.from({ length: 4 }, () => start(['spin'], {}, { deadlineMs: 300 }))
      const behind = Array.from({ length: 8 }, (_, i) => run(['exit', String(i)]))
      const codes = (await Promise.all(behind)).map((outcome) => expectOutput(outcome).status)
      expect(codes).toEqual(codes.map((_, code) => ({ kind: 'exit', code })))
      const stopped = await Promise.all(spinning.map((each) => each.outcome))
      expect(stopped.map(failureCode)).toEqual(stopped.map(() => 'deadline'))
    })

    test('many tasks at once all end, each with its own output', async () => {
      const runs = Array.from({ length: 24 }, (_, i) => run(['exit', String(i)]))
      const codes = (await Promise.all(runs)).map((outcome) => expectOutput(outcome).status)
      expect(codes).toEqual(codes.map((_, code) => ({ kind: 'exit', code })))
    })

    test('what a program writes is heard while it runs, after its start', async () => {
      const talking = start(['talk'])
      await talking.heard((news) => news.kind === 'log' && news.stream === 'stdout')
      await talking.heard((news) => news.kind === 'log' && news.stream === 'stderr')
      talking.abort()
      expect(failureCode(await talking.outcome)).toBe('cancelled')
      const after = talking.news.filter(({ kind }) => kind !== 'preparing')
      expect(after[0]).toEqual({ kind: 'started' })
      expect(after.filter(isStarted)).toHaveLength(1)
      expect(logOf(after, 'stdout')).toBe('to standard output\n')
      expect(logOf(after, 'stderr')).toBe('to standard error\n')
    })

    test('standard output is heard as it will be in the output, and not beyond the limit', async () => {
      const writing = start(['write'], bench.limited({ outputBytes: 200_000 }))
      const outcome = await writing.outcome
      expect(logOf(writing.news, 'stdout')).toBe(stdoutText(outcome))
      expect(logOf(writing.news, 'stdout').length).toBeGreaterThan(190_000)
    })

    test('nothing is heard after the outcome', async () => {
      const writing = start(['talk-and-exit'])
      await writing.outcome
      const heard = writing.news.length
      await run(['nothing'])
      expect(writing.news).toHaveLength(heard)
    })

    test('a checkpoint is taken up whole when its folder gets its name', async () => {
      const working = start(['checkpoint', '1', 'spin'])
      const checkpoint = await working.heard((news) => news.kind === 'checkpoint')
      working.abort()
      expect(failureCode(await working.outcome)).toBe('cancelled')
      expect(filesIn(checkpoint)).toEqual([
        ['more/deep', 'deep 1\n'],
        ['state', 'state 1\n'],
      ])
    })

    test('a single file may be a checkpoint', async () => {
      const working = start(['checkpoint-file', 'spin'])
      const checkpoint = await working.heard((news) => news.kind === 'checkpoint')
      working.abort()
      await working.outcome
      expect(filesIn(checkpoint)).toEqual([['saved', 'a file\n']])
    })

    test('a task that is given a checkpoint starts with it, and one without has none', async () => {
      const checkpoint = bench.putFolder({ 'more/deep': 'deep 7\n', state: 'state 7\n' })
      expect(stdoutText(await run(['resume'], { checkpoint }))).toBe('state 7\ndeep 7\n')
      expect(stdoutText(await run(['resume']))).toBe('fresh\n')
    })

    test('what lies in the checkpoint folder is no output', async () => {
      const outcome = await run(['checkpoint', '3', 'exit'])
      expect(expectOutput(outcome).status).toEqual({ kind: 'exit', code: 0 })
      expect(filesOf(outcome)).toEqual([['done', '3\n']])
    })

    test('a checkpoint counts against the output limit while it is there', async () => {
      const outcome = expectOutput(await run(['checkpoint-endless'], bench.limited({ outputBytes: 100_000 })))
      expect(outcome.status).toEqual({ kind: 'output-limit' })
      expect(outcome.files).toEqual([])
    })

    test('secrets are files of the program alone, or refused where others must execute its task alike', async () => {
      const secrets = new Map([['token', utf8('sesame')]])
      const reading = start(['print', '/run/secrets/token'], {}, { secrets })
      const outcome = await reading.outcome
      if (bench.engine === 'wasm-det/1') return expect(failureCode(outcome)).toBe('refused')
      expect(stdoutText(outcome)).toBe('sesame')
      expect(filesOf(outcome)).toEqual([])
      expect(expectOutput(await run(['print', '/run/secrets/token'])).status).toEqual({
        kind: 'exit',
        code: 1,
      })
    })

    test('a missing program, input, standard input or checkpoint is a failure', async () => {
      const { cid } = toBlocks(randomBytes(16)).content
      const lost = bench.put(new Uint8Array([0xa0]))
      for (const change of [
        { program: cid },
        { stdin: cid },
        { inputs: [['input', cid, 16]] as Task['inputs'] },
        { checkpoint: cid },
        { checkpoint: lost },
      ]) {
        expect(failureCode(await run(['nothing'], change))).toBe('missing-input')
      }
    })

    test('what is no program is a failure that says so', async () => {
      const noise = bench.put(utf8('#!/bin/sh\n'))
      expect(failureCode(await run(['nothing'], { program: noise }))).toBe('bad-program')
    })

    test('more memory than the executor has is refused', async () => {
      expect(failureCode(await run(['nothing'], bench.limited({ pages: 65_536 })))).toBe('refused')
    })

    test('another engine is refused', async () => {
      const engine = bench.engine === 'wasm/1' ? 'container/1' : 'wasm/1'
      expect(failureCode(await run(['nothing'], { engine }))).toBe('refused')
    })

    test('stopping cancels what runs and waits, and refuses what comes later', async () => {
      const other = await create()
      const runs = Array.from({ length: 3 }, () => bench.run(other, ['spin']))
      await other.stop()
      const outcomes = await Promise.all([...runs, bench.run(other, ['nothing'])])
      expect(outcomes.map(failureCode)).toEqual(outcomes.map(() => 'cancelled'))
    })

    test.skipIf(process.platform === 'win32')('nothing outlives an owner that was killed', async () => {
      const abandoned = await abandon()
      expect(await abandoned.isGone()).toBe(false)
      await abandoned.kill()
      while (!(await abandoned.isGone())) await setTimeout(LOOK_MS)
    })
  })
}

/** Starts a task and keeps all that it tells. */
export function underway(
  executor: Executor,
  bench: TaskBench,
  task: Task,
  more: Partial<Execution> = {},
): Underway {
  const control = new AbortController()
  const news: ExecutionNews[] = []
  const listeners = new Set<(news: ExecutionNews) => void>()
  const hear = (each: ExecutionNews) => {
    news.push(each)
    for (const listener of listeners) listener(each)
  }
  const outcome = executor.run(bench.execution(task, { hear, ...more }), control.signal)
  const heard = (wanted: (news: ExecutionNews) => boolean) =>
    new Promise<ExecutionNews>((resolve, reject) => {
      const look = (each: ExecutionNews) => {
        if (wanted(each)) resolve(each)
      }
      for (const each of news) look(each)
      listeners.add(look)
      outcome.then((end) => reject(new Error(`it ended before: ${failureCode(end)}`)))
    })
  return { outcome, news, heard, abort: () => control.abort() }
}

export function isStarted({ kind }: ExecutionNews): boolean {
  return kind === 'started'
}

/** Returns everything that was written to one of the streams. */
export function logOf(news: readonly ExecutionNews[], stream: NewsOf<'log'>['stream']): string {
  const decoder = new TextDecoder()
  const parts = news.flatMap((each) => (each.kind === 'log' && each.stream === stream ? [each.bytes] : []))
  return parts.map((bytes) => decoder.decode(bytes, { stream: true })).join('') + decoder.decode()
}

/** Returns the files of a checkpoint as text. */
export function filesIn(news: ExecutionNews): [path: string, text: string][] {
  if (news.kind !== 'checkpoint') throw new Error(`expected a checkpoint, got ${news.kind}`)
  return news.files.map(({ path, bytes }) => [path, new TextDecoder().decode(bytes)])
}
