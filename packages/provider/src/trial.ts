import { type FetchProgress, fetchContent, NetworkError, type SoukNode } from '@souk/network'
import {
  type CourtRules,
  errorMessage,
  type FailureCode,
  type Hex,
  JUDGED,
  LIMITS,
  type Output,
  ProgramError,
  rawCidOfDigest,
  requireJudgeable,
  requireJudgeableTask,
  type Task,
  taskCodec,
  taskContent,
  toBlocks,
} from '@souk/protocol'
import type { Executor, FailedOutcome, OutputOutcome, Runtimes } from '@souk/runtime'
import { type BlockStore, readContent } from '@souk/storage'
import { pause } from './pause.ts'

export interface TrialOptions {
  readonly node: SoukNode
  readonly blocks: BlockStore
  readonly runtimes: Pick<Runtimes, 'start'>
  readonly court: { readonly rules: Pick<CourtRules, 'fuel'> }
  /** Returns the bytes of this machine's memory that no lease has. */
  readonly roomBytes: () => number
  /** Monotonic milliseconds. */
  readonly clock: () => number
}

/** What a trial gave: an output to sign, or why there is none, and whether no machine could have had one. */
export type TrialOutcome =
  | { readonly output: Output }
  | { readonly failed: FailureCode; readonly isTasksFault: boolean }

/** What a fetch from one peer gave: all, an answer without the content, or nothing that can be held against it. */
export type Fetched = 'complete' | 'refused' | 'unreached'

/** How a peer answers that was reached and does not serve what was asked for. */
const REFUSALS: ReadonlySet<string> = new Set([
  'BLOCK_MISSING',
  'NOT_AUTHORISED',
  'WRONG_CONTENT',
  'MALFORMED',
])
/** Milliseconds of processor time of one execution that is not metered. */
const TRIAL_MS = 60_000
/** Milliseconds of one execution on a machine that is busy: beyond them it was too slow. */
const TRIAL_WALL_MS = 240_000
/** Milliseconds that a trial waits for memory beside what is leased, and between looks. */
const ROOM_MS = 60_000
const ROOM_PAUSE_MS = 500
/** Bytes of memory a juror gives to one trial, above what the task itself may have. */
const TRIAL_OVERHEAD_BYTES = 64 * 1024 * 1024
/** Scheduling priority of trials: what is leased goes first, and a busy machine still gets one done in time. */
const TRIAL_NICE = 12
/** Bytes of a page of WebAssembly memory. */
const PAGE_BYTES = 65_536

/** Executes challenged tasks again (docs/PROTOCOL.md §12): fetched by content, pinned until the case is over. */
export class TrialBench {
  readonly #options: TrialOptions
  /** Subjects about tasks that no jury judges. */
  readonly #beyond = new Set<Hex>()

  constructor(options: TrialOptions) {
    this.#options = options
  }

  /**
   * Fetches a task and all that it names from a peer, pinned to `subject`; never rejects. Of a task that no jury judges
   * nothing more is fetched: what is here is all that the trial needs.
   */
  async fetch(subject: Hex, task: Hex, peer: string, signal: AbortSignal): Promise<Fetched> {
    try {
      await this.#pinned(subject, rawCidOfDigest(task), peer, signal)
      const decoded = await this.#read(task)
      requireJudgeableTask(decoded)
      for (const part of partsOf(decoded)) await this.#pinned(subject, part.cid, peer, signal, part)
      return 'complete'
    } catch (error) {
      if (error instanceof ProgramError) {
        this.#beyond.add(subject)
        return 'complete'
      }
      // Another peer may have it; what came stays, so that nothing is fetched twice.
      return error instanceof NetworkError && REFUSALS.has(error.data.code) ? 'refused' : 'unreached'
    }
  }

  /** Executes a task whose content is here; never rejects. */
  async execute(subject: Hex, task: Hex, signal: AbortSignal): Promise<TrialOutcome> {
    if (this.#beyond.has(subject)) return { failed: 'bad-program', isTasksFault: true }
    const { blocks, runtimes } = this.#options
    let executor: Executor | undefined
    try {
      const decoded = await this.#read(task)
      const program = await readContent(blocks, decoded.program)
      await requireJudgeable(program, decoded.engine)
      const memoryBytes = decoded.limits.pages * PAGE_BYTES + TRIAL_OVERHEAD_BYTES
      if (!(await this.#hasRoom(memoryBytes, signal))) return { failed: 'internal', isTasksFault: false }
      executor = await runtimes.start({
        ...{ runtime: decoded.engine, memoryBytes, cores: 1, diskBytes: 0, gpus: [], nice: TRIAL_NICE },
      })
      const content = (cid: string) => readContent(blocks, cid)
      const outcome = await executor.run(
        { id: 'trial', n: 1, task: this.#limited(decoded), deadlineMs: TRIAL_WALL_MS, content },
        signal,
      )
      if (outcome.kind === 'output') return { output: outputOf(outcome) }
      return { failed: outcome.code, isTasksFault: isTasksFault(outcome, decoded) }
    } catch (error) {
      const isBadProgram = error instanceof ProgramError
      return { failed: isBadProgram ? 'bad-program' : 'internal', isTasksFault: isBadProgram }
    } finally {
      // Of a process that is gone anyway nothing more is wanted.
      await executor?.stop().catch(() => {})
    }
  }

  /** Forgets the content of a case that is over. */
  async drop(subject: Hex): Promise<void> {
    this.#beyond.delete(subject)
    await this.#options.blocks.unpin(subject)
  }

  /** A task that may use more than the court judges is tried just beyond that: then its output tells that it did. */
  #limited(task: Task): Task {
    const most = this.#options.court.rules.fuel + 1n
    const fuel = task.limits.fuel < most ? task.limits.fuel : most
    return { ...task, limits: { ...task.limits, fuel } }
  }

  /** Waits for memory that no lease has; tells whether there is enough. */
  async #hasRoom(bytes: number, signal: AbortSignal): Promise<boolean> {
    const { roomBytes, clock } = this.#options
    const untilMs = clock() + ROOM_MS
    while (roomBytes() < bytes) {
      if (signal.aborted || clock() >= untilMs) return false
      await pause(ROOM_PAUSE_MS)
    }
    return true
  }

  async #pinned(
    subject: Hex,
    cid: string,
    peer: string,
    signal: AbortSignal,
    bounds: Part = { leastBytes: 0, mostBytes: LIMITS.blockBytes },
  ): Promise<void> {
    const { node, blocks } = this.#options
    await blocks.pin(subject, [cid])
    // Told before any leaf of a link node is asked for.
    const onProgress = ({ totalBytes }: FetchProgress) => requireSize(cid, totalBytes, bounds)
    await fetchContent(node, peer, cid, blocks, { signal, onProgress })
  }

  async #read(task: Hex): Promise<Task> {
    const bytes = await readContent(this.#options.blocks, rawCidOfDigest(task))
    try {
      return taskCodec.decode(bytes)
    } catch (error) {
      throw new ProgramError(errorMessage(error), { code: 'BEYOND_COURT' })
    }
  }
}

/** Bytes that content may have; what is declared has as many as are declared. */
interface Part {
  readonly leastBytes: number
  readonly mostBytes: number
}

/** Returns what a task names, each once, with the size that it says. */
function partsOf(task: Task): (Part & { readonly cid: string })[] {
  const declared = new Map(task.inputs.map(([, cid, bytes]) => [cid, bytes]))
  return [...new Set(taskContent(task))].map((cid) => {
    const bytes = declared.get(cid)
    return { cid, leastBytes: bytes ?? 0, mostBytes: bytes ?? JUDGED.inputBytes }
  })
}

/** Throws `ProgramError` for content that is not what its task says: nobody could have executed that. */
function requireSize(cid: string, bytes: number, { leastBytes, mostBytes }: Part): void {
  if (bytes >= leastBytes && bytes <= mostBytes) return
  const sentence = `expected ${leastBytes} to ${mostBytes} bytes behind ${cid}, got ${bytes}`
  throw new ProgramError(sentence, { code: 'BEYOND_COURT' })
}

/**
 * Tells whether no machine could have had an output: of a program that did not end though it had the processor for as
 * long as a court gives. A metered one ends by its fuel, so that only a slow machine gives it up.
 */
function isTasksFault({ code, cpuMs = null }: FailedOutcome, { engine }: Task): boolean {
  if (engine === 'wasm-det/1') return code === 'bad-program'
  return code === 'bad-program' || (code === 'deadline' && cpuMs !== null && cpuMs >= TRIAL_MS)
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
