import { type Task, toBlocks } from '@souk/protocol'
import { depthProgram } from './det-depth-program.ts'
import { RuntimeError } from './errors.ts'
import type { Executor, Outcome } from './executor.ts'
import { MOST_DEPTH } from './guest-world.ts'
import type { Engine } from './runtimes.ts'
import { sandboxSelfTest } from './sandbox-self-test.ts'
import { createWasmExecutor } from './wasm-executor.ts'

/** Bytes of memory of the proof: its programs need one page. */
const PROOF_BYTES = 1024 * 1024
/** Milliseconds and fuel for each of its two programs. */
const PROOF_MS = 30_000
const PROOF_FUEL = 100_000_000n

/** The engine `wasm-det/1`: `wasm/1`, metered and with every observable fixed. */
export const detEngine: Engine = {
  name: 'wasm-det/1',
  async prove() {
    const { level } = await sandboxSelfTest()
    await proveDepth(() => createWasmExecutor({ memoryBytes: PROOF_BYTES, engine: 'wasm-det/1' }))
    return level
  },
  start: (share) => createWasmExecutor({ ...share, engine: 'wasm-det/1' }),
}

/** Shows that programs may recurse as deep as the engine says, and not deeper. Throws {@link RuntimeError}. */
export async function proveDepth(start: () => Promise<Executor>): Promise<void> {
  const executor = await start()
  try {
    const deepest = endOf(await recurse(executor, MOST_DEPTH))
    const deeper = endOf(await recurse(executor, MOST_DEPTH + 1))
    if (deepest === 'exit' && deeper === 'trap') return
    throw new RuntimeError(
      `expected programs to recurse ${MOST_DEPTH} frames deep and no deeper, but they ended by ${deepest} and ${deeper}; raise the stack limit (ulimit -s) to 8 MiB`,
      { code: 'SANDBOX_MISSING', deepest, deeper },
    )
  } finally {
    await executor.stop()
  }
}

function recurse(executor: Executor, frames: number): Promise<Outcome> {
  const program = depthProgram(frames)
  const task: Task = {
    ...{ v: 1, engine: 'wasm-det/1', program: toBlocks(program).content.cid, args: [], env: [], stdin: null },
    ...{ inputs: [], checkpoint: null, seed: 0n, clockNs: 0n },
    limits: { fuel: PROOF_FUEL, pages: 1, depth: MOST_DEPTH, outputBytes: 0, files: 0 },
  }
  const execution = { id: 'proof', n: 1, task, deadlineMs: PROOF_MS, content: async () => program }
  return executor.run(execution, new AbortController().signal)
}

function endOf(outcome: Outcome): string {
  return outcome.kind === 'failed' ? outcome.code : outcome.status.kind
}
