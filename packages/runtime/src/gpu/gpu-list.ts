import { gpu, LIMITS } from '@souk/protocol'
import { type GpuDevice, gpuOf } from './inventory.ts'

/** Names of adapters that compute on the processor or belong to a virtual screen: no hardware to sell. */
const SOFTWARE = /llvmpipe|softpipe|swiftshader|pocl|basic render|paravirtual|virtio|vmware|virtualbox|qxl/i
/** Characters of a driver's and an interface's version that an offer has room for. */
const WORDS = { driver: 48, api: 32, link: 32 } as const
/** Places of a text in which a tool's JSON is looked for: it comes behind a few warnings. */
const MOST_STARTS = 16

/** Keeps what is real hardware, named within the wire's bounds, each id once. */
export function parseGpuList(devices: readonly GpuDevice[]): GpuDevice[] {
  const byId = new Map<string, GpuDevice>()
  for (const candidate of devices) {
    const parsed = gpu.safeParse(gpuOf({ ...candidate, vramBytes: Math.floor(candidate.vramBytes) }))
    if (!parsed.success || SOFTWARE.test(parsed.data.model)) continue
    const { driver, api, link } = candidate
    byId.set(parsed.data.id, {
      ...candidate,
      ...parsed.data,
      ...{
        driver: bounded(driver, WORDS.driver),
        api: bounded(api, WORDS.api),
        link: bounded(link, WORDS.link),
      },
    })
  }
  return [...byId.values()].slice(0, LIMITS.offerGpus)
}

/** Returns what a tool says of a device, or `undefined` where it says in one of its ways that it does not know. */
export function known(text: string | undefined): string | undefined {
  const word = text?.trim() ?? ''
  const isUnknown =
    /^\[?(n\/?a|none|unknown( error)?|not supported|err!|deprecated|insufficient permissions)?\]?$/i
  return isUnknown.test(word) ? undefined : word
}

/** Returns a PCI address as Linux writes it, or `null` for anything else: some tools write eight digits of domain. */
export function busOf(text: string | undefined): string | null {
  const match = /^(?:([0-9a-f]{4,8}):)?([0-9a-f]{2}:[0-9a-f]{2}\.[0-7])$/i.exec(text?.trim() ?? '')
  if (match === null) return null
  return `${(match[1] ?? '0000').slice(-4)}:${match[2]}`.toLowerCase()
}

/** Returns `PCIe 4.0 x16`; `null` where either number is unknown. */
export function pcieLink(generation: string | undefined, lanes: string | undefined): string | null {
  const [gen, width] = [Number(known(generation)), Number(known(lanes))]
  const isLink = Number.isInteger(gen) && Number.isInteger(width) && gen > 0 && width > 0
  return isLink && gen < 10 && width <= 32 ? `PCIe ${gen}.0 x${width}` : null
}

/** Parses JSON from a tool, skipping what it says before it; returns undefined for anything else. */
export function parseJson(text: string): unknown {
  const starts = [...text.matchAll(/^[ \t]*[[{]/gm)].slice(0, MOST_STARTS)
  for (const { index } of starts) {
    try {
      return JSON.parse(text.slice(index))
    } catch {
      // A warning that begins with a bracket, perhaps.
    }
  }
  return undefined
}

function bounded(text: string | null, most: number): string | null {
  const clean = text === null ? '' : text.replace(/[^\x20-\x7e]/g, '').trim()
  return clean === '' ? null : clean.slice(0, most)
}
