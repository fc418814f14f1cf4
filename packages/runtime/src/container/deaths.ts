import type { Readable } from 'node:stream'
import { type Docker, daemon } from './docker.ts'
import { toReadable } from './keeper.ts'
import { OWNER_LABEL } from './owner.ts'

/** Milliseconds after a program's end until the daemon has told of it to all listeners. */
const TOLD_MS = 2_000

interface DaemonEvent {
  readonly Action?: string
  readonly Actor?: { readonly ID?: string }
}

/**
 * Hears from the daemon how containers end: whether the kernel ended one for want of memory is told before its end,
 * and forgotten with the container.
 */
export class Deaths {
  readonly #stream: Readable
  readonly #outOfMemory = new Set<string>()
  readonly #waiting = new Map<string, () => void>()
  readonly #dead = new Set<string>()

  constructor(stream: Readable) {
    this.#stream = stream
    void this.#listen()
  }

  /** Begins to hear of the containers of an owner. */
  static async of(docker: Docker, owner: string): Promise<Deaths> {
    const label = [`${OWNER_LABEL}=${owner}`]
    const filters = JSON.stringify({ type: ['container'], label, event: ['oom', 'die'] })
    return new Deaths(toReadable(await daemon('tell of containers', docker.getEvents({ filters }))))
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
    this.#stream.destroy()
  }

  async #told(id: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, TOLD_MS)
    this.#waiting.set(id, resolve)
    await promise
    clearTimeout(timer)
    this.#waiting.delete(id)
  }

  async #listen(): Promise<void> {
    let rest = ''
    try {
      for await (const chunk of this.#stream) {
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
