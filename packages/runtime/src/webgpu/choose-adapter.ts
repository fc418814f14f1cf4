import type { Gpu } from '@souk/protocol'
import { RuntimeError } from '../errors.ts'
import type { Adapter } from './guest/messages.ts'

/**
 * Returns the adapter that is a leased GPU: of its vendor, with exactly its model as the name, else the only one whose
 * name is like it; where the machine has one adapter of that vendor, that one. Only a software GPU is a software adapter.
 *
 * Throws {@link RuntimeError} `NOT_OFFERED` where there is none, or nobody can say which of several it is.
 */
export function chooseAdapter(gpu: Gpu, adapters: readonly Adapter[]): Adapter {
  const { family, model } = gpu
  const wantsSoftware = family === 'software'
  const fitting = adapters.filter(
    ({ isSoftware, vendor }) => isSoftware === wantsSoftware && (wantsSoftware || vendor === family),
  )
  const exact = fitting.find(({ name }) => wordsOf(name).join() === wordsOf(model).join())
  if (exact !== undefined) return exact
  const alike = fitting.filter(({ name }) => isSameModel(name, model))
  if (alike.length > 1 && !wantsSoftware)
    throw notOffered(gpu, alike, 'run this process where it sees one of them alone, as in a container')
  const only = fitting.length === 1 || wantsSoftware ? fitting[0] : undefined
  const found = alike[0] ?? only
  if (found !== undefined) return found
  throw notOffered(gpu, adapters, 'install the Vulkan driver of that GPU')
}

function notOffered({ id, model }: Gpu, adapters: readonly Adapter[], cure: string): RuntimeError {
  const names = adapters.map(({ name }) => name).join(', ') || 'none'
  return new RuntimeError(`expected an adapter for the GPU ${id} (${model}), got ${names}; ${cure}`, {
    ...{ code: 'NOT_OFFERED', id, adapters: names },
  })
}

/** Compares names of tools and drivers, which write them differently: `NVIDIA A100-SXM4-40GB`, `A100 SXM4 40GB`. */
function isSameModel(a: string, b: string): boolean {
  const [one, other] = [wordsOf(a), wordsOf(b)]
  return one.every((word) => other.includes(word)) || other.every((word) => one.includes(word))
}

function wordsOf(name: string): string[] {
  const words = name.toLowerCase().split(/[^a-z0-9]+/)
  return words.filter((word) => word !== '' && word !== 'nvidia' && word !== 'amd' && word !== 'apple')
}
