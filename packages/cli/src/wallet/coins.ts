import { formatAmount } from '@souk/market'

/** Shows wei in whole native coins, to six digits after the point. */
export function coins(wei: bigint): string {
  const step = 10n ** 12n
  if (wei > 0n && wei < step) return 'less than 0.000001'
  return formatAmount((wei / step) * step, 18)
}
