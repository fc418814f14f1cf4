import type { RuntimeName } from '@souk/protocol'
import type { LocalPrograms } from '@souk/requester/node'
import type { Executor } from '@souk/runtime'
import { CliError } from '../errors.ts'

/** Bytes that a program may use on this machine. */
const MEMORY_BYTES = 1024 ** 3
/** Milliseconds without anything to run after which the process for it ends. */
const IDLE_MS = 10_000

/**
 * Returns a way to run WASI programs on this machine, as providers run them and as confined. The process that does it
 * starts with the first program, and ends after a while without any.
 */
export function localPrograms(): LocalPrograms {
  const started = new Map<RuntimeName, Promise<Executor>>()
  let running = 0
  let runs = 0
  let idle: ReturnType<typeof setTimeout> | undefined
  const stop = async () => {
    clearTimeout(idle)
    const executors = [...started.values()]
    started.clear()
    for (const executor of executors) await (await executor.catch(() => undefined))?.stop()
  }
  return {
    async run(task, content, deadlineMs, signal) {
      clearTimeout(idle)
      running += 1
      const executor = started.get(task.engine) ?? startExecutor(task.engine)
      started.set(task.engine, executor)
      try {
        const id = `local.${++runs}`
        return await (await executor).run({ id, n: 1, task, deadlineMs, content }, signal)
      } finally {
        running -= 1
        if (running === 0) idle = setTimeout(() => void stop(), IDLE_MS).unref()
      }
    },
    stop,
  }
}

async function startExecutor(engine: RuntimeName): Promise<Executor> {
  // Loaded where it is needed: most agents compare digests.
  const { createWasmExecutor } = await import('@souk/runtime')
  if (engine === 'wasm/1' || engine === 'wasm-det/1')
    return createWasmExecutor({ memoryBytes: MEMORY_BYTES, engine })
  throw new CliError(`expected a program of wasm/1 or wasm-det/1 to run here, got one of ${engine}`, {
    code: 'BAD_OPTION',
    option: '--engine',
  })
}
