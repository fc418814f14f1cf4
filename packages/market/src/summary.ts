import type { GpuFamily, RuntimeName, TakenCapacity } from '@souk/protocol'
import type { OfferEntry } from './offer-entry.ts'
import { perHour } from './price.ts'

/** Amounts of one class; cores in thousandths, GPUs one by one. */
export interface ClassAmounts {
  readonly free: number
  /** `null` where no provider of the class says. */
  readonly leased: number | null
  readonly reserved: number | null
}

/** What the offers of one class come to. */
export interface CapacityClass extends ClassAmounts {
  readonly kind: 'cores' | 'gpus'
  /** The engine, of cores; the same core is counted for each engine that its provider runs. */
  readonly runtime: RuntimeName | null
  /** Of GPUs. */
  readonly family: GpuFamily | null
  readonly model: string | null
  readonly providers: number
  /** Providers that do not say what is leased and reserved: the amounts are without theirs. */
  readonly silent: number
  /** Base units for an hour of one core or one GPU, over the offers. */
  readonly price: PriceRange
}

export interface PriceRange {
  readonly min: bigint
  /** The lower of the two in the middle, where they are even in number. */
  readonly median: bigint
  readonly max: bigint
}

/** One provider's part in a class. */
interface Share {
  readonly free: number
  readonly taken: { readonly leased: number; readonly reserved: number } | null
  readonly hourly: bigint
}

/**
 * Adds up what offers say is free, leased and reserved, by class: cores by engine, then GPUs by model. Leased and
 * reserved GPUs beyond the models that an offer has room for are not seen.
 */
export function summarizeOffers(entries: readonly OfferEntry[]): CapacityClass[] {
  return [...coreClasses(entries), ...gpuClasses(entries)]
}

function coreClasses(entries: readonly OfferEntry[]): CapacityClass[] {
  const byRuntime = new Map<RuntimeName, Share[]>()
  for (const { offer } of entries) {
    const share = {
      free: offer.free.millicores,
      taken: takenOf(offer.leased, offer.reserved, ({ millicores }) => millicores),
      hourly: perHour(offer.prices.coreSecondE12),
    }
    for (const { name } of offer.runtimes) addTo(byRuntime, name, share)
  }
  return [...byRuntime].map(([runtime, shares]) => ({
    ...{ kind: 'cores' as const, runtime, family: null, model: null },
    ...totals(shares),
  }))
}

function gpuClasses(entries: readonly OfferEntry[]): CapacityClass[] {
  const byModel = new Map<string, Share[]>()
  const names = new Map<string, { family: GpuFamily; model: string }>()
  for (const { offer } of entries) {
    const told = [...(offer.leased?.gpus ?? []), ...(offer.reserved?.gpus ?? [])]
    const own = new Map([...offer.free.gpus, ...told].map((gpu) => [keyOf(gpu), gpu]))
    for (const [key, { family, model }] of own) {
      names.set(key, { family, model })
      addTo(byModel, key, {
        free: offer.free.gpus.filter((gpu) => keyOf(gpu) === key).length,
        taken: takenOf(offer.leased, offer.reserved, (taken) => gpusOf(taken, key)),
        hourly: perHour(offer.prices.gpuSecondE12),
      })
    }
  }
  return [...byModel].map(([key, shares]) => {
    const { family = null, model = null } = names.get(key) ?? {}
    return { kind: 'gpus' as const, runtime: null, family, model, ...totals(shares) }
  })
}

function takenOf(
  leased: TakenCapacity | undefined,
  reserved: TakenCapacity | undefined,
  amount: (taken: TakenCapacity) => number,
): Share['taken'] {
  if (leased === undefined || reserved === undefined) return null
  return { leased: amount(leased), reserved: amount(reserved) }
}

function gpusOf({ gpus }: TakenCapacity, key: string): number {
  return gpus.reduce((sum, gpu) => (keyOf(gpu) === key ? sum + gpu.count : sum), 0)
}

function totals(shares: readonly Share[]): Omit<CapacityClass, 'kind' | 'runtime' | 'family' | 'model'> {
  const told = shares.flatMap(({ taken }) => taken ?? [])
  const sum = (values: readonly number[]) => values.reduce((all, one) => all + one, 0)
  const known = (values: readonly number[]) => (told.length === 0 ? null : sum(values))
  return {
    providers: shares.length,
    silent: shares.length - told.length,
    free: sum(shares.map(({ free }) => free)),
    leased: known(told.map(({ leased }) => leased)),
    reserved: known(told.map(({ reserved }) => reserved)),
    price: rangeOf(shares.map(({ hourly }) => hourly)),
  }
}

function rangeOf(values: readonly bigint[]): PriceRange {
  const sorted = values.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  const at = (index: number) => sorted[index] ?? 0n
  return { min: at(0), median: at((sorted.length - 1) >> 1), max: at(sorted.length - 1) }
}

function keyOf({ family, model }: { readonly family: GpuFamily; readonly model: string }): string {
  return `${family}/${model}`
}

function addTo<K>(shares: Map<K, Share[]>, key: K, share: Share): void {
  const list = shares.get(key) ?? []
  list.push(share)
  shares.set(key, list)
}
