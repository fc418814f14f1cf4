import type { ExecutionNews } from '../executor.ts'
import type { Keeper } from './keeper.ts'
import { type Bounds, takeFiles } from './outputs.ts'
import { CHECKPOINTS } from './world.ts'

/** Milliseconds between two checkpoints that are taken; of those in between only the newest counts. */
const CHECKPOINT_MS = 250

/** Takes up each checkpoint that a program finishes, one at a time, until it is closed. */
export class Checkpoints {
  readonly #keeper: Keeper
  readonly #bounds: Bounds
  readonly #hear: (news: ExecutionNews) => void
  #newest: string | null = null
  #busy = false
  #closed = false

  constructor(keeper: Keeper, bounds: Bounds, hear: (news: ExecutionNews) => void) {
    this.#keeper = keeper
    this.#bounds = bounds
    this.#hear = hear
    keeper.onCheckpoint = (name) => {
      this.#newest = name
      void this.#run()
    }
  }

  close(): void {
    this.#closed = true
  }

  async #run(): Promise<void> {
    if (this.#busy) return
    this.#busy = true
    while (this.#newest !== null && !this.#closed) {
      const name = this.#newest
      this.#newest = null
      await this.#take(name)
      await new Promise((resolve) => setTimeout(resolve, CHECKPOINT_MS).unref())
    }
    this.#busy = false
  }

  /** One that is gone already, has no file or crosses the task's bounds is left out: a newer one may do. */
  async #take(name: string): Promise<void> {
    try {
      const tar = await this.#keeper.get(`/work/${CHECKPOINTS}/${name}`)
      const { files } = await takeFiles(tar, this.#bounds, (entry) => within(name, entry))
      if (files !== null && files.length > 0 && !this.#closed) this.#hear({ kind: 'checkpoint', files })
    } catch {
      // The program removed it while it was read, or the keeper is gone.
    }
  }
}

/** Returns an entry's path below the checkpoint; a checkpoint of a single file has its name. */
function within(name: string, entry: string): string | null {
  const path = entry.replace(/\/$/, '')
  if (path === name) return name
  return path.startsWith(`${name}/`) ? path.slice(name.length + 1) : null
}
