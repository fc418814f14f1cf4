import { fetchContent, NetworkError, type SoukNode } from '@souk/network'
import {
  type FailureCode,
  type Hex,
  type Output,
  ProgramError,
  rawCidOfDigest,
  requireJudgeable,
  type Task,
  taskCodec,
  taskContent,
  toBlocks,
} from '@souk/protocol'
import type { Executor, OutputOutcome } from '@souk/runtime'
import { type BlockStore, readContent } from '@souk/storage'
import type { StartExecutor } from './executor-pool.ts'

export interface TrialOptions {
  readonly node: SoukNode
  readonly blocks: BlockStore
  readonly startExecutor: StartExecutor
}

/** What a trial gave: an output to sign, or why there is none. */
export type TrialOutcome = { readonly output: Output } | { readonly failed: FailureCode }

/** What a fetch from one peer gave: all, an answer without the content, or nothing that can be held against it. */
export type Fetched = 'complete' | 'refused' | 'unreached'

/** How a peer answers that was reached and does not serve what was asked for. */
const REFUSALS: ReadonlySet<string> = new Set([
  'BLOCK_MISSING',
  'NOT_AUTHORISED',
  'WRONG_CONTENT',
  'MALFORMED',
])
/** Milliseconds of one execution: what a court's fuel would take on a slow machine. */
const TRIAL_MS = 60_000
/** Bytes of memory a juror gives to one trial, above what the task itself may have. */
const TRIAL_OVERHEAD_BYTES = 64 * 1024 * 1024
/** Bytes of a page of WebAssembly memory. */
const PAGE_BYTES = 65_536

/** Executes challenged tasks again (docs/PROTOCOL.md §12): fetched by content, pinned until the case is over. */
export class TrialBench {
  readonly #options: TrialOptions

  constructor(options: TrialOptions) {
    this.#options = options
  }

  /** Fetches a task and all that it names from a peer, pinned to `subject`; never rejects. */
  async fetch(subject: Hex, task: Hex, peer: string, signal: AbortSignal): Promise<Fetched> {
    try {
      await this.#pinned(subject, rawCidOfDigest(task), peer, signal)
      const decoded = await this.#read(task)
      for (const part of new Set(taskContent(decoded))) await this.#pinned(subject, part, peer, signal)
      return 'complete'
    } catch (error) {
      // Another peer may have it; what came stays, so that nothing is fetched twice.
      return error instanceof NetworkError && REFUSALS.has(error.data.code) ? 'refused' : 'unreached'
    }
  }

  /** Executes a task whose content is here; never rejects. */
  async execute(task: Hex, signal: AbortSignal): Promise<TrialOutcome> {
    const { blocks, startExecutor } = this.#options
    let executor: Executor | undefined
    try {
      const decoded = await this.#read(task)
      const program = await readContent(blocks, decoded.program)
      await requireJudgeable(program)
      const memoryBytes = decoded.limits.pages * PAGE_BYTES + TRIAL_OVERHEAD_BYTES
      executor = await startExecutor({ memoryBytes, cores: 1 })
      const content = (cid: string) => readContent(blocks, cid)
      const outcome = await executor.run(
        { id: 'trial', n: 1, task: decoded, deadlineMs: TRIAL_MS, content },
        signal,
      )
      return outcome.kind === 'output' ? { output: outputOf(outcome) } : { failed: outcome.code }
    } catch (error) {
      return { failed: error instanceof ProgramError ? 'bad-program' : 'internal' }
    } finally {
      // Of a process that is gone anyway nothing more is wanted.
      await executor?.stop().catch(() => {})
    }
  }

  /** Forgets the content of a case that is over. */
  async drop(subject: Hex): Promise<void> {
    await this.#options.blocks.unpin(subject)
  }

  async #pinned(subject: Hex, cid: string, peer: string, signal: AbortSignal): Promise<void> {
    const { node, blocks } = this.#options
    await blocks.pin(subject, [cid])
    await fetchContent(node, peer, cid, blocks, { signal })
  }

  async #read(task: Hex): Promise<Task> {
    const bytes = await readContent(this.#options.blocks, rawCidOfDigest(task))
    return taskCodec.decode(bytes)
  }
}

/** Describes what a program did, as a provider would for its result. */
function outputOf({ status, fuel, stdout, files }: OutputOutcome): Output {
  const address = (bytes: Uint8Array) => toBlocks(bytes).content
  return {
    v: 1,
    status,
    fuel,
    stdout: address(stdout).cid,
    files: files.map(({ path, bytes }) => [path, address(bytes).cid, bytes.byteLength]),
  }
}
