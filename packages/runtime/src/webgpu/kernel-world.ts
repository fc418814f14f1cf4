import {
  bindingBytes,
  isRead,
  isWritten,
  type Kernel,
  kernelBytes,
  kernelCodec,
  WireError,
} from '@souk/protocol'
import type { Execution, FailedOutcome } from '../executor.ts'
import { fetchContent, OUTPUT_BYTES } from '../guest-world.ts'
import { failed } from '../runner-failures.ts'
import { KernelFault } from './guest/kernel-fault.ts'
import type { Adapter, KernelRequest } from './guest/messages.ts'

const PAGE_BYTES = 65_536
/** Numbers as arguments write them: WGSL's own literals without suffix, and a sign. */
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$|^true$|^false$|^0[xX][0-9a-fA-F]+$/

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
 * Gathers what a kernel computes with. Throws {@link KernelFault} `bad-program` or `refused`, and `ContentMissing`.
 */
export async function gatherKernel({ task, content }: Execution, room: KernelRoom): Promise<GatheredKernel> {
  const { program, args, env, stdin, checkpoint, inputs, limits } = task
  const kernel = decode(await fetchContent(content, program, 'the kernel'))
  if (env.length > 0 || stdin !== null || checkpoint !== null)
    throw bad('a task without environment, standard input and checkpoint, which a kernel cannot read')
  const constants = readConstants(args)
  const all = kernelBytes(kernel)
  if (all > limits.pages * PAGE_BYTES)
    throw bad(
      `buffers of at most ${limits.pages} pages (${limits.pages * PAGE_BYTES} bytes) together, got ${all} bytes`,
    )
  requireDevice(kernel, room)
  const entries = readEntries(kernel, inputs)
  if (isBeyond(kernel, limits)) return { kind: 'output-limit' }
  const files = new Map<string, Uint8Array>()
  for (const [path, cid, bytes] of entries) {
    const given = await fetchContent(content, cid, `the input ${path}`)
    if (given.byteLength !== bytes) throw bad(`${bytes} bytes of ${path}, got ${given.byteLength}`)
    files.set(path, given)
  }
  const key = `${program} ${JSON.stringify(constants)}`
  return { kind: 'run', key, kernel, constants, inputs: files }
}

function decode(bytes: Uint8Array): Kernel {
  try {
    return kernelCodec.decode(bytes)
  } catch (error) {
    if (error instanceof WireError) throw new KernelFault('bad-program', error.message)
    throw error
  }
}

/** Reads arguments, which are values of the code's `override` constants. */
function readConstants(args: readonly string[]): Record<string, number> {
  const pairs = args.map((arg): [string, number] => {
    const [name = '', value = ''] = arg.split(/=(.*)/s)
    if (name !== '' && NUMBER.test(value))
      return [name, value === 'true' ? 1 : value === 'false' ? 0 : Number(value)]
    throw bad(`arguments NAME=NUMBER for the kernel's override constants, got ${JSON.stringify(arg)}`)
  })
  return Object.fromEntries(pairs.sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Returns the task's inputs that the kernel reads, each of the length that its buffers have. */
function readEntries({ bindings }: Kernel, inputs: Execution['task']['inputs']): Execution['task']['inputs'] {
  for (const binding of bindings.filter(isRead)) {
    const entry = inputs.find(([path]) => path === binding.path)
    const [expected, got] = [bindingBytes(binding), entry?.[2]]
    if (got === expected) continue
    throw bad(
      `an input ${binding.path} of ${expected} bytes, ${binding.length} times ${binding.type}, got ${got ?? 'none'}`,
    )
  }
  return inputs.filter(([path]) => bindings.some((each) => isRead(each) && each.path === path))
}

function isBeyond({ bindings }: Kernel, { outputBytes, files }: Execution['task']['limits']): boolean {
  const written = bindings.filter(isWritten)
  return written.length > files || written.reduce((sum, each) => sum + bindingBytes(each), 0) > outputBytes
}

function bad(expected: string): KernelFault {
  return new KernelFault('bad-program', `expected ${expected}; change the kernel or the task`)
}

function tooMuch(expected: string): KernelFault {
  return new KernelFault('refused', `expected ${expected}; ask for a larger GPU, or make the kernel smaller`)
}

function refused(what: string): FailedOutcome {
  return failed('refused', `expected ${what}; change the task, or lease more`)
}
