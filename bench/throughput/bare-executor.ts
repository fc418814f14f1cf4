import { createWasmExecutor } from '@souk/runtime'
import { DEMAND, NOTHING, TASK } from '../lease/one-lease.ts'

/** Tasks in flight per core: what a lease has. */
const IN_FLIGHT = 64
const DEADLINE_MS = 10_000

/** The executor of the providers without a market around it. */
export interface BareExecutor {
  /** Runs so many tasks of nothing; returns milliseconds. */
  run(count: number): Promise<number>
  stop(): Promise<void>
}

/** Starts the executor on so many cores. */
export async function openBareExecutor(cores: number): Promise<BareExecutor> {
  const executor = await createWasmExecutor({ memoryBytes: cores * DEMAND.resources.memoryBytes, cores })
  const { signal } = new AbortController()
  const content = async () => NOTHING
  let seed = 0n
  const runOne = async () => {
    const task = { ...TASK, seed: seed++ }
    const outcome = await executor.run(
      { id: String(task.seed), n: 1, task, deadlineMs: DEADLINE_MS, content },
      signal,
    )
    if (outcome.kind !== 'output') throw new Error(`expected an output, got: ${outcome.message}`)
  }
  return {
    async run(count) {
      const startMs = performance.now()
      let left = count
      const runSome = async () => {
        while (left-- > 0) await runOne()
      }
      await Promise.all(Array.from({ length: cores * IN_FLIGHT }, runSome))
      return performance.now() - startMs
    },
    stop: () => executor.stop(),
  }
}
