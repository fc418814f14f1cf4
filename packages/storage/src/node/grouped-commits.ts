import { closedError } from '../errors.ts'
import { type Durability, requireWrites, type Write } from '../journal.ts'

/** One commit that was asked for. */
interface Asked {
  readonly writes: readonly Write[]
  readonly durability: Durability
  readonly done: () => void
  readonly fail: (error: unknown) => void
}

/** Where commits go. */
export interface CommitTarget {
  /** Names it in errors. */
  readonly path: string
  isOpen(): boolean
  /** Writes a batch, all of it or, where it throws, nothing; it survives this process. */
  write(writes: readonly Write[], durability: Durability): void
  /** Makes everything written so far survive a power loss. */
  sync(): Promise<void>
}

/**
 * Writes all commits of one turn of the event loop as one transaction, in the order in which they were asked for: a
 * transaction costs many times what a row does. What has to be synced is synced beside the main thread, one sync for all
 * that was written before it began.
 *
 * Promises resolve in order: none before those of everything asked for earlier, however durable.
 */
export class GroupedCommits {
  readonly #target: CommitTarget
  #asked: Asked[] = []
  /** Those whose rows are written, from the first one on that waits for the disk. */
  #written: Asked[] = []
  #turn: NodeJS.Immediate | null = null
  #syncing: Promise<void> | null = null

  constructor(target: CommitTarget) {
    this.#target = target
  }

  /** Writes a batch at the end of this turn. Rejects as {@link Journal.commit} does. */
  async add(writes: readonly Write[], durability: Durability): Promise<void> {
    if (!this.#target.isOpen()) throw closedError(this.#target.path)
    requireWrites(writes)
    return new Promise((done, fail) => {
      this.#asked.push({ writes, durability, done, fail })
      this.#turn ??= setImmediate(() => this.flush())
    })
  }

  /** Writes what was asked for so far; it can be read from then on. */
  flush(): void {
    if (this.#turn !== null) clearImmediate(this.#turn)
    this.#turn = null
    const asked = this.#asked
    this.#asked = []
    if (asked.length === 0) return
    const durability = asked.some((one) => one.durability === 'synced') ? 'synced' : 'committed'
    try {
      this.#target.write(
        asked.flatMap(({ writes }) => [...writes]),
        durability,
      )
    } catch (error) {
      for (const { fail } of asked) fail(error)
      return
    }
    this.#written.push(...asked)
    this.#settle()
  }

  /** Writes what was asked for so far and waits until all of it is as durable as it was asked for. */
  async idle(): Promise<void> {
    this.flush()
    while (this.#syncing !== null) await this.#syncing
  }

  /** Tells those that wait for nothing more, and has the disk synced for the others. */
  #settle(): void {
    if (this.#syncing !== null) return
    const first = this.#written.findIndex(({ durability }) => durability === 'synced')
    for (const { done } of this.#written.splice(0, first < 0 ? this.#written.length : first)) done()
    if (first >= 0) this.#syncing = this.#sync(this.#written.splice(0))
  }

  /** Never rejects: those who wait are told. */
  async #sync(covered: readonly Asked[]): Promise<void> {
    try {
      await this.#target.sync()
      for (const { done } of covered) done()
    } catch (error) {
      for (const { fail } of [...covered, ...this.#written.splice(0)]) fail(error)
    }
    this.#syncing = null
    this.#settle()
  }
}
