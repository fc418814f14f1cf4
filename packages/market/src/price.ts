import type { Prices, Requirements, Resources } from '@souk/protocol'

const E12 = 10n ** 12n
const SECONDS_PER_HOUR = 3_600n
const MILLICORES_PER_CORE = 1_000n
const BYTES_PER_GIB = 2n ** 30n

/**
 * Returns the price of `resources` in base units × 1e12 per second.
 *
 * The parts for cores and for memory are each rounded up, so that no fraction of the machine is free. Disk has
 * no price.
 */
export function rateE12(prices: Prices, resources: Resources): bigint {
  return rate(prices, resources.millicores, resources.memoryBytes, resources.gpus.length)
}

/** Returns the price of what a demand asks for, the same as {@link rateE12} of the resources it would be given. */
export function requirementsRateE12(prices: Prices, wanted: Requirements): bigint {
  return rate(prices, wanted.millicores, wanted.memoryBytes, wanted.gpu?.count ?? 0)
}

/** Returns base units per hour for a rate, rounded up. */
export function perHour(rateE12: bigint): bigint {
  return divideUp(rateE12 * SECONDS_PER_HOUR, E12)
}

/** Returns the highest rate, base units × 1e12 per second, that costs at most `baseUnits` per hour; rounds down. */
export function rateOfHour(baseUnits: bigint): bigint {
  return (baseUnits * E12) / SECONDS_PER_HOUR
}

function rate(prices: Prices, millicores: number, memoryBytes: number, gpus: number): bigint {
  return (
    divideUp(prices.coreSecondE12 * BigInt(millicores), MILLICORES_PER_CORE) +
    divideUp(prices.gibSecondE12 * BigInt(memoryBytes), BYTES_PER_GIB) +
    prices.gpuSecondE12 * BigInt(gpus)
  )
}

function divideUp(amount: bigint, by: bigint): bigint {
  return (amount + by - 1n) / by
}
