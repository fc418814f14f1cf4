import type { Readable } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import { type Docker, daemon } from './docker.ts'
import { toReadable } from './keeper.ts'
import { OWNER_LABEL } from './owner.ts'

/** Milliseconds after a program's end until the daemon has told of it to all listeners. */
const TOLD_MS = 2_000
/** Milliseconds until a daemon that went away is asked again. */
const AGAIN_MS = 1_000

interface DaemonEvent {
  readonly Action?: string
  readonly Actor?: { readonly ID?: string }
}

/**
 * Hears from the daemon how containers end: whether the kernel ended one for want of memory is told before its end,
 * and forgotten with the container.
 */
export class Deaths {
  readonly #docker: Docker
  readonly #filters: string
  readonly #outOfMemory = new Set<string>()
  readonly #waiting = new Map<string, () => void>()
  readonly #dead = new Set<string>()
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

  /** Tells whether a container that has ended had used up its memory; forgets it. */
  async wasOutOfMemory(id: string): Promise<boolean> {
    if (!this.#dead.has(id)) await this.#told(id)
    this.#dead.delete(id)
    return this.#outOfMemory.delete(id)
  }

  /** Forgets a container that nobody will ask about. */
  forget(id: string): void {
    this.#dead.delete(id)
    this.#outOfMemory.delete(id)
  }

  stop(): void {
    this.#stopped = true
    this.#stream?.destroy()
  }

  async #told(id: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = globalThis.setTimeout(resolve, TOLD_MS)
    this.#waiting.set(id, resolve)
    await promise
    clearTimeout(timer)
    this.#waiting.delete(id)
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

  #take({ Action, Actor }: DaemonEvent): void {
    const id = Actor?.ID
    if (id === undefined) return
    if (Action === 'oom') this.#outOfMemory.add(id)
    if (Action !== 'die') return
    this.#dead.add(id)
    this.#waiting.get(id)?.()
  }
}
