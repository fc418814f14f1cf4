import type { DatabaseSync } from 'node:sqlite'

/** One action whose transaction is still open. */
interface Pending {
  readonly done: () => void
  readonly fail: (error: unknown) => void
}

/** What hears how a transaction ended, before those who wrote in it. */
export interface TransactionEnds {
  /** What was written since the last commit survives the process. */
  onCommit(): void
  /** What was written since the last commit is gone. */
  onRollback(): void
}

/**
 * Puts everything that one turn of the event loop writes into one transaction: that costs many times what a row does.
 * What was written is seen at once, and survives the process when the promise resolves.
 */
export class TurnTransaction {
  readonly #db: DatabaseSync
  readonly #ends: TransactionEnds
  readonly #pending: Pending[] = []
  #turn: NodeJS.Immediate | null = null

  constructor(db: DatabaseSync, ends: TransactionEnds) {
    this.#db = db
    this.#ends = ends
  }

  /**
   * Writes now and commits at the end of this turn. Rejects with what `action` throws, which leaves the others of the
   * turn alone unless SQLite gave up the whole transaction, and with what committing throws.
   */
  async run(action: () => void): Promise<void> {
    if (!this.#db.isTransaction) this.#db.exec('BEGIN IMMEDIATE')
    this.#turn ??= setImmediate(() => this.#atEnd())
    try {
      action()
    } catch (error) {
      if (!this.#db.isTransaction) this.#giveUp(error)
      throw error
    }
    return new Promise((done, fail) => this.#pending.push({ done, fail }))
  }

  /** Commits what was written so far; throws what committing throws, and then nothing of it was written. */
  flush(): void {
    if (this.#turn !== null) clearImmediate(this.#turn)
    this.#turn = null
    try {
      if (this.#db.isTransaction) this.#db.exec('COMMIT')
    } catch (error) {
      this.#giveUp(error)
      throw error
    }
    this.#ends.onCommit()
    for (const { done } of this.#pending.splice(0)) done()
  }

  #atEnd(): void {
    try {
      this.flush()
    } catch {
      // Everyone who waits was told.
    }
  }

  #giveUp(error: unknown): void {
    if (this.#db.isTransaction) this.#db.exec('ROLLBACK')
    this.#ends.onRollback()
    for (const { fail } of this.#pending.splice(0)) fail(error)
  }
}
