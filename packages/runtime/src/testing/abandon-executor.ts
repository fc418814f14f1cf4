import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { TaskLimits } from '@souk/protocol'
import type { WasmEngine } from '../guest-world.ts'
import type { Abandoned } from './executor-compliance.ts'

/** Starts a process that owns an executor of an engine for WebAssembly, in which a program spins. */
export async function abandonExecutor(
  engine: WasmEngine,
  limits: Partial<TaskLimits> = {},
): Promise<Abandoned> {
  const text = JSON.stringify(limits, (_, value) => (typeof value === 'bigint' ? String(value) : value))
  return abandonOwner('executor-owner.fixture.ts', [engine, text])
}

/** Starts a process that prints the ids of all that it started, in which something spins. */
export async function abandonOwner(name: string, args: readonly string[]): Promise<Abandoned> {
  const fixture = fileURLToPath(new URL(`./${name}`, import.meta.url))
  const owner = spawn(process.execPath, [fixture, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(owner.stdout, 'data', { signal: ended(owner) })
  const pids = String(line).trim().split(' ').map(Number)
  return {
    kill: async () => {
      owner.kill('SIGKILL')
      await once(owner, 'exit')
    },
    isGone: async () => !pids.some(isAlive),
  }
}

/** Aborts when the process ends, so that nobody waits for one that could not start. */
function ended(owner: ChildProcess): AbortSignal {
  const control = new AbortController()
  owner.once('exit', () => control.abort())
  return control.signal
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
