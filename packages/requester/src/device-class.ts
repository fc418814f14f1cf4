import type { Comparator } from '@souk/availability'
import { type Candidate, suitable } from '@souk/market'
import type { Demand, Gpu } from '@souk/protocol'
import { noDeviceClass } from './job-error.ts'

type GpuWish = NonNullable<Demand['resources']['gpu']>

/** A model of GPU, and the accounts that offer enough of it, in the order of their offers. */
interface DeviceClass {
  readonly model: string
  readonly accounts: Set<string>
  /** Where in the offers, best first, the one stands with which it has enough accounts. */
  readonly rank: number
}

/**
 * Returns a demand for GPUs of one model, where results of different models would be compared by tolerance: they round
 * differently, so that honest providers would contradict each other. It is the model of which enough accounts have one
 * at the best price, for all that may be asked if possible, else for those that must agree. Any other demand is returned
 * as it is.
 *
 * Throws `JobError` `NO_DEVICE_CLASS` where no model is offered by k accounts, saying what is.
 */
export function withDeviceClass(
  demand: Demand,
  comparator: Comparator,
  { k, n }: { readonly k: number; readonly n: number },
  candidates: readonly Candidate[],
): Demand {
  const { gpu } = demand.resources
  if (comparator.kind !== 'tolerance' || gpu === null || gpu.count === 0 || k === 1) return demand
  const [best] = classesWith(n, gpu, candidates).concat(classesWith(k, gpu, candidates))
  if (best === undefined) {
    const offered = classesWith(1, gpu, candidates).map(
      ({ model, accounts }) => `${accounts.size} of ${model}`,
    )
    throw noDeviceClass(gpu.family, k, offered)
  }
  const model = exactly(best.model)
  return { ...demand, resources: { ...demand.resources, gpu: { ...gpu, model } } }
}

/** Returns the models that at least `enough` accounts offer, the cheapest first. */
function classesWith(enough: number, wish: GpuWish, candidates: readonly Candidate[]): DeviceClass[] {
  const found = new Map<string, { accounts: Set<string>; rank: number }>()
  for (const [at, { entry }] of candidates.entries()) {
    for (const model of modelsOf(entry.offer.free.gpus, wish)) {
      const one = found.get(model) ?? { accounts: new Set(), rank: Number.POSITIVE_INFINITY }
      found.set(model, one)
      one.accounts.add(entry.offer.account)
      if (one.accounts.size === enough) one.rank = Math.min(one.rank, at)
    }
  }
  const classes = [...found].map(([model, { accounts, rank }]) => ({ model, accounts, rank }))
  return classes.filter(({ accounts }) => accounts.size >= enough).sort((a, b) => a.rank - b.rank)
}

/** Returns the models of which an offer has as many GPUs as are wanted. */
function modelsOf(free: readonly Gpu[], wish: GpuWish): string[] {
  const fitting = suitable(free, wish).map(({ model }) => model)
  return [...new Set(fitting)].filter((model) => fitting.filter((one) => one === model).length >= wish.count)
}

/** Returns a pattern of this one model: what would stand for others in it stands for one character. */
function exactly(model: string): string {
  return model.replaceAll('*', '?')
}
