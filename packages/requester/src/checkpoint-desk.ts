import { type FetchProgress, fetchContent, type SoukNode } from '@souk/network'
import {
  errorMessage,
  type Folder,
  folderCodec,
  isLinkNode,
  LIMITS,
  SoukError,
  type TaskLimits,
} from '@souk/protocol'
import { type BlockStore, contentBlocks, missingBlocks, pinnedStore, readContent } from '@souk/storage'

/** A provider told of a checkpoint that is none, or more than its task may save. */
export class CheckpointError extends SoukError<{
  code: 'NOT_A_FOLDER' | 'TOO_MANY_FILES' | 'TOO_LARGE' | 'OTHER_SIZE'
  cid: string
}> {}

/** In front of everyone on whose behalf a checkpoint is pinned. */
const CHECKPOINT = 'checkpoint/'

/** What a provider told of. */
export interface ToldCheckpoint {
  readonly peerId: string
  readonly attempt: string
  readonly index: number
  readonly cid: string
  /** Bytes of its files together. */
  readonly bytes: number
  readonly limits: TaskLimits
}

export interface CheckpointDeskOptions {
  readonly node: SoukNode
  readonly blocks: BlockStore
  readonly job: string
  /** Tells whether a block is of what the job's tasks read. */
  isContent(cid: string): boolean
}

/** Where one checkpoint comes from and goes to. */
interface Transfer {
  readonly peerId: string
  readonly into: Pick<BlockStore, 'has' | 'get' | 'put'>
  readonly signal: AbortSignal
}

/**
 * The checkpoints of one job (docs/PROTOCOL.md §9.1): fetched from whoever tells of them, held to what they say and
 * what their tasks may save, pinned, and served to the job's providers until the job says which must stay.
 */
export class CheckpointDesk {
  readonly #options: CheckpointDeskOptions
  /** Checkpoints that are wholly here: their blocks, by task and address. */
  readonly #here = new Map<number, Map<string, ReadonlySet<string>>>()
  /** What is being fetched, by attempt. */
  readonly #fetches = new Map<string, { readonly cid: string; readonly control: AbortController }>()
  /** What the job said last must stay, by task. */
  readonly #needed = new Map<number, readonly string[]>()
  #isOver = false

  constructor(options: CheckpointDeskOptions) {
    this.#options = options
  }

  /**
   * Brings a checkpoint here, block by block, those that are not here yet, and calls `keep`, by which the job says
   * whether it must stay; false where that is under way, or no longer wanted. A newer one of the same attempt takes
   * its place.
   *
   * Throws {@link CheckpointError}, and what the block exchange, the store and `keep` throw.
   */
  async take(told: ToldCheckpoint, keep: () => Promise<void>): Promise<boolean> {
    const { attempt, index, cid } = told
    const under = this.#fetches.get(attempt)
    if (this.#isOver || under?.cid === cid) return false
    under?.control.abort()
    const control = new AbortController()
    this.#fetches.set(attempt, { cid, control })
    try {
      this.#of(index).set(cid, await this.#bring(told, control.signal))
      await keep()
      return true
    } catch (error) {
      if (control.signal.aborted) return false
      throw error
    } finally {
      if (this.#fetches.get(attempt)?.control === control) this.#fetches.delete(attempt)
      await this.keepOnly(index, this.#needed.get(index) ?? [])
      if (!this.#isNeeded(index, cid)) await this.#drop(index, cid)
    }
  }

  /** Takes up a checkpoint of an earlier run; false where it is not wholly here. Throws as the store. */
  async recover(index: number, cid: string): Promise<boolean> {
    const blocks = await checkpointBlocks(this.#options.blocks, cid)
    if (blocks === undefined) return false
    this.#of(index).set(cid, blocks)
    this.#needed.set(index, [...(this.#needed.get(index) ?? []), cid])
    return true
  }

  /** Keeps exactly these checkpoints of a task. */
  async keepOnly(index: number, cids: readonly string[]): Promise<void> {
    if (cids.length === 0) this.#needed.delete(index)
    else this.#needed.set(index, cids)
    for (const cid of [...this.#of(index).keys()])
      if (!this.#isNeeded(index, cid)) await this.#drop(index, cid)
    if (this.#of(index).size === 0) this.#here.delete(index)
  }

  /** Tells whether a block belongs to a checkpoint that is here. */
  serves(cid: string): boolean {
    return [...this.#here.values()].some((here) => [...here.values()].some((blocks) => blocks.has(cid)))
  }

  /** Ends every fetch; the job is over, or the process stops. */
  stop(): void {
    this.#isOver = true
    for (const { control } of this.#fetches.values()) control.abort()
  }

  #of(index: number): Map<string, ReadonlySet<string>> {
    const here = this.#here.get(index) ?? new Map<string, ReadonlySet<string>>()
    this.#here.set(index, here)
    return here
  }

  /** Tells whether the job wants a checkpoint, or has yet to hear of it. */
  #isNeeded(index: number, cid: string): boolean {
    if (this.#needed.get(index)?.includes(cid) === true) return true
    return [...this.#fetches].some(([attempt, one]) => one.cid === cid && isOf(attempt, index))
  }

  async #drop(index: number, cid: string): Promise<void> {
    this.#here.get(index)?.delete(cid)
    await this.#options.blocks.unpin(checkpointOwner(this.#options.job, index, cid))
  }

  async #bring(told: ToldCheckpoint, signal: AbortSignal): Promise<ReadonlySet<string>> {
    const { node, blocks, job } = this.#options
    const { peerId, index, cid, bytes, limits } = told
    if (isLinkNode(cid)) throw notAFolder(cid, 'it is larger than a folder may be')
    const into = this.#ownStore(pinnedStore(blocks, checkpointOwner(job, index, cid)))
    await fetchContent(node, peerId, cid, into, { signal })
    const { files } = decodeFolder(cid, await readContent(blocks, cid))
    requireWithin(cid, files, bytes, limits)
    for (const [, file, size] of files) {
      const isAsTold = await this.#bringFile(file, size, { peerId, into, signal })
      if (!isAsTold) throw otherSize(cid, size)
    }
    const here = await checkpointBlocks(blocks, cid)
    if (here === undefined) throw notAFolder(cid, 'a part of it went away')
    return here
  }

  /** Brings a file here; false, at once, where it has another size than it should. */
  async #bringFile(cid: string, size: number, { peerId, into, signal }: Transfer): Promise<boolean> {
    const wrong = new AbortController()
    const onProgress = ({ totalBytes }: FetchProgress) => {
      if (totalBytes !== size) wrong.abort()
    }
    const both = AbortSignal.any([signal, wrong.signal])
    await fetchContent(this.#options.node, peerId, cid, into, { signal: both, onProgress }).catch((error) => {
      if (!wrong.signal.aborted) throw error
    })
    return !wrong.signal.aborted
  }

  /**
   * A store in which only the job's own blocks are here already: who names any other must give it, or the job's
   * providers could have whatever somebody names.
   */
  #ownStore(store: Transfer['into']): Transfer['into'] {
    const came = new Set<string>()
    const isOurs = (cid: string) => came.has(cid) || this.serves(cid) || this.#options.isContent(cid)
    return {
      has: async (cid) => isOurs(cid) && (await store.has(cid)),
      get: async (cid) => (isOurs(cid) ? store.get(cid) : undefined),
      put: async (cid, block) => {
        await store.put(cid, block)
        came.add(cid)
      },
    }
  }
}

/** Returns the owner of a checkpoint of a task. */
export function checkpointOwner(job: string, index: number, cid: string): string {
  return `${CHECKPOINT}${job}/${index}/${cid}`
}

/** Lets go of checkpoints that nobody needs any more: `needed` names the owners of all others. */
export async function forgetCheckpoints(blocks: BlockStore, needed: ReadonlySet<string>): Promise<void> {
  for (const owner of await blocks.owners()) {
    if (owner.startsWith(CHECKPOINT) && !needed.has(owner)) await blocks.unpin(owner)
  }
}

/** Returns every block of a checkpoint; `undefined` where one is missing. */
export async function checkpointBlocks(blocks: BlockStore, cid: string): Promise<Set<string> | undefined> {
  const folder = await blocks.get(cid)
  if (folder === undefined) return undefined
  const all = new Set([cid])
  for (const [, file] of folderCodec.decode(folder).files) {
    if ((await missingBlocks(blocks, file)).length > 0) return undefined
    for (const block of await contentBlocks(blocks, file)) all.add(block)
  }
  return all
}

/** Tells whether an attempt is one of this task. */
function isOf(attempt: string, index: number): boolean {
  return Number(attempt.split('.').at(-3)) === index
}

function decodeFolder(cid: string, bytes: Uint8Array): Folder {
  try {
    return folderCodec.decode(bytes)
  } catch (cause) {
    throw notAFolder(cid, errorMessage(cause), cause)
  }
}

function requireWithin(cid: string, files: Folder['files'], bytes: number, limits: TaskLimits): void {
  const sum = files.reduce((total, [, , size]) => total + size, 0)
  if (sum !== bytes) throw otherSize(cid, bytes)
  if (files.length > Math.min(limits.files, LIMITS.taskFiles)) {
    throw new CheckpointError(
      `expected a checkpoint of at most ${limits.files} files, ${cid} has ${files.length}; it is not kept`,
      { code: 'TOO_MANY_FILES', cid },
    )
  }
  if (sum <= limits.outputBytes) return
  throw new CheckpointError(
    `expected a checkpoint of at most ${limits.outputBytes} bytes, ${cid} has ${sum}; it is not kept`,
    { code: 'TOO_LARGE', cid },
  )
}

function notAFolder(cid: string, why: string, cause?: unknown): CheckpointError {
  return new CheckpointError(
    `expected the checkpoint ${cid} to be a folder: ${why}; it is not kept`,
    { code: 'NOT_A_FOLDER', cid },
    { cause },
  )
}

function otherSize(cid: string, stated: number, cause?: unknown): CheckpointError {
  return new CheckpointError(
    `expected ${stated} bytes in the checkpoint ${cid} or a file of it, as was told, got others; it is not kept`,
    { code: 'OTHER_SIZE', cid },
    { cause },
  )
}
