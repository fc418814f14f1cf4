import { type FrameOf, readsSecrets, type Task } from '@souk/protocol'

/** The secrets of one lease (PROTOCOL §9.2): in this process's memory alone, and only while the lease lives. */
export class LeaseSecrets {
  #files: ReadonlyMap<string, Uint8Array> = new Map()
  #isOver = false

  /** Takes what the requester sent; what it sends again, on another stream, changes nothing. */
  take({ files }: FrameOf<'secrets'>): void {
    const isWanted = !this.#isOver && this.#files.size === 0
    if (isWanted) this.#files = new Map(files.map(({ name, bytes }) => [name, bytes.slice()]))
    for (const { bytes } of files) bytes.fill(0)
  }

  /** Returns what a task finds below `/run/secrets`. Throws where it reads secrets and none have come. */
  of(task: Task): ReadonlyMap<string, Uint8Array> {
    if (!readsSecrets(task)) return new Map()
    if (this.#files.size > 0) return this.#files
    throw new Error(
      'expected secrets on this lease before a task that reads them, none came; send them first',
    )
  }

  /** Overwrites the secrets, and takes no more. */
  wipe(): void {
    this.#isOver = true
    for (const bytes of this.#files.values()) bytes.fill(0)
    this.#files = new Map()
  }
}
