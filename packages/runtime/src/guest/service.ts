import type { CallResult, GuestCall, GuestNews, GuestResult, GuestWorld } from './messages.ts'
import { ending, failureOf } from './run-guest.ts'
import { SERVICE_ENTRY } from './service-entry.ts'
import { INITIALIZE, restoreSnapshot, type Snapshot, takeSnapshot } from './snapshot.ts'
import { createWasiHost, type WasiHost } from './wasi-host.ts'

/** Tells whether a task is asked for answers while it runs, rather than for one output at its end. */
export function isService({ env, metered }: Pick<GuestWorld, 'env' | 'metered'>): boolean {
  return !metered && env.includes(SERVICE_ENTRY)
}

type Hear = (news: GuestNews) => void

/**
 * A program that answers calls, each in an instance of its own: no call sees what another left behind.
 *
 * Where the program exports {@link INITIALIZE}, that runs once, and every instance begins with the memory and globals
 * that it left; files that it opened are closed then.
 */
export class GuestService {
  readonly #module: WebAssembly.Module
  readonly #world: GuestWorld
  readonly #snapshot: Snapshot | null

  private constructor(module: WebAssembly.Module, world: GuestWorld, snapshot: Snapshot | null) {
    this.#module = module
    this.#world = world
    this.#snapshot = snapshot
  }

  /** Makes a program ready for calls; returns how it ended instead where it did. Never throws. */
  static open(module: WebAssembly.Module, world: GuestWorld, hear: Hear): GuestService | GuestResult {
    try {
      const host = createWasiHost(world, hear)
      const start = performance.now()
      const ready = initialize(module, host)
      host.flush()
      if (ready.kind === 'ready') {
        hear({ kind: 'started' })
        return new GuestService(module, world, ready.snapshot)
      }
      const { status, note } = ready
      const log = [host.log(), note].filter((part) => part !== '').join('\n')
      const times = { cpuMs: 0, runMs: performance.now() - start }
      return { kind: 'output', status, fuel: 0n, stdout: host.stdout(), files: [], ...times, log }
    } catch (error) {
      return failureOf(error)
    }
  }

  /** Answers one call; what it writes is heard while it runs. Never throws. */
  answer({ env, stdin, clockNs, seed }: GuestCall, hear: Hear): CallResult {
    const start = performance.now()
    try {
      const world = { ...this.#world, env: [...this.#unnamed(env), ...env], stdin, clockNs, seed }
      const host = createWasiHost(world, hear)
      const { status, note } = ending(() => this.#enter(host))
      host.flush()
      return { kind: 'answered', status, note, runMs: performance.now() - start }
    } catch (error) {
      return failureOf(error)
    }
  }

  #enter(host: WasiHost): void {
    const exports = instantiate(this.#module, host)
    if (this.#snapshot !== null) restoreSnapshot(exports, this.#snapshot)
    ;(exports._start as () => void)()
  }

  /** Returns the entries of the task's environment that a call does not name itself. */
  #unnamed(env: readonly string[]): string[] {
    const named = new Set(env.map(nameOf))
    return this.#world.env.filter((entry) => !named.has(nameOf(entry)))
  }
}

type Opened = { readonly kind: 'ready'; readonly snapshot: Snapshot | null } | Ended
type Ended = { readonly kind: 'ended' } & ReturnType<typeof ending>

function initialize(module: WebAssembly.Module, host: WasiHost): Opened {
  const exports = instantiate(module, host)
  const run = exports[INITIALIZE]
  if (typeof run !== 'function') return { kind: 'ready', snapshot: null }
  let isDone = false
  const end = ending(() => {
    run()
    isDone = true
  })
  return isDone ? { kind: 'ready', snapshot: takeSnapshot(exports) } : { kind: 'ended', ...end }
}

function instantiate(module: WebAssembly.Module, host: WasiHost): WebAssembly.Exports {
  const { exports } = new WebAssembly.Instance(module, { wasi_snapshot_preview1: host.imports })
  host.bind(exports.memory as WebAssembly.Memory)
  return exports
}

function nameOf(entry: string): string {
  return entry.slice(0, entry.indexOf('=') + 1)
}
