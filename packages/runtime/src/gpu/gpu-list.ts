import { type Gpu, gpu, LIMITS } from '@souk/protocol'

/** Names of adapters that compute on the processor or belong to a virtual screen: no hardware to sell. */
const SOFTWARE = /llvmpipe|softpipe|swiftshader|pocl|basic render|paravirtual|virtio|vmware|virtualbox|qxl/i

/** Keeps what is real hardware, named within the wire's bounds, each id once. */
export function parseGpuList(gpus: readonly Gpu[]): Gpu[] {
  const byId = new Map<string, Gpu>()
  for (const candidate of gpus) {
    const parsed = gpu.safeParse({ ...candidate, vramBytes: Math.floor(candidate.vramBytes) })
    if (parsed.success && !SOFTWARE.test(parsed.data.model)) byId.set(parsed.data.id, parsed.data)
  }
  return [...byId.values()].slice(0, LIMITS.offerGpus)
}

/** Parses JSON from a tool, skipping what it says before it; returns undefined for anything else. */
export function parseJson(text: string): unknown {
  const start = text.search(/[[{]/)
  if (start === -1) return undefined
  try {
    return JSON.parse(text.slice(start))
  } catch {
    return undefined
  }
}
