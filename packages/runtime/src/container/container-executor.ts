import { type SandboxLevel, WireError } from '@souk/protocol'
import { RuntimeError } from '../errors.ts'
import type { Execution, Executor, FailedOutcome, Inside, Outcome } from '../executor.ts'
import { ContentMissing } from '../guest-world.ts'
import type { RuntimeShare } from '../runtimes.ts'
import { Deaths } from './deaths.ts'
import { type Docker, daemon, daemonMessage } from './docker.ts'
import { gpuAccess } from './gpu-access.ts'
import { ImageError } from './image-error.ts'
import type { ImagePolicy } from './image-policy.ts'
import { ImageStore } from './images.ts'
import { interruptible } from './interrupt.ts'
import { keeperImage } from './keeper-image.ts'
import { ownerName, sweep } from './owner.ts'
import { NotRunnable } from './program.ts'
import { PULL_MS } from './pull.ts'
import { cancelled, failed, type Run, runProgram } from './run-program.ts'
import { type Ground, LEAST_MEMORY_BYTES, overheadOf } from './settings.ts'
import { ContainerSlot } from './slot.ts'
import { SlotQueue } from './slot-queue.ts'
import { diskSpace, LEAST_DISK_BYTES, memorySpace, type WorkSpace } from './work-device.ts'
import { gatherContainer, type Room, refusal } from './world.ts'

/** What an executor needs besides its share of the machine. */
export interface ContainerGround {
  readonly docker: Docker
  readonly sandbox: SandboxLevel
  /** The daemon's name of what runs the containers: `runsc`, or `runc`. */
  readonly runtime: string
  /** Whether work folders are on disk, or in memory. */
  readonly onDisk: boolean
  readonly policy: ImagePolicy
}

type Share = Pick<RuntimeShare, 'memoryBytes' | 'cores' | 'diskBytes' | 'gpus'>

/**
 * Removes what dead processes left behind, makes keepers ready and returns the executor of `container/1`.
 *
 * Throws {@link RuntimeError} `BAD_OPTION`, `NO_GPU_ACCESS` or `NOT_STARTED`, and what the daemon says.
 */
export async function createContainerExecutor(parts: ContainerGround, share: Share): Promise<Executor> {
  const { docker, policy, runtime } = parts
  const { cores, gpus } = share
  const memoryBytes = Math.floor(share.memoryBytes / cores) - overheadOf(runtime)
  if (!(memoryBytes >= LEAST_MEMORY_BYTES)) throw tooLittle(share, overheadOf(runtime))
  const access = await gpuAccess(await daemon('describe itself', docker.info()), runtime, gpus)
  await sweep(docker)
  const owner = `${ownerName()} ${nextNumber()}`
  const image = await keeperImage(docker)
  const makeSpace = spaceMaker(parts.onDisk, memoryBytes, share)
  const slots = Array.from({ length: cores }, () => new ContainerSlot({ docker, image, owner, makeSpace }))
  const executor = new ContainerExecutor(parts, {
    slots,
    deaths: await Deaths.of(docker, owner),
    images: new ImageStore(docker, policy),
    ground: { owner, runtime, access },
    room: { memoryBytes },
  })
  void Promise.all(slots.map((slot) => slot.prepare()))
  return executor
}

/**
 * Chooses where work folders lie: on disk as far as the share has any, else in memory, where they count as the
 * program's memory and may take half of it.
 */
function spaceMaker(
  onDisk: boolean,
  memoryBytes: number,
  { diskBytes, cores }: Share,
): () => Promise<WorkSpace> {
  const bytes = Math.floor(diskBytes / cores)
  if (onDisk && bytes >= LEAST_DISK_BYTES) return () => diskSpace(bytes)
  const space = memorySpace(Math.floor(memoryBytes / 2))
  return async () => space
}

let executors = 0

/** Tells the executors of this process apart. */
function nextNumber(): number {
  executors += 1
  return executors
}

function tooLittle({ memoryBytes, cores }: Share, overhead: number): RuntimeError {
  return new RuntimeError(
    `expected at least ${LEAST_MEMORY_BYTES + overhead} bytes of memory per core, got ${memoryBytes} for ${cores}; lease more memory, for the sandbox takes some of it`,
    { code: 'BAD_OPTION', memoryBytes, cores },
  )
}

interface Inventory {
  readonly slots: readonly ContainerSlot[]
  readonly deaths: Deaths
  readonly images: ImageStore
  readonly ground: Ground
  readonly room: Room
}

class ContainerExecutor implements Executor {
  readonly sandbox: SandboxLevel
  readonly #docker: Docker
  readonly #has: Inventory
  readonly #queue: SlotQueue<ContainerSlot>
  readonly #running = new Map<string, Inside>()
  readonly #aborts = new Set<AbortController>()
  /** Runs and what they leave to be cleared away. */
  readonly #work = new Set<Promise<void>>()

  constructor({ docker, sandbox }: ContainerGround, has: Inventory) {
    this.sandbox = sandbox
    this.#docker = docker
    this.#has = has
    this.#queue = new SlotQueue(has.slots)
  }

  run(execution: Execution, signal: AbortSignal): Promise<Outcome> {
    const outcome = this.#run(execution, signal)
    const done = outcome.then(() => void this.#work.delete(done))
    this.#work.add(done)
    return outcome
  }

  inside(id: string): Inside | undefined {
    return this.#running.get(id)
  }

  async stop(): Promise<void> {
    this.#queue.close()
    for (const abort of this.#aborts) abort.abort()
    while (this.#work.size > 0) await Promise.all(this.#work)
    await Promise.all(this.#has.slots.map((slot) => slot.stop()))
    this.#has.deaths.stop()
    await this.#has.images.stop()
  }

  async #run(execution: Execution, signal: AbortSignal): Promise<Outcome> {
    const refused = refusal(execution, this.#has.room)
    if (refused) return refused
    const abort = new AbortController()
    const stop = () => abort.abort()
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    this.#aborts.add(abort)
    try {
      const slot = await this.#queue.take(abort.signal)
      return slot === null ? cancelled() : await this.#execute(slot, execution, abort.signal)
    } catch (error) {
      return abort.signal.aborted ? cancelled() : failureOf(error)
    } finally {
      signal.removeEventListener('abort', stop)
      this.#aborts.delete(abort)
    }
  }

  /** Runs an execution in a slot; what it leaves is cleared away behind the caller's back. */
  async #execute(slot: ContainerSlot, execution: Execution, signal: AbortSignal): Promise<Outcome> {
    let over = false
    const cleanups: Promise<unknown>[] = []
    const whenOver = Promise.withResolvers<void>()
    const hear: NonNullable<Execution['hear']> = (news) => {
      if (!over) execution.hear?.(news)
    }
    try {
      const prepared = await this.#prepare(execution, hear, signal)
      if ('kind' in prepared) return prepared
      const keeper = await slot.take()
      cleanups.push(whenOver.promise.then(() => keeper.stop()))
      const run: Run = {
        ...{ docker: this.#docker, ground: this.#has.ground, deaths: this.#has.deaths },
        ...{ ...prepared, keeper, execution, hear },
        begun: (inside) => {
          this.#running.set(execution.id, inside)
          // The next execution shall find a keeper that stands ready.
          void slot.prepare()
        },
        later: (cleanup) => void cleanups.push(cleanup),
      }
      return await runProgram(run, signal)
    } finally {
      over = true
      whenOver.resolve()
      this.#running.delete(execution.id)
      this.#clear(slot, cleanups)
    }
  }

  /** Gathers content within the deadline, and the image within a time of its own. */
  async #prepare(execution: Execution, hear: NonNullable<Execution['hear']>, signal: AbortSignal) {
    const { deadlineMs, content } = execution
    const gathered = await interruptible(gatherContainer(execution), deadlineMs, signal)
    if (gathered.kind === 'cancelled') return cancelled()
    if (gathered.kind === 'deadline') return notHere(`the task's content`, deadlineMs)
    const world = gathered.value
    const tell = (haveBytes: number, totalBytes: number) =>
      hear({ kind: 'preparing', what: world.image.reference, haveBytes, totalBytes })
    const brought = await interruptible(this.#has.images.have(world.image, content, tell), PULL_MS, signal)
    if (brought.kind === 'cancelled') return cancelled()
    if (brought.kind === 'deadline') return notHere('the image', PULL_MS)
    return { world, image: brought.value }
  }

  #clear(slot: ContainerSlot, cleanups: readonly Promise<unknown>[]): void {
    const clear = async () => {
      await Promise.allSettled(cleanups)
      this.#queue.give(slot)
      this.#work.delete(done)
    }
    const done = clear()
    this.#work.add(done)
  }
}

/** What is missing here, or does not fit, is the task's affair; everything else is ours. */
function failureOf(error: unknown): FailedOutcome {
  if (error instanceof ContentMissing) return failed('missing-input', error.message)
  if (error instanceof NotRunnable || error instanceof WireError) return failed('bad-program', error.message)
  if (error instanceof ImageError) return failed(IMAGE_FAILURES[error.code], error.message)
  return failed('internal', daemonMessage(error))
}

const IMAGE_FAILURES = {
  IMAGE_MISSING: 'missing-input',
  IMAGE_MISMATCH: 'bad-program',
  IMAGE_REFUSED: 'refused',
  IMAGE_TOO_LARGE: 'refused',
} as const

function notHere(what: string, ms: number): FailedOutcome {
  return failed('missing-input', `expected ${what} within ${ms} ms; publish it again or give it more time`)
}
