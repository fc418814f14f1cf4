import { assert } from '@souk/protocol'

/** Standard deviations of a one-sided bound that holds 95 times in 100. */
const Z = 1.645

/**
 * Returns the lower bound of a share, in [0, 1), that is met or exceeded with 95 % confidence.
 *
 * The score interval of Wilson, "Probable inference, the law of succession, and statistical inference" (1927), one
 * side of it; weights need not be whole. Nothing seen gives 0.
 */
export function wilsonLower(good: number, bad: number): number {
  assert(good >= 0 && bad >= 0, 'weights are not negative')
  const total = good + bad
  if (total === 0) return 0
  const share = good / total
  const spread = Z * Math.sqrt((share * (1 - share)) / total + (Z / total) ** 2 / 4)
  return Math.max(0, (share + Z ** 2 / (2 * total) - spread) / (1 + Z ** 2 / total))
}

/**
 * Returns the upper bound of a rate of which `events` were seen in `exposure`, with 95 % confidence; in events per
 * unit of exposure.
 *
 * The quantile of a gamma distribution by the cube root of Wilson and Hilferty, "The distribution of chi-square"
 * (1931), within 1 % from one event on.
 */
export function rateUpper(events: number, exposure: number): number {
  assert(events > 0 && exposure > 0, 'a rate has events and exposure, if only assumed ones')
  return (events * (1 - 1 / (9 * events) + Z / (3 * Math.sqrt(events))) ** 3) / exposure
}
