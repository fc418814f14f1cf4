import type { Gpu } from '@souk/protocol'
import { RuntimeError } from '../errors.ts'
import type { Adapter } from './guest/messages.ts'

/**
 * Returns the adapter that is a leased GPU: of its vendor, with its model in the name; where the machine has one adapter
 * of that vendor, that one. Only a software GPU is a software adapter.
 *
 * Throws {@link RuntimeError} `NOT_OFFERED` where there is none.
 */
export function chooseAdapter({ id, family, model }: Gpu, adapters: readonly Adapter[]): Adapter {
  const wantsSoftware = family === 'software'
  const fitting = adapters.filter(
    ({ isSoftware, vendor }) => isSoftware === wantsSoftware && (wantsSoftware || vendor === family),
  )
  const named = fitting.find(({ name }) => isSameModel(name, model))
  const only = fitting.length === 1 || wantsSoftware ? fitting[0] : undefined
  const found = named ?? only
  if (found !== undefined) return found
  const names = adapters.map(({ name }) => name).join(', ') || 'none'
  throw new RuntimeError(
    `expected an adapter for the GPU ${id} (${model}), got ${names}; install the Vulkan driver of that GPU`,
    { code: 'NOT_OFFERED', id, adapters: names },
  )
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
