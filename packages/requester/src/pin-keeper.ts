import { jobs } from '@souk/engine'
import type { BlockStore, Journal } from '@souk/storage'
import { readRow } from './read-rows.ts'

/** Milliseconds that a job's content stays after the job and its leases: for whoever reads its results late. */
const CONTENT_GRACE_MS = 3_600_000
/** Milliseconds between two looks at which content nobody needs any more. */
const SWEEP_MS = 60_000
/** In front of a job's name on whose behalf content is pinned before the job is in the journal. */
const PREPARING = 'preparing/'

/** Where pins are kept, and what is still going on. */
export interface PinKeeperOptions {
  readonly journal: Journal
  readonly blocks: BlockStore
  /** Monotonic milliseconds. */
  clock(): number
  /** Tells whether a job runs, or the chain may still say something about one of its leases. */
  isBusy(job: string): boolean
}

/** Returns the owner of content that comes in for a job which is not in the journal yet. */
export function preparing(job: string): string {
  return `${PREPARING}${job}`
}

/**
 * Lets the content of jobs go that are over: what is pinned to one is unpinned a while after its last lease was
 * settled, and can then be evicted. The while begins anew when the process starts.
 */
export class PinKeeper {
  readonly #options: PinKeeperOptions
  /** Since when a job is seen to be over. */
  readonly #overSinceMs = new Map<string, number>()

  constructor(options: PinKeeperOptions) {
    this.#options = options
  }

  /** Lets go what an earlier process was taking in when it stopped. */
  async forgetUnbegun(): Promise<void> {
    const { blocks } = this.#options
    for (const owner of await blocks.owners()) if (owner.startsWith(PREPARING)) await blocks.unpin(owner)
  }

  /** Looks at every job that has anything pinned. */
  async sweep(): Promise<void> {
    const { blocks, clock } = this.#options
    const owners = await blocks.owners()
    for (const owner of owners) {
      if (!(await this.#isOver(owner))) {
        this.#overSinceMs.delete(owner)
        continue
      }
      const sinceMs = this.#overSinceMs.get(owner) ?? clock()
      this.#overSinceMs.set(owner, sinceMs)
      if (clock() - sinceMs < CONTENT_GRACE_MS) continue
      await blocks.unpin(owner)
      this.#overSinceMs.delete(owner)
    }
  }

  /** Owners that are no jobs, such as disputes, let go by themselves. */
  async #isOver(owner: string): Promise<boolean> {
    const { journal, isBusy } = this.#options
    const row = await readRow(journal, jobs, owner)
    return row !== undefined && row.state !== 'running' && !isBusy(owner)
  }
}

/** Sweeps now and from time to time, until what it returns is called; that resolves when nothing is swept any more. */
export function keepSwept(
  keeper: PinKeeper,
  onProblem: (sentence: string, error: unknown) => void,
): () => Promise<void> {
  const sweep = () =>
    keeper.sweep().catch((error) => onProblem('the content of jobs that are over was not let go', error))
  let sweeping = sweep()
  const timer = setInterval(() => {
    sweeping = sweep()
  }, SWEEP_MS)
  return async () => {
    clearInterval(timer)
    await sweeping
  }
}
