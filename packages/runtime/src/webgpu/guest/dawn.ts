import { create, globals } from 'webgpu'
import type { Adapter } from './messages.ts'

/** Names of drivers that compute on processors and do not say so themselves. */
const SOFTWARE = /llvmpipe|lavapipe|swiftshader|basic render/i

/** Everything that `create` returned: the process crashes where the collector takes one away. */
const opened: GPU[] = []
Object.assign(globalThis, globals, { soukDawn: opened })

/** Opens WebGPU for the adapters with this in their name; for all without one. */
export function openDawn(name?: string): GPU {
  const gpu = create(name === undefined ? [] : [`adapter=${name}`])
  opened.push(gpu)
  return gpu
}

/** Returns the adapter with this in its name; `null` where there is none. */
export function openAdapter(name: string): Promise<GPUAdapter | null> {
  // Dawn rejects where no name fits, and has nothing where no driver is.
  return openDawn(name)
    .requestAdapter()
    .catch(() => null)
}

/**
 * Returns the name of every adapter of this machine, of equal ones several times. WebGPU itself hands out one; Dawn names all to who asks for one
 * that is not there.
 */
export async function adapterNames(): Promise<string[]> {
  const told = await openDawn('no adapter has this name')
    .requestAdapter()
    .then(() => '', String)
  return [...told.matchAll(/name: '(.*)'/g)].map(([, name = '']) => name)
}

/** Says what an adapter is. */
export function describeAdapter(name: string, { info, limits, features }: GPUAdapter): Adapter {
  return {
    name,
    vendor: info.vendor,
    architecture: info.architecture,
    driver: info.description,
    isSoftware: info.isFallbackAdapter || SOFTWARE.test(`${name} ${info.architecture}`),
    maxBufferBytes: Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize),
    features: [...features].sort(),
  }
}
