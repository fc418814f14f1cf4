import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type RuntimeName, type Task, toBlocks } from '@souk/protocol'
import type { Executor } from '@souk/runtime'
import { buildNative } from './native-build.ts'

const runFile = promisify(execFile)
const BARE_WASI = fileURLToPath(new URL('./bare-wasi.mjs', import.meta.url))
const PROGRAMS = new URL('../../packages/runtime/programs/', import.meta.url)
/** Memory of a program in pages: the largest has three matrices of one mebibyte. */
export const PAGES = 96
/** Call depth and fuel of a metered program: more than any needs. */
const DEPTH = 100
const FUEL = 10n ** 15n
/** Milliseconds after which one run is given up. */
const DEADLINE_MS = 60_000

/** One run: its time, and the result that shows that all sides did the same work. */
export interface Run {
  readonly ms: number
  readonly result: string
}

/** A program that is measured, built for the engine and for the machine. */
export interface Kernel {
  readonly name: string
  readonly args: readonly string[]
  readonly peerVersion: string
  readonly program: Uint8Array
  readonly wasm: string
  readonly native: string
}

/** Builds the native program of a kernel into `folder`. Throws `MissingPeer`. */
export async function buildKernel(
  name: string,
  args: readonly string[],
  folder: string,
  signal: AbortSignal,
): Promise<Kernel> {
  const [wasm, source] = ['wasm', 'c'].map((end) => fileURLToPath(new URL(`${name}.${end}`, PROGRAMS)))
  const native = join(folder, name)
  const peerVersion = await buildNative(source ?? '', native, signal)
  return { name, args, peerVersion, native, wasm: wasm ?? '', program: await readFile(wasm ?? '') }
}

/** Runs a kernel as a task; its time is that of the whole `_start`, because its own clock is virtual. */
export async function runUnderSouk(
  executor: Executor,
  engine: RuntimeName,
  { program, args }: Pick<Kernel, 'program' | 'args'>,
  signal: AbortSignal,
): Promise<Run> {
  const metered = engine === 'wasm-det/1'
  const task: Task = {
    ...{ v: 1, engine, program: toBlocks(program).content.cid, args: [...args], env: [], stdin: null },
    ...{ inputs: [], checkpoint: null, seed: 0n, clockNs: 0n },
    limits: {
      ...{ fuel: metered ? FUEL : 0n, depth: metered ? DEPTH : 0 },
      ...{ pages: PAGES, outputBytes: 1024, files: 0 },
    },
  }
  const execution = { id: 'bench', n: 0, task, deadlineMs: DEADLINE_MS, content: async () => program }
  const outcome = await executor.run(execution, signal)
  if (outcome.kind === 'failed') throw new Error(`the task failed: ${outcome.message}`)
  return { ms: outcome.runMs, result: words(Buffer.from(outcome.stdout).toString())[0] ?? '' }
}

/** Runs the native program; its time is what it measured itself. */
export function runNative({ native, args }: Kernel, signal: AbortSignal): Promise<Run> {
  return runProcess(native, args, signal)
}

/** Runs the same wasm in a bare V8 with the same flag, without Souk; its time is what it measured itself. */
export function runBare({ wasm, args }: Kernel, signal: AbortSignal): Promise<Run> {
  return runProcess(process.execPath, ['--no-liftoff', '--no-warnings', BARE_WASI, wasm, ...args], signal)
}

/** Throws unless all runs had the same result. */
export function requireSameWork(runs: readonly Run[]): void {
  const results = new Set(runs.map((run) => run.result))
  if (results.size === 1 && !results.has('')) return
  throw new Error(`expected the same result from all sides, got ${[...results].join(', ')}`)
}

async function runProcess(file: string, args: readonly string[], signal: AbortSignal): Promise<Run> {
  const { stdout } = await runFile(file, [...args], { signal, timeout: DEADLINE_MS })
  const [result = '', nanoseconds] = words(stdout)
  return { ms: Number(nanoseconds) / 1e6, result }
}

function words(output: string): string[] {
  return output.trim().split(' ')
}
