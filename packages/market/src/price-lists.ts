import type { Prices } from '@souk/protocol'
import type { PriceList } from './offer-entry.ts'

/** Price lists in use, one object for all that ask the same: equal objects mean equal prices. */
export interface PriceLists {
  /** Returns the shared list of these prices and counts one use. */
  acquire(prices: Prices): PriceList
  /** Ends one use; an unused list is forgotten. */
  release(list: PriceList): void
}

/** Creates an empty set of price lists. */
export function createPriceLists(): PriceLists {
  const lists = new Map<string, { list: PriceList; uses: number }>()
  return {
    acquire(prices) {
      const key = keyOf(prices)
      const shared = lists.get(key) ?? { list: priceList(prices), uses: 0 }
      shared.uses++
      lists.set(key, shared)
      return shared.list
    },
    release(list) {
      const key = keyOf(list.exact)
      const shared = lists.get(key)
      if (shared !== undefined && --shared.uses === 0) lists.delete(key)
    },
  }
}

function priceList(exact: Prices): PriceList {
  return {
    exact,
    coreSecondE12: Number(exact.coreSecondE12),
    gibSecondE12: Number(exact.gibSecondE12),
    gpuSecondE12: Number(exact.gpuSecondE12),
  }
}

/** Start fees have no part in a rate. */
function keyOf({ coreSecondE12, gibSecondE12, gpuSecondE12 }: Prices): string {
  return `${coreSecondE12}/${gibSecondE12}/${gpuSecondE12}`
}
