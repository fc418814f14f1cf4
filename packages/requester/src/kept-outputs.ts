import { isLinkNode, type Output, type TaskLimits } from '@souk/protocol'
import type { BlockStore } from '@souk/storage'
import { contentOf } from './output-content.ts'

/** Content whose length is remembered: a bound on memory, past which it is looked up again. */
const REMEMBERED = 4_096

/** The short way for outputs whose content rode along with the result, or came with another of the job. */
export class KeptOutputs {
  readonly #blocks: BlockStore
  readonly #job: string
  /** Bytes of content that is pinned to the job. */
  readonly #bytes = new Map<string, number>()

  constructor(blocks: BlockStore, job: string) {
    this.#blocks = blocks
    this.#job = job
  }

  /** Tells whether an output is pinned already and within `limits`, as far as is remembered. */
  isKept(output: Output, limits: TaskLimits): boolean {
    if (output.files.length > limits.files) return false
    let total = this.#bytes.get(output.stdout) ?? Number.NaN
    for (const [, cid, bytes] of output.files) total += this.#bytes.get(cid) === bytes ? bytes : Number.NaN
    // Content that is named twice is counted twice: then the longer way counts.
    return total <= limits.outputBytes
  }

  /** Pins an output of single blocks that are here and within `limits`; false for any other, which is fetched. */
  async keepIfHere(output: Output, limits: TaskLimits): Promise<boolean> {
    if (output.files.length > limits.files) return false
    const stated = new Map(output.files.map(([, cid, bytes]) => [cid, bytes]))
    let total = 0
    for (const cid of contentOf(output)) {
      const bytes = this.#bytes.get(cid) ?? (await this.#keep(cid))
      if (bytes === undefined || bytes !== (stated.get(cid) ?? bytes)) return false
      total += bytes
    }
    return total <= limits.outputBytes
  }

  async #keep(cid: string): Promise<number | undefined> {
    if (isLinkNode(cid) || !(await this.#blocks.has(cid))) return undefined
    await this.#blocks.pin(this.#job, [cid])
    // Read after it was pinned: what is here now stays.
    const block = await this.#blocks.get(cid)
    if (block === undefined) return undefined
    if (this.#bytes.size >= REMEMBERED) this.#bytes.clear()
    this.#bytes.set(cid, block.byteLength)
    return block.byteLength
  }
}
