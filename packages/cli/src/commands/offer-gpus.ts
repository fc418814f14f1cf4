import { matchesGlob } from '@souk/market'
import type { Demand, GpuClass, GpuHealth } from '@souk/protocol'
import type { OfferRow } from '@souk/requester/node'
import type { NetworkConfig } from '@souk/settlement'
import { Option } from 'commander'
import { percents } from './offer-evidence.ts'
import { hourly, short, size } from './shared.ts'

/**
 * What offers can be sorted by: their price, that price over their score, as leases are bought, or the price of a GPU for
 * a unit of what was measured on it.
 */
export type GpuOrder = 'price' | 'worth' | 'fp32' | 'fp16' | 'memory'

/** Makes the option of commands that list offers. */
export function sortOption(): Option {
  return new Option('--sort <by>', "price, worth (price over score), or a GPU's price per TFLOPS or GB/s")
    .choices(['price', 'worth', 'fp32', 'fp16', 'memory'])
    .default('price')
}

/** Tells whether any offer has GPUs to show. */
export function haveGpus(offers: readonly OfferRow[]): boolean {
  return offers.some(({ free }) => free.gpus.length > 0)
}

/**
 * Sorts offers by what a measured unit of their best suitable GPU costs; those that fit stay before those that do not,
 * and offers without a measurement go last. By `price` the order stays as it is.
 */
export function sortOffers(offers: readonly OfferRow[], order: GpuOrder, demand: Demand): OfferRow[] {
  if (order === 'price') return [...offers]
  const cost = (offer: OfferRow) => {
    if (order === 'worth') return Number(offer.rateE12) / Math.max(1, percents(offer.reliability))
    return Math.min(...classesOf(offer, demand).map((one) => unitCost(offer, one, order)))
  }
  const costs = new Map(offers.map((offer) => [offer, cost(offer)]))
  const costOf = (offer: OfferRow) => costs.get(offer) ?? Number.POSITIVE_INFINITY
  return offers.toSorted(
    (a, b) => Number(a.reason !== null) - Number(b.reason !== null) || compare(costOf(a), costOf(b)),
  )
}

/** Compares numbers of which some are infinite: equal ones stay in their order. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1
}

/** Returns the classes that a demand's GPUs may be of; all without such a demand. */
function classesOf({ gpuClasses }: OfferRow, { resources: { gpu } }: Demand): readonly GpuClass[] {
  if (gpu === null) return gpuClasses
  return gpuClasses.filter(({ family, model }) => family === gpu.family && matchesGlob(gpu.model, model))
}

const MEASURES = { fp32: 'fp32Gflops', fp16: 'fp16Gflops', memory: 'memoryMbPerSecond' } as const

/** Returns what a thousandth of a TFLOPS or of a GB/s costs, in base units × 1e12 per second. */
function unitCost({ gpuSecondE12 }: OfferRow, { speed }: GpuClass, order: keyof typeof MEASURES): number {
  const measured = speed?.[MEASURES[order]] ?? 0
  return measured > 0 ? Number(gpuSecondE12) / measured : Number.POSITIVE_INFINITY
}

export const GPU_HEAD = [
  'provider',
  'GPUs',
  'driver',
  'price of one',
  'TFLOPS fp32/fp16',
  'GB/s',
  'proven',
  'marks',
] as const

/** Returns a row for each model among an offer's free GPUs. */
export function gpuRows(config: NetworkConfig, offer: OfferRow, nowMs: number): string[][] {
  return offer.gpuClasses.map(({ family, model, driver, api, speed, proof, marks }) => {
    const gpus = offer.free.gpus.filter((gpu) => gpu.family === family && gpu.model === model)
    const memory = Math.min(...gpus.map(({ vramBytes }) => vramBytes))
    return [
      short(offer.peerId),
      `${gpus.length} × ${model}${memory > 0 && gpus.length > 0 ? `, ${size(memory)}` : ''}`,
      [driver, api].filter((word) => word !== null).join(', ') || '–',
      hourly(config, offer.gpuSecondE12),
      speed === null ? '–' : `${thousands(speed.fp32Gflops)}/${thousands(speed.fp16Gflops)}`,
      speed === null ? '–' : thousands(speed.memoryMbPerSecond),
      proof === null ? 'no' : `${age(nowMs / 1000 - proof.proven)} ago`,
      marks.join(', ') || '–',
    ]
  })
}

function thousands(value: number): string {
  return value === 0 ? '–' : String(Number((value / 1000).toPrecision(3)))
}

/** Says how a leased GPU is, as far as its provider's tools know. */
export function healthWords({ present, busy, usedBytes, celsius, watts, memoryErrors }: GpuHealth): string {
  if (!present) return 'gone'
  const words = [
    busy === null ? null : `${busy / 10} % busy`,
    usedBytes === null ? null : size(usedBytes),
    celsius === null ? null : `${celsius} °C`,
    watts === null ? null : `${watts} W`,
    memoryErrors === null || memoryErrors === 0 ? null : `${memoryErrors} memory errors`,
  ]
  return words.filter((word) => word !== null).join(', ') || 'there'
}

/** Shows seconds in the largest unit of which there is one. */
export function age(seconds: number): string {
  const units = [
    [86_400, 'd'],
    [3_600, 'h'],
    [60, 'min'],
  ] as const
  for (const [length, unit] of units) if (seconds >= length) return `${Math.floor(seconds / length)} ${unit}`
  return `${Math.max(0, Math.floor(seconds))} s`
}
