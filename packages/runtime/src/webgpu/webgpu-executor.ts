import type { Gpu, SandboxLevel } from '@souk/protocol'
import { interruptible } from '../container/interrupt.ts'
import { SlotQueue } from '../container/slot-queue.ts'
import type { Execution, Executor, Outcome } from '../executor.ts'
import type { GpuDevice } from '../gpu/inventory.ts'
import { cancelled, failed, failureOf } from '../runner-failures.ts'
import type { RuntimeShare } from '../runtimes.ts'
import { chooseAdapter } from './choose-adapter.ts'
import { GpuLane } from './gpu-lane.ts'
import { KernelFault } from './guest/kernel-fault.ts'
import type { Adapter } from './guest/messages.ts'
import { hidingWrapper } from './hide-devices.ts'
import { gatherKernel, type KernelRoom, refuseKernel } from './kernel-world.ts'
import { refuseParts } from './refuse-parts.ts'

/** What an executor needs besides its share of the machine. */
export interface GpuGround {
  readonly adapters: readonly Adapter[]
  readonly sandbox: Extract<SandboxLevel, 'process' | 'namespaces'>
  readonly wrapper: readonly string[] | null
  readonly nice: number
  /** Bytes of memory of a process with a GPU, beside the buffers of its kernel. */
  readonly processBytes: number
  /** All GPUs of this machine: whoever gets one sees no other. */
  readonly devices: readonly GpuDevice[]
}

/**
 * Starts a process for each leased GPU and returns the executor of `webgpu/1`; without a GPU it refuses every task.
 *
 * Throws `RuntimeError` `NOT_OFFERED` where a GPU has no adapter or is a part of one, and what starting a process throws.
 */
export async function createWebgpuExecutor(
  ground: GpuGround,
  { gpus, memoryBytes }: Pick<RuntimeShare, 'gpus' | 'memoryBytes'>,
): Promise<Executor> {
  refuseParts(gpus, ground.devices)
  const lanes = gpus.map((gpu) => makeLane(gpu, ground, Math.floor(memoryBytes / gpus.length)))
  const room = { memoryBytes, vramBytes: null, adapter: null }
  const executor = new WebgpuExecutor(ground.sandbox, lanes, lanes[0]?.room ?? room)
  try {
    await Promise.all(lanes.map((lane) => lane.start()))
  } catch (error) {
    await executor.stop()
    throw error
  }
  return executor
}

function makeLane(
  gpu: Gpu,
  { adapters, wrapper, nice, devices, processBytes }: GpuGround,
  memoryBytes: number,
): GpuLane {
  const adapter = chooseAdapter(gpu, adapters)
  const { name, isSoftware } = adapter
  const own = devices.find(({ id }) => id === gpu.id)?.files ?? []
  const others = devices.flatMap(({ files }) => files).filter((file) => !own.includes(file))
  const alone = wrapper && (isSoftware ? wrapper : hidingWrapper(wrapper, others))
  const vramBytes = isSoftware ? null : gpu.vramBytes
  return new GpuLane(
    { memoryBytes, vramBytes, adapter },
    { adapter: name, isSoftware, nice, wrapper: alone, processBytes },
  )
}

/** Gives executions to the GPUs in order, one at a time to each. */
class WebgpuExecutor implements Executor {
  readonly sandbox: SandboxLevel
  readonly #lanes: readonly GpuLane[]
  readonly #queue: SlotQueue<GpuLane>
  /** What every lane has, to refuse by before a task waits. */
  readonly #room: KernelRoom
  readonly #stop = new AbortController()
  readonly #running = new Set<Promise<Outcome>>()

  constructor(sandbox: SandboxLevel, lanes: readonly GpuLane[], room: KernelRoom) {
    this.sandbox = sandbox
    this.#lanes = lanes
    this.#queue = new SlotQueue(lanes)
    this.#room = room
  }

  async run(execution: Execution, signal: AbortSignal): Promise<Outcome> {
    const refused = refuseKernel(execution, this.#room)
    if (refused) return refused
    const abort = new AbortController()
    const stop = () => abort.abort()
    const signals = [signal, this.#stop.signal]
    if (signals.some(({ aborted }) => aborted)) return cancelled()
    for (const each of signals) each.addEventListener('abort', stop, { once: true })
    const running = this.#run(execution, abort.signal)
    this.#running.add(running)
    const outcome = await running
    this.#running.delete(running)
    for (const each of signals) each.removeEventListener('abort', stop)
    return outcome
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    this.#queue.close()
    await Promise.all(this.#running)
    await Promise.all(this.#lanes.map((lane) => lane.stop()))
  }

  async #run(execution: Execution, signal: AbortSignal): Promise<Outcome> {
    const lane = await this.#queue.take(signal)
    if (lane === null) return cancelled()
    try {
      return await execute(lane, execution, signal)
    } catch (error) {
      return error instanceof KernelFault ? failed(error.code, error.message) : failureOf(error)
    } finally {
      this.#queue.give(lane)
    }
  }
}

async function execute(lane: GpuLane, execution: Execution, signal: AbortSignal): Promise<Outcome> {
  const { deadlineMs } = execution
  const gathered = await interruptible(gatherKernel(execution, lane.room), deadlineMs, signal)
  if (gathered.kind === 'cancelled') return cancelled()
  if (gathered.kind === 'deadline')
    return failed('missing-input', `the task's content did not come within its deadline of ${deadlineMs} ms`)
  const request = gathered.value
  if (request.kind === 'run') return lane.run(request, execution, signal)
  return ended({ kind: 'output-limit' })
}

/** Returns an output without files. */
function ended(status: Extract<Outcome, { kind: 'output' }>['status']): Outcome {
  const nothing = { fuel: 0n, stdout: new Uint8Array(), files: [], cpuMs: 0, runMs: 0, log: '' }
  return { kind: 'output', status, ...nothing }
}
