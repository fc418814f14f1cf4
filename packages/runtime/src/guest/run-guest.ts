import { WASIProcExit } from '@bjorn3/browser_wasi_shim'
import type { GuestResult, GuestWorld } from './messages.ts'
import { HostOutOfMemory, OutputLimitReached } from './output-budget.ts'
import { createWasiHost, GuestRaised, type WasiHost } from './wasi-host.ts'

/** A program that can be compiled but not run as a command. */
class BadProgram extends Error {}

type Ending = Pick<Extract<GuestResult, { kind: 'output' }>, 'status'> & { note: string }

/** Runs a compiled program in a fresh instance and returns what it did; never throws. */
export function runGuest(module: WebAssembly.Module, world: GuestWorld): GuestResult {
  try {
    const host = createWasiHost(world)
    const cpu = process.cpuUsage()
    const start = performance.now()
    const { status, note } = execute(module, host)
    const runMs = performance.now() - start
    const used = process.cpuUsage(cpu)
    const log = [host.log(), note].filter((part) => part !== '').join('\n')
    const cpuMs = (used.user + used.system) / 1000
    return { kind: 'output', status, stdout: host.stdout(), files: host.files(), cpuMs, runMs, log }
  } catch (error) {
    return failure(error)
  }
}

function execute(module: WebAssembly.Module, host: WasiHost): Ending {
  try {
    const { exports } = new WebAssembly.Instance(module, { wasi_snapshot_preview1: host.imports })
    host.bind(exports.memory as WebAssembly.Memory)
    const entry = exports._start as () => void
    if (entry.length > 0) throw new BadProgram(`expected a _start without parameters, got ${entry.length}`)
    entry()
    return { status: { kind: 'exit', code: 0 }, note: '' }
  } catch (error) {
    return ending(error)
  }
}

/** Tells what an exception says about the program; rethrows what it says about this machine. */
function ending(error: unknown): Ending {
  if (error instanceof WASIProcExit) return { status: { kind: 'exit', code: error.code }, note: '' }
  if (error instanceof OutputLimitReached) return { status: { kind: 'output-limit' }, note: '' }
  if (isTrap(error)) return { status: { kind: 'trap' }, note: `trap: ${describe(error)}` }
  throw error
}

/**
 * Traps come as RuntimeError, uncaught wasm exceptions as themselves, and an exhausted stack or a pointer
 * outside the memory as RangeError; so does a host that has no memory left, which is no trap.
 */
function isTrap(error: unknown): boolean {
  if (error instanceof RangeError) return !isAllocationFailure(error)
  return (
    error instanceof WebAssembly.RuntimeError ||
    error instanceof WebAssembly.Exception ||
    error instanceof GuestRaised
  )
}

function isAllocationFailure(error: Error): boolean {
  return /allocat|out of memory/i.test(error.message)
}

function failure(error: unknown): GuestResult {
  const message = describe(error)
  if (error instanceof HostOutOfMemory || error instanceof RangeError) {
    return { kind: 'failed', code: 'out-of-memory', message: `this machine is out of memory: ${message}` }
  }
  const badProgram = error instanceof BadProgram || error instanceof WebAssembly.LinkError
  return { kind: 'failed', code: badProgram ? 'bad-program' : 'internal', message }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
