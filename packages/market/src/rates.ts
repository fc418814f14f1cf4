import type { Demand } from '@souk/protocol'
import type { PriceList } from './offer-entry.ts'
import { requirementsRateE12 } from './price.ts'

/** Relative error of an approximate rate: a few roundings of 2^-53 each, with room to spare. */
const RELATIVE_ERROR = 1e-14
/** Absolute error in units of 1e-12: the exact rate rounds two parts up. */
const ABSOLUTE_ERROR = 4

/** What a demand costs at each price list, base units × 1e12 per second. */
export interface Rates {
  /** Returns the rate in floating point: exact ones cost a microsecond, too much for every offer. */
  approximate(list: PriceList): number
  /** Returns the exact rate, worked out once per price list. */
  exact(list: PriceList): bigint
}

/** Makes the rates of one demand. */
export function createRates({ resources }: Demand): Rates {
  const cores = resources.millicores / 1_000
  const gibs = resources.memoryBytes / 2 ** 30
  const gpus = resources.gpu?.count ?? 0
  const known = new Map<PriceList, bigint>()
  return {
    approximate: (list) => list.coreSecondE12 * cores + list.gibSecondE12 * gibs + list.gpuSecondE12 * gpus,
    exact(list) {
      const rate = known.get(list) ?? requirementsRateE12(list.exact, resources)
      known.set(list, rate)
      return rate
    },
  }
}

/** Tells whether the exact rate behind `a` is above the one behind `b` for certain; if not, compare those. */
export function isSurelyAbove(a: number, b: number): boolean {
  return a - b > (a + b) * RELATIVE_ERROR + ABSOLUTE_ERROR
}
