import { adapterNames, describeAdapter, openAdapter } from './dawn.ts'
import type { Adapter, ListedAdapters } from './messages.ts'

/** The process that lists what WebGPU finds on this machine, and tells it to its parent. */

async function list(): Promise<ListedAdapters> {
  const adapters: Adapter[] = []
  for (const name of new Set(await adapterNames())) {
    const adapter = await openAdapter(name)
    if (adapter !== null) adapters.push(describeAdapter(name, adapter))
  }
  return { adapters }
}

process.on('disconnect', () => process.exit())
// Stays until it is killed, so that what it said is read before its end.
process.channel?.ref()
process.send?.(await list())
