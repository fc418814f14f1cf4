import { create, globals } from 'webgpu'

/** Everything that `create` returned: the process crashes where the collector takes one away. */
const opened: GPU[] = []

/** Opens WebGPU for the adapters with this in their name; for all without one. */
export function openDawn(name?: string): GPU {
  const gpu = create(name === undefined ? [] : [`adapter=${name}`])
  if (opened.length === 0) Object.assign(globalThis, globals)
  opened.push(gpu)
  Object.assign(globalThis, { soukDawn: opened })
  return gpu
}

/**
 * Returns the names of all adapters of this machine. WebGPU itself hands out one; Dawn names all to who asks for one
 * that is not there.
 */
export async function adapterNames(): Promise<string[]> {
  const told = await openDawn('no adapter has this name')
    .requestAdapter()
    .then(
      () => '',
      (error: unknown) => String(error),
    )
  return [...new Set([...told.matchAll(/name: '(.*)'/g)].map(([, name = '']) => name))]
}
