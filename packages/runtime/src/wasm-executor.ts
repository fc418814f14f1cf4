import { errorMessage, type FailureCode, InvariantError, ProgramError } from '@souk/protocol'
import { RuntimeError } from './errors.ts'
import type { Execution, Executor, FailedOutcome, Outcome } from './executor.ts'
import type { GuestWorld, RunnerReply, RunnerRequest } from './guest/messages.ts'
import { ContentMissing, fetchContent, gatherWorld, refusal } from './guest-world.ts'
import { interruptible } from './interrupt.ts'
import { limitMemory } from './limit-memory.ts'
import { processCpuMs } from './process-time.ts'
import type { RunnerDeath, RunnerProcess } from './runner-process.ts'
import { RunnerSlot } from './runner-slot.ts'
import { SlotQueue } from './slot-queue.ts'

const PAGE_BYTES = 65_536
/** Pages of a 32-bit memory. */
const MAX_PAGES = 65_536
/** Compiled programs that one runner keeps; a job uses one, a few jobs may share a lease. */
const COMPILED_PROGRAMS = 8
/** Lowered priority of programs: a provider whose beats are late looks dead. */
const NICE = 10

export interface WasmExecutorOptions {
  /** Bytes of program memory, shared evenly between the cores. */
  readonly memoryBytes: number
  /** Programs that run at the same time, each in a process of its own; 1 unless given. */
  readonly cores?: number
  /** Scheduling priority of the programs, 0 (as this process) to 19; 10 unless given. */
  readonly nice?: number
}

/**
 * Starts the runner processes and returns the executor of `wasm/1`.
 *
 * Throws {@link RuntimeError} `BAD_OPTION`, `RUNNER_NOT_STARTED` or `SANDBOX_MISSING`.
 */
export async function createWasmExecutor(options: WasmExecutorOptions): Promise<Executor> {
  const { memoryBytes, cores = 1, nice = NICE } = options
  const pages = Math.min(MAX_PAGES, Math.floor(memoryBytes / cores / PAGE_BYTES))
  if (!(pages >= 1)) {
    throw new RuntimeError(`expected at least ${PAGE_BYTES} bytes of memory per core, got ${memoryBytes}`, {
      code: 'BAD_OPTION',
      memoryBytes,
      cores,
    })
  }
  const slots = Array.from({ length: cores }, () => new RunnerSlot({ pages, nice }))
  const executor = new WasmExecutor(slots, pages)
  try {
    await Promise.all(slots.map((slot) => slot.runner()))
  } catch (error) {
    await executor.stop()
    throw error
  }
  return executor
}

class WasmExecutor implements Executor {
  readonly sandbox = 'process'
  readonly #slots: readonly RunnerSlot[]
  readonly #queue: SlotQueue<RunnerSlot>
  readonly #pages: number
  #stopped = false

  constructor(slots: readonly RunnerSlot[], pages: number) {
    this.#slots = slots
    this.#queue = new SlotQueue(slots)
    this.#pages = pages
  }

  async run(execution: Execution, signal: AbortSignal): Promise<Outcome> {
    const refused = refusal(execution.task, this.#pages)
    if (refused) return refused
    const slot = await this.#queue.take(signal)
    if (slot === null) return cancelled()
    try {
      const outcome = await runOn(slot, execution, signal)
      return this.#stopped && outcome.kind === 'failed' ? cancelled() : outcome
    } catch (error) {
      return this.#stopped ? cancelled() : failureOf(error)
    } finally {
      this.#queue.give(slot)
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#queue.close()
    await Promise.all(this.#slots.map((slot) => slot.stop()))
  }
}

async function runOn(slot: RunnerSlot, execution: Execution, signal: AbortSignal): Promise<Outcome> {
  const { deadlineMs } = execution
  const prepared = await interruptible(prepare(slot, execution), deadlineMs, signal)
  if (prepared.kind === 'cancelled') return cancelled()
  if (prepared.kind === 'deadline') {
    return failed('missing-input', `the task's content did not come within its deadline of ${deadlineMs} ms`)
  }
  const finished = await interruptible(send(prepared.value), deadlineMs, signal)
  if (finished.kind === 'done') return toOutcome(finished.value, prepared.value)
  const { pid } = prepared.value.runner
  const cpuMs = finished.kind === 'deadline' && pid !== undefined ? await processCpuMs(pid) : null
  await slot.replace()
  if (finished.kind === 'cancelled') return cancelled()
  const why = `the program ran longer than its deadline of ${deadlineMs} ms and was stopped`
  return { ...failed('deadline', why), cpuMs }
}

type RunRequest = Extract<RunnerRequest, { kind: 'run' }>

interface Prepared {
  readonly runner: RunnerProcess
  /** Names the program together with the memory it is compiled for. */
  readonly key: string
  readonly program: Uint8Array | null
  readonly world: GuestWorld
}

/** Gathers content, and the program only where the runner does not have it yet. */
async function prepare(slot: RunnerSlot, execution: Execution): Promise<Prepared> {
  const { task, content } = execution
  const world = await gatherWorld(execution)
  const runner = await slot.runner()
  const key = `${task.program} ${task.limits.pages}`
  if (runner.compiled.has(key)) return { runner, key, program: null, world }
  const program = await fetchContent(content, task.program, 'the program')
  return { runner, key, program: limitMemory(program, task.limits.pages), world }
}

/** Sends the request and notes what the runner has compiled from now on. */
function send({ runner, key, program, world }: Prepared): Promise<RunnerReply | RunnerDeath> {
  const { compiled } = runner
  compiled.delete(key)
  const drop = [...compiled].slice(0, Math.max(0, compiled.size + 1 - COMPILED_PROGRAMS))
  for (const old of drop) compiled.delete(old)
  compiled.add(key)
  const request: RunRequest = { kind: 'run', key, program, drop, world }
  return runner.ask(request)
}

function toOutcome(reply: RunnerReply | RunnerDeath, { runner, key }: Prepared): Outcome {
  switch (reply.kind) {
    case 'output':
      return { ...reply, fuel: 0n }
    case 'failed':
      if (reply.code === 'bad-program') runner.compiled.delete(key)
      return reply
    case 'died':
      return failed(reply.code, reply.message)
    default:
      throw new InvariantError(`a runner answered a task with ${reply.kind}`)
  }
}

function failureOf(error: unknown): FailedOutcome {
  if (error instanceof ContentMissing) return failed('missing-input', error.message)
  if (error instanceof ProgramError) return failed('bad-program', error.message)
  return failed('internal', errorMessage(error))
}

function cancelled(): FailedOutcome {
  return failed('cancelled', 'the task was cancelled')
}

function failed(code: FailureCode, message: string): FailedOutcome {
  return { kind: 'failed', code, message }
}
