import { formatAmount } from '@souk/market'
import type { Hex } from '@souk/protocol'

/** The token's name and unit, as a network file tells them. */
export interface TokenUnit {
  readonly tokenSymbol: string
  readonly tokenDecimals: number
}

/** Keeps the digits of a number on one line. */
const THIN_SPACE = '\u202f'

/** Shows base units exactly, in whole tokens, with the digits before the point in groups of three. */
export function shownAmount(baseUnits: bigint, unit: TokenUnit): string {
  return `${shownNumber(baseUnits, unit.tokenDecimals)}\u00a0${unit.tokenSymbol}`
}

/** Shows base units exactly, without the symbol. */
export function shownNumber(baseUnits: bigint, decimals: number): string {
  const [whole = '', fraction] = formatAmount(baseUnits, decimals).split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, THIN_SPACE)
  return fraction === undefined ? grouped : `${grouped}.${fraction}`
}

/** Shows wei in whole coins, cut (not rounded) to six decimals. */
export function shownCoins(wei: bigint): string {
  return shownNumber(wei / 10n ** 12n, 6)
}

/** Shortens an address or a digest to what people compare. */
export function shortHex(hex: Hex): string {
  return `${hex.slice(0, 6)}…${hex.slice(-4)}`
}

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Says how long ago something was, in one unit; `seconds` may be slightly negative where clocks differ. */
export function shownAge(seconds: number): string {
  if (seconds < 5) return 'just now'
  if (seconds < MINUTE) return `${Math.floor(seconds)} s ago`
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)} min ago`
  if (seconds < DAY) return `${Math.floor(seconds / HOUR)} h ago`
  return `${Math.floor(seconds / DAY)} d ago`
}

/** Says how much longer something lasts, in one unit, rounded down. */
export function shownRest(seconds: number): string {
  if (seconds <= 0) return 'over'
  if (seconds < MINUTE) return `${Math.ceil(seconds)} s left`
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)} min left`
  if (seconds < DAY) return `${Math.floor(seconds / HOUR)} h left`
  return `${Math.floor(seconds / DAY)} d left`
}
