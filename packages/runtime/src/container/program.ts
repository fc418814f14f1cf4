import type { Readable } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import { errorMessage } from '@souk/protocol'
import type Dockerode from 'dockerode'
import type { ContainerCreateOptions } from 'dockerode'
import { guard, release } from '../guardian.ts'
import type { Death, Deaths } from './deaths.ts'
import { type Docker, daemon, daemonMessage, daemonStatus, removeContainer } from './docker.ts'
import { toReadable } from './keeper.ts'

/** Milliseconds between two looks at how much processor time a program used. */
const METER_MS = 2_000
/** Milliseconds for a container to begin on a busy machine. */
const BEGIN_MS = 120_000

/** Milliseconds after a program's end until the daemon has told of it. */
const TOLD_MS = 2_000

interface ProgramParts {
  readonly docker: Docker
  readonly deaths: Deaths
  readonly container: Dockerode.Container
  readonly line: NodeJS.ReadWriteStream
  readonly hasInput: boolean
}

/** Thrown where the image cannot be started as the task says: no such command, another machine's program. */
export class NotRunnable extends Error {}

/** The container of a task's program. */
export class Program {
  readonly #docker: Docker
  readonly container: Dockerode.Container
  /** Both output streams, as the daemon frames them. */
  readonly output: Readable
  readonly #input: NodeJS.WritableStream | null
  readonly #deaths: Deaths
  #exited: Promise<Death> = Promise.resolve({ code: -1, outOfMemory: false })
  #meter: NodeJS.Timeout | undefined
  #begunAt = 0
  #guarded: number | undefined
  #cpu = { ms: 0, at: 0 }

  constructor(parts: ProgramParts) {
    this.#docker = parts.docker
    this.#deaths = parts.deaths
    this.container = parts.container
    this.output = toReadable(parts.line)
    this.#input = parts.hasInput ? parts.line : null
    this.#input?.on('error', () => undefined)
  }

  /** Makes the container and connects to its streams. Throws {@link NotRunnable}. */
  static async create(docker: Docker, deaths: Deaths, settings: ContainerCreateOptions): Promise<Program> {
    const container = await runnable(daemon('make a container', docker.createContainer(settings)), [400])
    const stdin = settings.OpenStdin === true
    try {
      const options = { stream: true, stdin, stdout: true, stderr: true, hijack: true }
      const line = await daemon('connect to a container', container.attach(options))
      return new Program({ docker, deaths, container, line, hasInput: stdin })
    } catch (error) {
      await removeContainer(docker, container.id)
      throw error
    }
  }

  /** Begins, and feeds standard input. Throws {@link NotRunnable}. */
  async start(stdin: Uint8Array | null): Promise<void> {
    this.#exited = Promise.race([this.#deaths.ended(this.container.id), this.#lost()])
    this.#exited.catch(() => undefined)
    await runnable(daemon('start a container', this.container.start(), BEGIN_MS), [400, 404])
    this.#begunAt = performance.now()
    this.#cpu = { ms: 0, at: this.#begunAt }
    this.#meter = setInterval(() => void this.measure(), METER_MS)
    this.#input?.end(stdin ?? '')
  }

  /** Resolves with how the program ended; rejects where the daemon lost the container. */
  get exited(): Promise<Death> {
    return this.#exited
  }

  /** Milliseconds since the program began. */
  get runMs(): number {
    return performance.now() - this.#begunAt
  }

  /**
   * Milliseconds of processor time, at most: what was measured last, and one core since then, because nothing can be
   * measured of a container that has ended.
   */
  get cpuMs(): number {
    return this.#cpu.ms + (performance.now() - this.#cpu.at)
  }

  /** Measures processor time while the program runs; returns milliseconds, null where the daemon does not say. */
  async measure(): Promise<number | null> {
    try {
      const options = { stream: false, 'one-shot': true } as const
      const { cpu_stats } = await daemon('measure a container', this.container.stats(options))
      const ms = cpu_stats.cpu_usage.total_usage / 1e6
      if (ms > 0) this.#cpu = { ms, at: performance.now() }
      return ms > 0 ? ms : null
    } catch {
      return null
    }
  }

  /** Has its process killed with ours: gVisor's is not in the keeper's namespace, and would outlive it. */
  async guard(): Promise<void> {
    const { State } = await daemon('look at a container', this.container.inspect())
    this.#guarded = State.Pid
    guard(State.Pid)
  }

  /** Ends the program whatever it does, and removes the container. */
  async stop(): Promise<void> {
    clearInterval(this.#meter)
    this.#deaths.forget(this.container.id)
    await removeContainer(this.#docker, this.container.id)
    this.output.destroy()
    if (this.#guarded !== undefined) release(this.#guarded)
  }

  /** Learns of the end in another way, late, so that news that got lost does not make a program endless. */
  async #lost(): Promise<Death> {
    try {
      const { StatusCode } = await this.container.wait({ condition: 'next-exit' })
      return { code: StatusCode, outOfMemory: false }
    } finally {
      await setTimeout(TOLD_MS, undefined, { ref: false })
    }
  }
}

/**
 * Throws {@link NotRunnable} for the answers of the daemon that blame what was asked: a bad command, a file that is no
 * program. That an image or keeper has gone meanwhile is not the task's fault.
 */
async function runnable<T>(answer: Promise<T>, blaming: readonly number[]): Promise<T> {
  try {
    return await answer
  } catch (error) {
    if (blaming.includes(daemonStatus(error) ?? 0)) {
      const why = `expected an image whose command starts here, got: ${daemonMessage(error)}`
      throw new NotRunnable(`${why}; see the image's command and platform`, { cause: errorMessage(error) })
    }
    throw error
  }
}
