import type { Offer } from '@souk/protocol'
import { requirementsRateE12 } from './price.ts'

/** Seconds of an offer's whole free capacity that its account must be able to put up to be taken seriously. */
const BOND_SECONDS = 60

/** Returns the base units that an account must be able to lock for its offer to count as bonded, rounded up. */
export function bondOf({ prices, free }: Pick<Offer, 'prices' | 'free'>): bigint {
  const rateE12 = requirementsRateE12(prices, { ...free, gpu: null })
  return prices.startFee + (rateE12 * BigInt(BOND_SECONDS) + 10n ** 12n - 1n) / 10n ** 12n
}
