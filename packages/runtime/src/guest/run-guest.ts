import { WASIProcExit } from '@bjorn3/browser_wasi_shim'
import { BYTES_PER_FUEL, chargeCalls } from '../det/charge-calls.ts'
import { FuelMeter } from '../det/fuel-meter.ts'
import type { GuestNews, GuestResult, GuestWorld } from './messages.ts'
import { HostOutOfMemory, OutputLimitReached } from './output-budget.ts'
import { BadProgram } from './typed-calls.ts'
import { createWasiHost, GuestRaised, type WasiHost } from './wasi-host.ts'

type Ending = Pick<Extract<GuestResult, { kind: 'output' }>, 'status'> & { note: string }

type Hear = (news: GuestNews) => void

/** Runs a compiled program in a fresh instance and returns what it did; never throws. */
export function runGuest(module: WebAssembly.Module, world: GuestWorld, hear: Hear | null): GuestResult {
  try {
    const meter = world.metered ? new FuelMeter(world.limits) : null
    const host = createWasiHost(
      world,
      hear,
      meter ? (bytes) => meter.spend(bytes / BYTES_PER_FUEL) : undefined,
    )
    const cpu = process.cpuUsage()
    const start = performance.now()
    const { status, note } = execute(module, host, hear, meter)
    host.flush()
    const runMs = performance.now() - start
    const used = process.cpuUsage(cpu)
    const log = [host.log(), note].filter((part) => part !== '').join('\n')
    const cpuMs = (used.user + used.system) / 1000
    const fuel = meter?.used() ?? 0n
    return { kind: 'output', status, fuel, stdout: host.stdout(), files: host.files(), cpuMs, runMs, log }
  } catch (error) {
    return failureOf(error)
  }
}

function execute(
  module: WebAssembly.Module,
  host: WasiHost,
  hear: Hear | null,
  meter: FuelMeter | null,
): Ending {
  try {
    const { exports } = new WebAssembly.Instance(module, { wasi_snapshot_preview1: importsOf(host, meter) })
    host.bind(exports.memory as WebAssembly.Memory)
    meter?.bind(exports)
    const entry = exports._start as () => void
    if (entry.length > 0) throw new BadProgram(`expected a _start without parameters, got ${entry.length}`)
    hear?.({ kind: 'started' })
    entry()
    return { status: { kind: 'exit', code: 0 }, note: '' }
  } catch (error) {
    return meteredEnding(error, meter) ?? endingBy(error)
  }
}

function importsOf(host: WasiHost, meter: FuelMeter | null): WasiHost['imports'] {
  return meter ? chargeCalls(host.imports, meter, () => host.memory().buffer) : host.imports
}

/** Tells how a metered program ended where its counters say so; throws what they say about this machine. */
function meteredEnding(error: unknown, meter: FuelMeter | null): Ending | null {
  if (meter === null) return null
  // Where this machine's stack or memory ends is no property of the program.
  if (meter.isFaulty || isStackExhausted(error)) throw new HostOutOfMemory(describe(error))
  return meter.isEmpty ? { status: { kind: 'out-of-fuel' }, note: '' } : null
}

/** Runs a program to its end and tells how it ended; throws what says something about this machine. */
export function ending(run: () => void): Ending {
  try {
    run()
    return { status: { kind: 'exit', code: 0 }, note: '' }
  } catch (error) {
    return endingBy(error)
  }
}

/** Tells what an exception says about the program; rethrows what it says about this machine. */
function endingBy(error: unknown): Ending {
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

function isStackExhausted(error: unknown): boolean {
  return error instanceof RangeError && /call stack/i.test(error.message)
}

function isAllocationFailure(error: Error): boolean {
  return /allocat|out of memory/i.test(error.message)
}

/** Says why there is no output of a program. */
export function failureOf(error: unknown): Extract<GuestResult, { kind: 'failed' }> {
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
