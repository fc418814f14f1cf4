import { fileURLToPath } from 'node:url'
import { RuntimeError } from '../errors.ts'
import { namespaceWrapper } from '../runner-namespaces.ts'
import type { Engine } from '../runtimes.ts'
import { findAdapters } from './adapters.ts'
import { proveGpuSandbox, startGpuRunner } from './gpu-runner.ts'
import { proveDevice } from './prove-device.ts'
import { createWebgpuExecutor, type GpuGround } from './webgpu-executor.ts'

/** Returns the engine of `webgpu/1`, on whatever Vulkan, Metal or Direct3D offers. */
export function webgpuEngine(): Engine {
  let ground: Promise<GpuGround> | undefined
  return {
    name: 'webgpu/1',
    async prove() {
      ground = proveGround()
      return (await ground).sandbox
    },
    async start(share) {
      ground ??= proveGround()
      return createWebgpuExecutor(await ground, share)
    },
  }
}

/** Tries the strongest sandbox, in which not every driver works, then the usual one. Throws {@link RuntimeError}. */
async function proveGround(): Promise<GpuGround> {
  const wrapper = await namespaceWrapper()
  if (wrapper === null) return tryGround('process', null)
  return tryGround('namespaces', wrapper).catch(() => tryGround('process', null))
}

async function tryGround(sandbox: GpuGround['sandbox'], wrapper: GpuGround['wrapper']): Promise<GpuGround> {
  const { adapters, why } = await findAdapters(wrapper)
  const [first] = adapters
  if (first === undefined) throw new RuntimeError(why ?? 'no adapter', { code: 'NOT_STARTED' })
  const { name: adapter, isSoftware } = first
  const runner = await startGpuRunner({ adapter, isSoftware, nice: 0, wrapper })
  try {
    await proveGpuSandbox(runner, sandbox, fileURLToPath(import.meta.url))
    await proveDevice(runner)
  } finally {
    await runner.kill()
  }
  return { adapters, sandbox, wrapper }
}
