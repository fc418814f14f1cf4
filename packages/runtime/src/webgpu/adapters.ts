import { join } from 'node:path'
import { errorMessage } from '@souk/protocol'
import { forkGpuProcess, GPU_GUEST_DIR, nextMessage } from './gpu-process.ts'
import type { Adapter, ListedAdapters } from './guest/messages.ts'

export type { Adapter } from './guest/messages.ts'

/** Milliseconds to find all adapters; drivers take some hundred on a machine with many. */
const LIST_MS = 20_000
/** What to do where there is none. */
const CURE =
  'install libvulkan1 and the Vulkan driver of your GPU (nvidia-driver, mesa-vulkan-drivers), or name one by VK_DRIVER_FILES'

/** What WebGPU finds on this machine, and why it finds nothing. */
export interface FoundAdapters {
  readonly adapters: readonly Adapter[]
  /** For people; `null` where there is an adapter. */
  readonly why: string | null
}

/** Lists what WebGPU finds on this machine, in a process of its own that ends; never rejects. */
export async function listAdapters(): Promise<readonly Adapter[]> {
  return (await findAdapters()).adapters
}

/** Like {@link listAdapters}, with the reason where there is none. `wrapper` is a command before the process. */
export async function findAdapters(wrapper: readonly string[] | null = null): Promise<FoundAdapters> {
  try {
    const adapters = await askProcess(wrapper)
    return {
      adapters,
      why: adapters.length > 0 ? null : `expected a Vulkan, Metal or Direct3D driver, got none; ${CURE}`,
    }
  } catch (error) {
    return { adapters: [], why: errorMessage(error) }
  }
}

async function askProcess(wrapper: readonly string[] | null): Promise<readonly Adapter[]> {
  const child = forkGpuProcess(join(GPU_GUEST_DIR, 'list-adapters.ts'), [], wrapper)
  try {
    return (await nextMessage<ListedAdapters>(child, LIST_MS)).adapters
  } catch (cause) {
    throw new Error(
      `expected the GPU drivers to be listed within ${LIST_MS} ms, they ended the process; ${CURE}`,
      {
        cause,
      },
    )
  } finally {
    child.kill('SIGKILL')
  }
}
