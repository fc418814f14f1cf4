import { totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'
import { RuntimeError } from '../errors.ts'
import { listGpus } from '../gpu/list-gpus.ts'
import { namespaceWrapper } from '../runner-namespaces.ts'
import type { Engine } from '../runtimes.ts'
import { findAdapters } from './adapters.ts'
import { chooseAdapter } from './choose-adapter.ts'
import { proveGpuSandbox, startGpuRunner } from './gpu-runner.ts'
import { proveDevice } from './prove-device.ts'
import { refuseParts } from './refuse-parts.ts'
import { createWebgpuExecutor, type GpuGround } from './webgpu-executor.ts'

/** Lowered priority: a software adapter computes on all processors, and a provider whose beats are late looks dead. */
const NICE = 10
/** Bytes of memory that drivers and their compilers may take: hundreds of MiB for large kernels on some. */
const PROCESS_BYTES = 512 * 1024 * 1024

/** What was found out about this machine. */
type Proof = Omit<GpuGround, 'nice' | 'processBytes'>

export interface WebgpuOptions {
  /** Whether GPUs are for sale; where none are, none is tried: that takes drivers, memory and time. */
  readonly hasGpus?: boolean
  /** Scheduling priority of processes with a GPU, 0 (as this process) to 19; 10 unless given. */
  readonly nice?: number
  /** Bytes of memory of each beside the buffers of its kernel: driver, compiler, Node; 512 MiB unless given. */
  readonly processBytes?: number
}

/** Returns the engine of `webgpu/1`, on whatever Vulkan, Metal or Direct3D offers. */
export function webgpuEngine(options: WebgpuOptions = {}): Engine {
  const { hasGpus = true, nice = NICE, processBytes = PROCESS_BYTES } = options
  let ground: Promise<Proof> | undefined
  return {
    name: 'webgpu/1',
    async prove() {
      if (!hasGpus) throw new RuntimeError('no GPU is for sale here', { code: 'NOT_STARTED' })
      ground = proveGround()
      return (await ground).sandbox
    },
    async reach(gpus) {
      ground ??= proveGround()
      const { adapters, devices } = await ground
      refuseParts(gpus, devices)
      for (const gpu of gpus) chooseAdapter(gpu, adapters)
    },
    async start(share) {
      ground ??= proveGround()
      return createWebgpuExecutor({ ...(await ground), nice, processBytes }, share)
    },
  }
}

/** Tries the strongest sandbox, in which not every driver works, then the usual one. Throws {@link RuntimeError}. */
async function proveGround(): Promise<Proof> {
  const wrapper = await namespaceWrapper()
  const devices = await listGpus(totalmem())
  const proof =
    wrapper === null
      ? await tryGround('process', null)
      : await tryGround('namespaces', wrapper).catch(() => tryGround('process', null))
  return { ...proof, devices }
}

async function tryGround(
  sandbox: Proof['sandbox'],
  wrapper: Proof['wrapper'],
): Promise<Omit<Proof, 'devices'>> {
  const { adapters, why } = await findAdapters(wrapper)
  const [first] = adapters
  if (first === undefined) throw new RuntimeError(why ?? 'no adapter', { code: 'NOT_STARTED' })
  const { name: adapter, isSoftware } = first
  const runner = await startGpuRunner({ adapter, isSoftware, isAny: true, nice: 0, wrapper })
  try {
    await proveGpuSandbox(runner, sandbox, fileURLToPath(import.meta.url))
    await proveDevice(runner)
  } finally {
    await runner.kill()
  }
  return { adapters, sandbox, wrapper }
}
