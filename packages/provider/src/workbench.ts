import { once } from 'node:events'
import type { SellerEvent } from '@souk/engine'
import type { SessionRefusal } from '@souk/network'
import {
  type Attempt,
  errorMessage,
  type Hex,
  isLinkNode,
  LIMITS,
  nestedContent,
  type Output,
  rawCid,
  type Task,
  taskContent,
  toBlocks,
  utf8,
} from '@souk/protocol'
import type { ExecutionNews, Executor, Inside, OutputFile, OutputOutcome } from '@souk/runtime'
import { type BlockStore, putPinned, readContent } from '@souk/storage'
import { AttemptBook, type BookEntry } from './attempt-book.ts'
import type { CheckpointShelf } from './checkpoint-shelf.ts'
import { QuotaError } from './content-quota.ts'
import type { Fault } from './fault.ts'
import { LeaseSecrets } from './lease-secrets.ts'

/** Where one lease's attempts are executed. */
export interface WorkbenchOptions {
  readonly lease: Hex
  readonly blocks: BlockStore
  /** Being started, perhaps: a lease does not wait for it. */
  readonly executor: Promise<Executor>
  /** Fetches content from the requester into `blocks`. */
  fetch(cid: string, signal: AbortSignal): Promise<void>
  /** Keeps a task whose content is here for whoever may have to judge its result. */
  keep(task: Task): Promise<void>
  /** Takes what programs save while they run. */
  readonly checkpoints: CheckpointShelf
  readonly fault: Fault | null
}

/** Fetches what an attempt needs, runs it, and keeps what it produced (PROTOCOL §8). */
export class Workbench {
  readonly #options: WorkbenchOptions
  readonly #running = new Map<string, AbortController>()
  /** Addresses of the outputs of this lease, which its requester may fetch. */
  readonly served = new Set<string>()
  /** What its requester may look into. */
  readonly attempts = new AttemptBook()
  readonly secrets = new LeaseSecrets()

  constructor(options: WorkbenchOptions) {
    this.#options = options
  }

  /** The checkpoints of this lease, which its requester may fetch. */
  get checkpoints(): CheckpointShelf {
    return this.#options.checkpoints
  }

  /**
   * Executes one attempt; never rejects, and says `cancelled` for an aborted one. `tell` hears of its checkpoints
   * meanwhile.
   */
  async execute(attempt: Attempt, tell: (event: SellerEvent) => void): Promise<SellerEvent> {
    const control = new AbortController()
    this.#running.set(attempt.id, control)
    const booked = this.attempts.begin(attempt.id)
    try {
      const failure = await this.#fetchInputs(attempt, control.signal)
      if (failure !== undefined) return failure
      if (this.#options.fault?.idles === true) {
        booked.hear({ kind: 'started' })
        return await untilAborted(attempt, control.signal)
      }
      if (this.#options.fault?.inventsCheckpoints === true) tell(inventCheckpoint(attempt))
      const hear = (news: ExecutionNews) => {
        booked.hear(news)
        if (news.kind === 'checkpoint') this.#takeUp(attempt.id, news.files, tell)
      }
      return await this.#run(attempt, control.signal, { hear, ran: booked.ran })
    } catch (error) {
      return failed(attempt, 'internal', errorMessage(error))
    } finally {
      this.#running.delete(attempt.id)
      booked.end()
    }
  }

  /** Returns the way into a running attempt, or why there is none. */
  async inside(attempt: string): Promise<Inside | SessionRefusal> {
    const executor = await this.#options.executor
    if (executor.inside === undefined) return NOT_SUPPORTED
    return executor.inside(attempt) ?? NOT_RUNNING
  }

  /** Stops attempts that are no longer wanted. */
  abort(attempts: readonly string[]): void {
    for (const id of attempts) this.#running.get(id)?.abort()
  }

  /** Stops everything and frees the executor. */
  async stop(): Promise<void> {
    this.abort([...this.#running.keys()])
    this.secrets.wipe()
    const executor = await this.#options.executor.catch(() => undefined)
    await executor?.stop()
    await this.checkpoints.clear()
  }

  #takeUp(attempt: string, files: readonly OutputFile[], tell: (event: SellerEvent) => void): void {
    this.checkpoints.take(attempt, files, (checkpoint) => tell({ type: 'saved', attempt, checkpoint }))
  }

  async #fetchInputs(attempt: Attempt, signal: AbortSignal): Promise<SellerEvent | undefined> {
    try {
      this.secrets.of(attempt.task)
      for (const cid of new Set(taskContent(attempt.task))) await this.#fetchMissing(cid, signal)
      const read = (cid: string) => readContent(this.#options.blocks, cid)
      for (const { cid } of await nestedContent(attempt.task, read)) await this.#fetchMissing(cid, signal)
      return undefined
    } catch (error) {
      const code = error instanceof QuotaError ? 'refused' : 'missing-input'
      return failed(attempt, code, errorMessage(error))
    }
  }

  async #fetchMissing(cid: string, signal: AbortSignal): Promise<void> {
    if (isLinkNode(cid) || !(await this.#options.blocks.has(cid))) await this.#options.fetch(cid, signal)
  }

  async #run(
    attempt: Attempt,
    signal: AbortSignal,
    { hear, ran }: Pick<BookEntry, 'hear' | 'ran'>,
  ): Promise<SellerEvent> {
    const { blocks, fault } = this.#options
    const executor = await this.#options.executor
    const content = (cid: string) => readContent(blocks, cid)
    const { id, n, task, deadlineMs } = attempt
    // Meanwhile, so that no result waits for it.
    const kept = this.#options.keep(task)
    kept.catch(() => {})
    const secrets = this.secrets.of(task)
    const outcome = await executor.run({ id, n, task, deadlineMs, secrets, content, hear }, signal)
    // Keeping what it left may take long, and is no time of the program: beats must not count it.
    ran()
    if (outcome.kind === 'failed') return failed(attempt, outcome.code, outcome.message)
    await kept
    const falsified = fault?.falsifies(id) ?? false
    const stdout = falsified ? falsify(outcome.stdout) : outcome.stdout
    const { output, inline } = await this.#keep({ ...outcome, stdout })
    return { type: 'finished', results: [{ attempt: id, output, inline, falsified }] }
  }

  /** Keeps output blocks before the result is signed; small ones ride along with it. */
  async #keep(outcome: OutputOutcome): Promise<{ output: Output; inline: Uint8Array[] }> {
    const inline: Uint8Array[] = []
    let room: number = LIMITS.inlineBytes
    const keep = async (bytes: Uint8Array) => {
      const { content, blocks } = toBlocks(bytes)
      // Pinned to the lease, and sent before: the requester has it, or fetches it.
      if (blocks.length === 1 && this.served.has(content.cid)) return content
      for (const block of blocks.toReversed()) {
        this.served.add(block.cid)
        await putPinned(this.#options.blocks, this.#options.lease, block.cid, block.bytes, true)
      }
      if (blocks.length === 1 && bytes.byteLength <= room) {
        inline.push(bytes)
        room -= bytes.byteLength
      }
      return content
    }
    const stdout = (await keep(outcome.stdout)).cid
    const files: Output['files'] = []
    for (const file of outcome.files) {
      const content = await keep(file.bytes)
      files.push([file.path, content.cid, content.bytes])
    }
    return { output: { v: 1, status: outcome.status, fuel: outcome.fuel, stdout, files }, inline }
  }
}

const NOT_SUPPORTED: SessionRefusal = {
  code: 'not-supported',
  message: 'expected an engine that lets its user in, this one does not; use container/1',
}
const NOT_RUNNING: SessionRefusal = {
  code: 'not-running',
  message: 'expected a program that runs, this one has not begun or is over; try again once it runs',
}

function failed(
  attempt: Attempt,
  code: Extract<SellerEvent, { type: 'failed' }>['code'],
  message: string,
): SellerEvent {
  return { type: 'failed', attempt: attempt.id, code, message }
}

/** The fault switch: nothing is executed, and nothing is said. */
async function untilAborted(attempt: Attempt, signal: AbortSignal): Promise<SellerEvent> {
  if (!signal.aborted) await once(signal, 'abort')
  return failed(attempt, 'cancelled', 'no longer wanted')
}

/** The fault switch: a checkpoint that nobody saved. */
function inventCheckpoint({ id }: Attempt): SellerEvent {
  const bytes = utf8(`nothing of ${id}`)
  return { type: 'saved', attempt: id, checkpoint: { cid: rawCid(bytes), bytes: bytes.byteLength } }
}

function falsify(stdout: Uint8Array): Uint8Array {
  const wrong = stdout.byteLength === 0 ? utf8('0') : stdout.slice()
  wrong[0] = (wrong[0] ?? 0) ^ 1
  return wrong
}
