import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import { type Task, toBlocks } from '@souk/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Execution, Executor, Outcome, OutputOutcome } from '../executor.ts'

const MIB = 1024 * 1024
const PAGES = 256
/** Milliseconds after which a task that was sent to a warm runner is running. */
const WARM_MS = 100
const START_NS = 1_700_000_000_000_000_000n

/** A store of content for tests, and tasks that refer to it. */
export class TaskBench {
  readonly #content = new Map<string, Uint8Array>()
  readonly #program: string

  constructor(program: Uint8Array) {
    this.#program = this.put(program)
  }

  /** Loads a program of `programs/` by its name. */
  static async load(name: string): Promise<TaskBench> {
    return new TaskBench(await readFile(new URL(`../../programs/${name}.wasm`, import.meta.url)))
  }

  put(bytes: Uint8Array): string {
    const { cid } = toBlocks(bytes).content
    this.#content.set(cid, bytes)
    return cid
  }

  task(args: string[], change: Partial<Task> = {}): Task {
    return {
      v: 1,
      engine: 'wasm/1',
      program: this.#program,
      args,
      env: [],
      stdin: null,
      inputs: [],
      checkpoint: null,
      limits: { fuel: 0n, pages: PAGES, depth: 0, outputBytes: MIB, files: 8 },
      seed: 7n,
      clockNs: START_NS,
      ...change,
    }
  }

  execution(task: Task, change: Partial<Execution> = {}): Execution {
    return {
      id: 'attempt',
      n: 1,
      task,
      deadlineMs: 30_000,
      content: async (cid) => {
        const bytes = this.#content.get(cid)
        if (!bytes) throw new Error('nobody has it')
        return bytes
      },
      ...change,
    }
  }

  run(executor: Executor, args: string[], change: Partial<Task> = {}): Promise<Outcome> {
    return executor.run(this.execution(this.task(args, change)), new AbortController().signal)
  }
}

/** Returns the outcome as an output, or fails the test with what came instead. */
export function expectOutput(outcome: Outcome): OutputOutcome {
  if (outcome.kind === 'output') return outcome
  throw new Error(`expected an output, got ${outcome.code}: ${outcome.message}`)
}

export function stdoutText(outcome: Outcome): string {
  return new TextDecoder().decode(expectOutput(outcome).stdout)
}

function failureCode(outcome: Outcome): string {
  return outcome.kind === 'failed' ? outcome.code : `output ${outcome.status.kind}`
}

/** What any executor of plain WASI tasks must do; `create` gives one with at least 16 MiB and one core. */
export function testExecutor(name: string, create: () => Promise<Executor>): void {
  describe(`${name} passes the executor compliance suite`, () => {
    let executor: Executor
    let bench: TaskBench
    beforeAll(async () => {
      executor = await create()
      bench = await TaskBench.load('conduct')
    })
    afterAll(() => executor.stop())
    const run = (args: string[], change: Partial<Task> = {}) => bench.run(executor, args, change)
    const limited = (change: Partial<Task['limits']>) => ({ limits: { ...bench.task([]).limits, ...change } })
    const withInput = (text: string): Partial<Task> => {
      const bytes = new TextEncoder().encode(text)
      return { inputs: [['input', bench.put(bytes), bytes.byteLength]] }
    }

    test('exit codes are outputs', async () => {
      expect(expectOutput(await run(['nothing'])).status).toEqual({ kind: 'exit', code: 0 })
      expect(expectOutput(await run(['exit', '41'])).status).toEqual({ kind: 'exit', code: 41 })
    })

    test('a trap is an output with its reason and standard error in the log', async () => {
      const outcome = expectOutput(await run(['trap']))
      expect(outcome.status).toEqual({ kind: 'trap' })
      expect(outcome.log).toMatch(/about to trap\n*.*unreachable/s)
    })

    test('endless recursion is a trap', async () => {
      expect(expectOutput(await run(['recurse'])).status).toEqual({ kind: 'trap' })
    })

    test('the program sees arguments, environment and input, and nothing of its attempt', async () => {
      const stdin = bench.put(new TextEncoder().encode('grüße\n'))
      const text = stdoutText(await run(['echo', 'ärger', ''], { env: ['A=ö', 'B=2'], stdin }))
      expect(text).toBe('arg program\narg echo\narg ärger\narg \nenv A=ö\nenv B=2\ngrüße\n')
    })

    test('created and changed files are the output, sorted bytewise', async () => {
      const outcome = expectOutput(await run(['use-files'], withInput('given')))
      expect(outcome.status).toEqual({ kind: 'exit', code: 0 })
      const files = outcome.files.map((file) => [file.path, new TextDecoder().decode(file.bytes)])
      expect(files).toEqual([
        ['input', 'given and more'],
        ['made/copy', 'given and more'],
        ['made/moved', 'given and more'],
      ])
    })

    test('unchanged inputs are no output, and folders list in bytewise order with stable numbers', async () => {
      const cid = bench.put(new Uint8Array([1]))
      const inputs: Task['inputs'] = [
        ['b/x', cid, 1],
        ['b/é', cid, 1],
        ['b/𝄞', cid, 1],
      ]
      const first = expectOutput(await run(['list', '/b'], { inputs }))
      expect(first.files).toEqual([])
      const names = stdoutText(first)
        .split('\n')
        .map((line) => line.split(' ')[0])
      expect(names).toEqual(['.', '..', 'x', 'é', '𝄞', ''])
      expect(stdoutText(await run(['list', '/b'], { inputs }))).toBe(stdoutText(first))
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

    test('output beyond the limit ends the program with what it wrote before', async () => {
      const outcome = expectOutput(await run(['write'], limited({ outputBytes: 100_000 })))
      expect(outcome.status).toEqual({ kind: 'output-limit' })
      expect(outcome.stdout.byteLength).toBeLessThanOrEqual(100_000)
      expect(outcome.stdout.byteLength).toBeGreaterThan(90_000)
      const again = expectOutput(await run(['write'], limited({ outputBytes: 100_000 })))
      expect(again.stdout).toEqual(outcome.stdout)
    })

    test('files count against the limits by bytes and by number', async () => {
      const bytes = expectOutput(await run(['write-file'], limited({ outputBytes: 50_000 })))
      expect(bytes.status).toEqual({ kind: 'output-limit' })
      expect(bytes.files[0]?.bytes.byteLength).toBeLessThanOrEqual(50_000)
      const count = expectOutput(await run(['files'], limited({ files: 3 })))
      expect(count.status).toEqual({ kind: 'output-limit' })
      expect(count.files).toHaveLength(3)
    })

    test('folders and open files are bounded', async () => {
      expect(stdoutText(await run(['folders']))).toBe('4095 no space\n')
      expect(stdoutText(await run(['open'], withInput('x')))).toMatch(/^\d+ too many\n$/)
    })

    test('memory grows to the page limit of the task and not beyond', async () => {
      const few = Number(stdoutText(await run(['allocate'], limited({ pages: 64 }))))
      const more = Number(stdoutText(await run(['allocate'], limited({ pages: 256 }))))
      expect(few).toBeLessThan(4)
      expect(more).toBeGreaterThan(12)
      expect(more).toBeLessThan(16)
    })

    test('the same task gives the same output bytes every time', async () => {
      const [first, second] = [
        await run(['use-files'], withInput('x')),
        await run(['use-files'], withInput('x')),
      ]
      expect(expectOutput(first).files).toEqual(expectOutput(second).files)
    })

    test('an endless loop is stopped at its deadline, and the next task runs', async () => {
      const spinning = bench.execution(bench.task(['spin']), { deadlineMs: 200 })
      expect(failureCode(await executor.run(spinning, new AbortController().signal))).toBe('deadline')
      expect(expectOutput(await run(['nothing'])).status).toEqual({ kind: 'exit', code: 0 })
    })

    test('a running and a waiting task are cancelled at once', async () => {
      const controllers = Array.from({ length: 9 }, () => new AbortController())
      const runs = controllers.map(({ signal }) =>
        executor.run(bench.execution(bench.task(['spin'])), signal),
      )
      await setTimeout(WARM_MS)
      for (const controller of controllers) controller.abort()
      const codes = (await Promise.all(runs)).map(failureCode)
      expect(new Set(codes)).toEqual(new Set(['cancelled']))
    })

    test('a missing program, input or standard input is a failure', async () => {
      const cid = toBlocks(randomBytes(16)).content.cid
      for (const change of [
        { program: cid },
        { stdin: cid },
        { inputs: [['input', cid, 16]] as Task['inputs'] },
      ]) {
        expect(failureCode(await run(['nothing'], change))).toBe('missing-input')
      }
    })

    test('what is no program is a failure that says so', async () => {
      const noise = bench.put(new TextEncoder().encode('#!/bin/sh\n'))
      const outcome = await run(['nothing'], { program: noise })
      expect(outcome).toMatchObject({ kind: 'failed', code: 'bad-program' })
      expect(outcome.kind === 'failed' && outcome.message).toMatch(/WebAssembly/)
    })

    test('more memory than the executor has is refused', async () => {
      expect(failureCode(await run(['nothing'], limited({ pages: 65_536 })))).toBe('refused')
    })

    test('many tasks at once all end, each with its own output', async () => {
      const runs = Array.from({ length: 24 }, (_, i) => run(['exit', String(i)]))
      const codes = (await Promise.all(runs)).map((outcome) => expectOutput(outcome).status)
      expect(codes).toEqual(codes.map((_, code) => ({ kind: 'exit', code })))
    })
  })
}
