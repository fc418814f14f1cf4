import { adapterNames, openDawn } from './dawn.ts'
import type { Adapter, ListedAdapters } from './messages.ts'

/** The process that lists what WebGPU finds on this machine, and tells it to its parent. */

/** Names of drivers that compute on processors and do not say so themselves. */
const SOFTWARE = /llvmpipe|lavapipe|swiftshader|basic render/i

async function look(name: string): Promise<Adapter[]> {
  const adapter = await openDawn(name).requestAdapter()
  if (adapter === null) return []
  const { info, limits, features } = adapter
  return [
    {
      name,
      vendor: info.vendor,
      architecture: info.architecture,
      driver: info.description,
      isSoftware: info.isFallbackAdapter || SOFTWARE.test(`${name} ${info.architecture}`),
      maxBufferBytes: Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize),
      features: [...features].sort(),
    },
  ]
}

async function list(): Promise<ListedAdapters> {
  const adapters: Adapter[] = []
  for (const name of await adapterNames()) adapters.push(...(await look(name)))
  return { adapters }
}

process.on('disconnect', () => process.exit())
// Stays until it is killed, so that what it said is read before its end.
process.channel?.ref()
process.send?.(await list())
