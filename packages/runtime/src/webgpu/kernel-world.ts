import {
  bindingBytes,
  isWritten,
  type Kernel,
  kernelBytes,
  kernelCodec,
  kernelConstants,
  kernelInputs,
  requireKernelTask,
  WireError,
} from '@souk/protocol'
import type { Execution, FailedOutcome } from '../executor.ts'
import { ContentMissing, fetchContent, OUTPUT_BYTES } from '../guest-world.ts'
import { failed } from '../runner-failures.ts'
import { KernelFault } from './guest/kernel-fault.ts'
import type { Adapter, KernelRequest } from './guest/messages.ts'

const PAGE_BYTES = 65_536
/** What an executor gives to one execution. */
export interface KernelRoom {
  /** Bytes of buffers, here and on the device. */
  readonly memoryBytes: number
  /** Bytes of the leased device's own memory; `null` where it computes in the machine's. */
  readonly vramBytes: number | null
  /** What kernels run on; `null` for a lease without a GPU. */
  readonly adapter: Adapter | null
}

/** Returns why an executor does not take an execution at all, or null. */
export function refuseKernel({ task, secrets }: Execution, room: KernelRoom): FailedOutcome | null {
  const { limits } = task
  const most = Math.floor(room.memoryBytes / PAGE_BYTES)
  if (task.engine !== 'webgpu/1') return refused(`the engine webgpu/1, got ${task.engine}`)
  if (room.adapter === null) return refused('a lease with a GPU, got one without; ask for one with --gpu')
  if (limits.pages > most) return refused(`at most ${most} pages of memory, got ${limits.pages}`)
  if (limits.outputBytes > OUTPUT_BYTES)
    return refused(`an output limit of at most ${OUTPUT_BYTES} bytes, got ${limits.outputBytes}`)
  return secrets?.size ? refused('no secrets, which a kernel cannot read') : null
}

/** Throws {@link KernelFault} `refused` for a kernel that asks for more than the device has. */
export function requireDevice(kernel: Kernel, { adapter, vramBytes }: KernelRoom): void {
  const lacking = kernel.features.filter((feature) => !adapter?.features.includes(feature))
  if (lacking.length > 0)
    throw tooMuch(`a kernel without ${lacking.join(' and ')}, which ${adapter?.name} lacks`)
  const largest = Math.max(...kernel.bindings.map(bindingBytes))
  const most = adapter?.maxBufferBytes ?? 0
  if (largest > most) throw tooMuch(`buffers of at most ${most} bytes on ${adapter?.name}, got ${largest}`)
  const all = kernelBytes(kernel)
  if (vramBytes !== null && all > vramBytes)
    throw tooMuch(
      `buffers of at most ${vramBytes} bytes together, the memory of ${adapter?.name}, got ${all}`,
    )
}

/** A task as the device gets it, or the output that it has without being run. */
export type GatheredKernel = KernelRequest | { readonly kind: 'output-limit' }

/**
 * Gathers what a kernel computes with. Throws {@link KernelFault} `bad-program` or `refused`, `ProgramError`, and
 * `ContentMissing`.
 */
export async function gatherKernel({ task, content }: Execution, room: KernelRoom): Promise<GatheredKernel> {
  const kernel = decode(await fetchContent(content, task.program, 'the kernel'))
  requireKernelTask(kernel, task)
  requireDevice(kernel, room)
  if (isBeyond(kernel, task.limits)) return { kind: 'output-limit' }
  const inputs = new Map<string, Uint8Array>()
  for (const [path, cid, bytes] of kernelInputs(kernel, task)) {
    const given = await fetchContent(content, cid, `the input ${path}`)
    if (given.byteLength !== bytes)
      throw new ContentMissing(`expected ${bytes} bytes of ${path}, got ${given.byteLength}`)
    inputs.set(path, given)
  }
  const constants = kernelConstants(task.args)
  return { kind: 'run', key: `${task.program} ${JSON.stringify(constants)}`, kernel, constants, inputs }
}

function decode(bytes: Uint8Array): Kernel {
  try {
    return kernelCodec.decode(bytes)
  } catch (error) {
    throw error instanceof WireError ? new KernelFault('bad-program', error.message) : error
  }
}

function isBeyond({ bindings }: Kernel, { outputBytes, files }: Execution['task']['limits']): boolean {
  const written = bindings.filter(isWritten)
  return written.length > files || written.reduce((sum, each) => sum + bindingBytes(each), 0) > outputBytes
}

function tooMuch(expected: string): KernelFault {
  return new KernelFault('refused', `expected ${expected}; ask for a larger GPU, or make the kernel smaller`)
}

function refused(what: string): FailedOutcome {
  return failed('refused', `expected ${what}; change the task, or lease more`)
}
