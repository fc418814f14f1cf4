import { closedError } from '../errors.ts'
import { type Durability, requireWrites, type Write } from '../journal.ts'

/** One commit that was asked for. */
interface Asked {
  readonly writes: readonly Write[]
  readonly done: () => void
  readonly fail: (error: unknown) => void
}

/**
 * Writes all commits of one turn of the event loop as one transaction, in the order in which they were asked for, as
 * durable as the most durable of them: a transaction costs many times what a row does.
 */
export class GroupedCommits {
  readonly #isOpen: () => boolean
  readonly #path: string
  readonly #commit: (writes: readonly Write[], durability: Durability) => void
  readonly #asked: Asked[] = []
  #durability: Durability = 'committed'
  #turn: NodeJS.Immediate | null = null

  /** `commit` writes a batch, all of it or, where it throws, nothing. */
  constructor(
    isOpen: () => boolean,
    path: string,
    commit: (writes: readonly Write[], durability: Durability) => void,
  ) {
    this.#isOpen = isOpen
    this.#path = path
    this.#commit = commit
  }

  /** Writes a batch at the end of this turn. Rejects as {@link Journal.commit} does. */
  async add(writes: readonly Write[], durability: Durability): Promise<void> {
    if (!this.#isOpen()) throw closedError(this.#path)
    requireWrites(writes)
    return new Promise((done, fail) => {
      this.#asked.push({ writes, done, fail })
      if (durability === 'synced') this.#durability = 'synced'
      this.#turn ??= setImmediate(() => this.flush())
    })
  }

  /** Writes what was asked for so far. */
  flush(): void {
    if (this.#turn !== null) clearImmediate(this.#turn)
    this.#turn = null
    const asked = this.#asked.splice(0)
    const durability = this.#durability
    this.#durability = 'committed'
    if (asked.length === 0) return
    try {
      this.#commit(
        asked.flatMap(({ writes }) => [...writes]),
        durability,
      )
      for (const { done } of asked) done()
    } catch (error) {
      for (const { fail } of asked) fail(error)
    }
  }
}
