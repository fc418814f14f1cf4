/** When vouchers of leases that run are redeemed: what may be at stake, and what gas may cost. */
export interface ExposurePolicy {
  /** Base units of unredeemed vouchers on one lease from which they are redeemed. */
  readonly leaseUnits: bigint
  /** Base units of unredeemed vouchers on all leases together from which all worth it are redeemed. */
  readonly totalUnits: bigint
  /** Base units of the token that 10¹⁸ wei are worth; zero where gas costs nothing that counts. */
  readonly unitsPerCoin: bigint
}

/** What one voucher would bring now. */
export interface Exposed {
  /** Base units. */
  readonly worth: bigint
}

/** Gas of one redemption among several, rounded up; alone it takes twice that. */
const REDEEM_GAS = 26_000n
/** A redemption brings at least this many times what its gas costs: until then it waits for more. */
const GAS_TIMES = 50n
const WEI_PER_COIN = 10n ** 18n

/** Returns the policy for a token: one whole token on a lease, five on all, gas for nothing. */
export function defaultExposure(tokenDecimals: number): ExposurePolicy {
  const token = 10n ** BigInt(tokenDecimals)
  return { leaseUnits: token, totalUnits: 5n * token, unitsPerCoin: 0n }
}

/**
 * Chooses which vouchers of running leases to redeem now at `feePerGas` wei: none while little is exposed; beyond
 * the limit of one lease it and those that are half way there, beyond the limit in total all, as far as they are
 * worth their gas.
 */
export function exposedTooMuch<T extends Exposed>(
  waiting: readonly T[],
  policy: ExposurePolicy,
  feePerGas: bigint,
): T[] {
  const floor = GAS_TIMES * redeemCost(policy, feePerGas)
  const worthIt = waiting.filter(({ worth }) => worth > 0n && worth >= floor)
  const total = waiting.reduce((sum, { worth }) => sum + worth, 0n)
  if (total >= policy.totalUnits) return worthIt
  if (!worthIt.some(({ worth }) => worth >= policy.leaseUnits)) return []
  return worthIt.filter(({ worth }) => 2n * worth >= policy.leaseUnits)
}

/** Base units that one redemption costs at `feePerGas` wei, rounded up. */
function redeemCost({ unitsPerCoin }: ExposurePolicy, feePerGas: bigint): bigint {
  return (REDEEM_GAS * feePerGas * unitsPerCoin + WEI_PER_COIN - 1n) / WEI_PER_COIN
}
