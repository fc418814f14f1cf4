import { formatAmount } from '@souk/market'

/** Digits after the point that tell something: those before the first that is not 0 do not count. */
const TELLING_DIGITS = 6

/** Shows base units in token units for a table: exact where that is short, else cut off and marked with `…`. */
export function shortAmount(baseUnits: bigint, decimals: number): string {
  const exact = formatAmount(baseUnits, decimals)
  const [whole = '', fraction = ''] = exact.split('.')
  const zeros = /^-?0$/.test(whole) ? fraction.length - fraction.replace(/^0+/, '').length : 0
  const kept = fraction.slice(0, zeros + TELLING_DIGITS)
  return kept.length === fraction.length ? exact : `${whole}.${kept}…`
}
