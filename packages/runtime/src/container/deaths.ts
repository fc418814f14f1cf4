import type { Readable } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import { type Docker, daemon } from './docker.ts'
import { toReadable } from './keeper.ts'
import { OWNER_LABEL } from './owner.ts'

/** Milliseconds until a daemon that went away is asked again. */
const AGAIN_MS = 1_000
/** Milliseconds in which a daemon may still tell, after a container's end, that it ended for want of memory. */
const LATE_MS = 500
/** The exit code of a process that SIGKILL ended. */
const KILLED = 137

interface DaemonEvent {
  readonly Action?: string
  readonly Actor?: { readonly ID?: string; readonly Attributes?: { readonly exitCode?: string } }
}

/** How a container ended. */
export interface Death {
  readonly code: number
  /** Whether the kernel ended one of its processes for want of memory. */
  readonly outOfMemory: boolean
}

/**
 * Hears from the daemon how containers end. Whether the kernel ended one for want of memory is told beside its end, on a
 * busy machine after it; it is forgotten with the container.
 */
export class Deaths {
  readonly #docker: Docker
  readonly #filters: string
  readonly #outOfMemory = new Set<string>()
  readonly #waiting = new Map<string, (death: Death) => void>()
  #stream: Readable | undefined
  #stopped = false

  constructor(docker: Docker, owner: string) {
    const label = [`${OWNER_LABEL}=${owner}`]
    this.#docker = docker
    this.#filters = JSON.stringify({ type: ['container'], label, event: ['oom', 'die'] })
  }

  /** Begins to hear of the containers of an owner. */
  static async of(docker: Docker, owner: string): Promise<Deaths> {
    const deaths = new Deaths(docker, owner)
    const stream = await deaths.#connect()
    void deaths.#listen(stream)
    return deaths
  }

  /** Resolves with how a container ended; to be asked before it starts. */
  ended(id: string): Promise<Death> {
    const { promise, resolve } = Promise.withResolvers<Death>()
    this.#waiting.set(id, resolve)
    return promise
  }

  /** Forgets a container that nobody asks about any more. */
  forget(id: string): void {
    this.#waiting.delete(id)
    this.#outOfMemory.delete(id)
  }

  stop(): void {
    this.#stopped = true
    this.#stream?.destroy()
  }

  async #connect(): Promise<Readable> {
    const answer = this.#docker.getEvents({ filters: this.#filters })
    this.#stream = toReadable(await daemon('tell of containers', answer))
    return this.#stream
  }

  /** Listens until it is stopped; a daemon that restarts loses its containers, and is heard again afterwards. */
  async #listen(first: Readable): Promise<void> {
    for (let stream: Readable | undefined = first; !this.#stopped; ) {
      if (stream !== undefined) await this.#hear(stream)
      if (this.#stopped) return
      await setTimeout(AGAIN_MS, undefined, { ref: false })
      stream = await this.#connect().catch(() => undefined)
    }
    this.#stream?.destroy()
  }

  async #hear(stream: Readable): Promise<void> {
    let rest = ''
    try {
      for await (const chunk of stream) {
        const lines = (rest + String(chunk)).split('\n')
        rest = lines.pop() ?? ''
        for (const line of lines) this.#take(JSON.parse(line))
      }
    } catch {
      // The daemon is gone, and its containers with it: what runs ends as killed.
    }
  }

  #take({ Action, Actor: { ID: id, Attributes } = {} }: DaemonEvent): void {
    if (id === undefined) return
    if (Action === 'oom') this.#outOfMemory.add(id)
    if (Action === 'die') void this.#tell(id, Number(Attributes?.exitCode))
  }

  async #tell(id: string, code: number): Promise<void> {
    if (code === KILLED && !this.#outOfMemory.has(id)) await setTimeout(LATE_MS, undefined, { ref: false })
    this.#waiting.get(id)?.({ code, outOfMemory: this.#outOfMemory.has(id) })
    this.forget(id)
  }
}
