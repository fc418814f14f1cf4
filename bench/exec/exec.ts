import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Task, toBlocks } from '@souk/protocol'
import { createWasmExecutor, type Executor } from '@souk/runtime'
import type { Benchmark, Session, Setup } from '../harness/benchmark.ts'
import { buildNative } from './native-build.ts'

const runFile = promisify(execFile)
const PROGRAM = fileURLToPath(new URL('../../packages/runtime/programs/sha256.wasm', import.meta.url))
const SOURCE = PROGRAM.replace(/wasm$/, 'c')
const BARE_WASI = fileURLToPath(new URL('./bare-wasi.mjs', import.meta.url))
const MEBIBYTES = 64
const PAGE_BYTES = 65_536
/** Memory of the program in pages: its data is one mebibyte. */
const PAGES = 64
/** Measurements of each side in one round. */
const RUNS = 8
/** Milliseconds after which one run is given up. */
const DEADLINE_MS = 60_000

/** Guest time of one hash under Souk's executor against the same source built for the machine. */
export const exec: Benchmark = {
  name: 'exec',
  unit: 'ms',
  compares: {
    ours: `SHA-256 of ${MEBIBYTES} MiB by a wasm/1 task, guest time`,
    peer: 'the same C source built natively with -O3',
    limit: 'the same wasm in a bare V8 with the same flag, without Souk',
  },
  target: { against: 'peer', bound: 1.6 },
  open,
}

/** One run: its time, and the digest that shows that all sides did the same work. */
interface Run {
  readonly ms: number
  readonly digest: string
}

async function open({ signal, step }: Setup): Promise<Session> {
  const folder = await mkdtemp(join(tmpdir(), 'souk-bench-exec-'))
  const native = join(folder, 'sha256')
  try {
    const peerVersion = await buildNative(SOURCE, native, signal)
    step(`built the native program with ${peerVersion}`)
    const program = await readFile(PROGRAM)
    // The peer runs at this process's priority, so the guest must too.
    const executor = await createWasmExecutor({ memoryBytes: PAGES * PAGE_BYTES, nice: 0 })
    await hashUnderSouk(executor, program, 1, signal)
    return {
      peerVersion,
      round: () => measure({ executor, program, native, signal }),
      conditions: () => [],
      remarks: () => [],
      async stop() {
        await executor.stop()
        await rm(folder, { recursive: true, force: true })
      },
    }
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

async function measure(parts: {
  executor: Executor
  program: Uint8Array
  native: string
  signal: AbortSignal
}) {
  const { executor, program, native, signal } = parts
  const round = { ours: [] as number[], peer: [] as number[], limit: [] as number[] }
  for (let i = 0; i < RUNS; i++) {
    const ours = await hashUnderSouk(executor, program, MEBIBYTES, signal)
    const peer = await hashInProcess(native, [], signal)
    const bare = ['--no-liftoff', '--no-warnings', BARE_WASI, PROGRAM]
    const limit = await hashInProcess(process.execPath, bare, signal)
    requireSameWork([ours, peer, limit])
    round.ours.push(ours.ms)
    round.peer.push(peer.ms)
    round.limit.push(limit.ms)
  }
  return round
}

/** Runs the program as a task; its time is that of the whole `_start`, because its own clock is virtual. */
async function hashUnderSouk(
  executor: Executor,
  program: Uint8Array,
  mebibytes: number,
  signal: AbortSignal,
): Promise<Run> {
  const task: Task = {
    v: 1,
    engine: 'wasm/1',
    program: toBlocks(program).content.cid,
    args: [String(mebibytes), '1'],
    env: [],
    stdin: null,
    inputs: [],
    checkpoint: null,
    limits: { fuel: 0n, pages: PAGES, depth: 0, outputBytes: 1024, files: 0 },
    seed: 0n,
    clockNs: 0n,
  }
  const execution = { id: 'bench', n: 0, task, deadlineMs: DEADLINE_MS, content: async () => program }
  const outcome = await executor.run(execution, signal)
  if (outcome.kind === 'failed') throw new Error(`the task failed: ${outcome.message}`)
  return { ms: outcome.runMs, digest: words(Buffer.from(outcome.stdout).toString())[0] ?? '' }
}

/** Runs the program in a process of its own; its time is what it measured itself around the hashing. */
async function hashInProcess(file: string, args: readonly string[], signal: AbortSignal): Promise<Run> {
  const { stdout } = await runFile(file, [...args, String(MEBIBYTES), '1'], { signal, timeout: DEADLINE_MS })
  const [digest = '', nanoseconds] = words(stdout)
  return { ms: Number(nanoseconds) / 1e6, digest }
}

function words(output: string): string[] {
  return output.trim().split(' ')
}

function requireSameWork(runs: readonly Run[]): void {
  const digests = new Set(runs.map((run) => run.digest))
  if (digests.size === 1 && !digests.has('')) return
  throw new Error(`expected the same digest from all sides, got ${[...digests].join(', ')}`)
}
