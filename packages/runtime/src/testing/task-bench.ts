import { readFile } from 'node:fs/promises'
import { folderCodec, type RuntimeName, type Task, type TaskLimits, toBlocks, utf8 } from '@souk/protocol'
import type { Execution, Executor, Outcome, OutputOutcome } from '../executor.ts'

const MIB = 1024 * 1024
export const START_NS = 1_700_000_000_000_000_000n

/** What the tasks of a bench are made of. */
export interface BenchProgram {
  readonly engine: RuntimeName
  /** What `task.program` names: a module, or an encoded container image. */
  readonly program: Uint8Array
  /** Limits of every task, where they differ from those below. */
  readonly limits?: Partial<TaskLimits>
}

/** A store of content for tests, and tasks of one engine and program that refer to it. */
export class TaskBench {
  readonly engine: RuntimeName
  readonly #content = new Map<string, Uint8Array>()
  readonly #program: string
  readonly #limits: TaskLimits

  constructor({ engine, program, limits = {} }: BenchProgram) {
    this.engine = engine
    this.#program = this.put(program)
    this.#limits = { fuel: 0n, pages: 256, depth: 0, outputBytes: MIB, files: 8, ...limits }
  }

  /** Loads a program of `programs/` by its name, for an engine that runs WebAssembly. */
  static async load(
    name: string,
    engine: RuntimeName = 'wasm/1',
    limits?: Partial<TaskLimits>,
  ): Promise<TaskBench> {
    const program = await readFile(new URL(`../../programs/${name}.wasm`, import.meta.url))
    return new TaskBench({ engine, program, ...(limits && { limits }) })
  }

  put(bytes: Uint8Array): string {
    const { cid } = toBlocks(bytes).content
    this.#content.set(cid, bytes)
    return cid
  }

  /** Keeps a folder with these files, and returns its address. */
  putFolder(files: Readonly<Record<string, string>>): string {
    const entries = Object.entries(files).map(([path, text]): [string, string, number] => {
      const bytes = utf8(text)
      return [path, this.put(bytes), bytes.byteLength]
    })
    return this.put(folderCodec.encode({ v: 1, files: entries }))
  }

  /** Returns a change of a task that gives it one input file. */
  input(path: string, text: string): Pick<Task, 'inputs'> {
    const bytes = utf8(text)
    return { inputs: [[path, this.put(bytes), bytes.byteLength]] }
  }

  /** Returns a change of a task that gives it other limits. */
  limited(change: Partial<TaskLimits>): Pick<Task, 'limits'> {
    return { limits: { ...this.#limits, ...change } }
  }

  task(args: string[], change: Partial<Task> = {}): Task {
    return {
      v: 1,
      engine: this.engine,
      program: this.#program,
      args,
      env: [],
      stdin: null,
      inputs: [],
      checkpoint: null,
      limits: this.#limits,
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

/** Returns the files of an output as text, by path. */
export function filesOf(outcome: Outcome): [path: string, text: string][] {
  return expectOutput(outcome).files.map(({ path, bytes }) => [path, new TextDecoder().decode(bytes)])
}

export function failureCode(outcome: Outcome): string {
  return outcome.kind === 'failed' ? outcome.code : `output ${outcome.status.kind}`
}
