import { readFile } from 'node:fs/promises'
import { type Task, toBlocks } from '@souk/protocol'
import { RuntimeError } from './errors.ts'
import type { Executor } from './executor.ts'
import { createWasmExecutor } from './wasm-executor.ts'

const PAGE_BYTES = 65_536
/** Memory of the benchmark program: its data is one mebibyte. */
const PAGES = 64
/** Mebibytes hashed in the measured run: some tens of milliseconds on a current core. */
const MEBIBYTES = 8
const DEADLINE_MS = 20_000

/**
 * Measures one core as programs see it: MiB of SHA-256 per second in a warm runner.
 *
 * Throws {@link RuntimeError} `NOT_MEASURED` where the program does not run, and what starting a runner throws.
 */
export async function measureCore(start: () => Promise<Executor> = startHere): Promise<number> {
  const program = await readFile(new URL('../programs/sha256.wasm', import.meta.url))
  const executor = await start()
  try {
    // The first run compiles; the second is what a warm lease gives.
    await hash(executor, program, 1)
    const runMs = await hash(executor, program, MEBIBYTES)
    return Math.round(MEBIBYTES / (runMs / 1000))
  } finally {
    await executor.stop()
  }
}

function startHere(): Promise<Executor> {
  return createWasmExecutor({ memoryBytes: PAGES * PAGE_BYTES, nice: 0 })
}

async function hash(executor: Executor, program: Uint8Array, mebibytes: number): Promise<number> {
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
  const execution = { id: 'core-speed', n: 0, task, deadlineMs: DEADLINE_MS, content: async () => program }
  const outcome = await executor.run(execution, AbortSignal.timeout(DEADLINE_MS))
  if (outcome.kind === 'output' && outcome.stdout.byteLength > 0) return outcome.runMs
  const came = outcome.kind === 'failed' ? outcome.message : outcome.log
  throw new RuntimeError(`expected the core benchmark to print a digest, got: ${came}`, {
    code: 'NOT_MEASURED',
  })
}
