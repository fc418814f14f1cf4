import { errorMessage } from '@souk/protocol'
import type { Log } from './log.ts'

/** Drains what runs once the disk is full; the process stays to settle on the chain. */
export class DiskWatch {
  isFull = false
  readonly #log: Log
  #drain: (() => Promise<void>) | undefined

  constructor(log: Log) {
    this.#log = log
  }

  /** The disk is full now. */
  readonly tell = (error: unknown): void => {
    this.isFull = true
    const sentence = 'the disk is full: no new leases, the present ones end; free some and start again'
    this.#log.warn(sentence, { error: errorMessage(error) })
    this.#begin()
  }

  /** Says what is to be done when the disk is full, or already was. */
  onFull(drain: () => Promise<void>): void {
    this.#drain = drain
    if (this.isFull) this.#begin()
  }

  #begin(): void {
    this.#drain?.().catch((error) => this.#log.warn('could not drain', { error: errorMessage(error) }))
  }
}
