import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import type { GuestResult, RunnerReply, RunnerRequest } from './messages.ts'
import { probe, refusedCapabilities } from './probe.ts'
import { runGuest } from './run-guest.ts'

/**
 * The runner process: one task at a time, on the main thread, under the flags of `runner-process.ts`.
 *
 * It holds compiled programs and nothing else between tasks, and ends when its parent's channel closes.
 */

/** Optimise at once: the baseline tier never leaves a hot loop and is about ten times slower. */
setFlagsFromString('--no-liftoff')
/**
 * Caps every memory of this process. Each program's own maximum is already lowered to its task's pages; this
 * is the floor below that. It is set here, after Node has loaded us, which needs WebAssembly memory itself.
 */
setFlagsFromString(`--wasm-max-mem-pages=${Number(process.argv[2])}`)

/** Memory in bytes that a task may leave to the collector before it is collected at once. */
const GARBAGE_BYTES = 16 * 1024 * 1024

const modules = new Map<string, WebAssembly.Module>()

process.on('message', (request: RunnerRequest) => {
  if (request.kind === 'probe') probe(request.file).then((reached) => reply({ kind: 'probed', reached }))
  else reply(run(request))
})
process.on('disconnect', () => process.exit())
reply({ kind: 'ready', refused: refusedCapabilities() })

function run(request: Extract<RunnerRequest, { kind: 'run' }>): GuestResult {
  for (const key of request.drop) modules.delete(key)
  const module = loadModule(request.key, request.program)
  if (typeof module === 'string') return { kind: 'failed', code: 'bad-program', message: module }
  return runGuest(module, request.world)
}

function loadModule(key: string, program: Uint8Array | null): WebAssembly.Module | string {
  try {
    const module = modules.get(key) ?? new WebAssembly.Module(program ?? new Uint8Array())
    modules.set(key, module)
    return module
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function reply(message: RunnerReply): void {
  process.send?.(message, undefined, {}, () => collect())
}

/** Frees the last instance's memory before the next task asks for its own. */
function collect(): void {
  if (getHeapStatistics().external_memory > GARBAGE_BYTES) globalThis.gc?.()
}
