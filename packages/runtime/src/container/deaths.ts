import type { Readable } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import { type Docker, daemon } from './docker.ts'
import { toReadable } from './keeper.ts'
import { OWNER_LABEL } from './owner.ts'

/** Milliseconds until a daemon that went away is asked again. */
const AGAIN_MS = 1_000

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
 * Hears from the daemon how containers end: whether the kernel ended one for want of memory is told before its end,
 * and forgotten with the container.
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
    if (Action !== 'die') return
    this.#waiting.get(id)?.({ code: Number(Attributes?.exitCode), outOfMemory: this.#outOfMemory.has(id) })
    this.forget(id)
  }
}
