import { SoukError } from '@souk/protocol'

/** Text that is no amount of money. */
export class AmountError extends SoukError<{ code: 'BAD_AMOUNT'; text: string; decimals: number }> {}

/** Digits that the largest 256-bit amount needs, twice over: for the sign of reason on hand-written input. */
const MAX_TEXT = 160

/** Writes base units as an exact decimal number of whole tokens, without trailing zeros. */
export function formatAmount(baseUnits: bigint, decimals: number): string {
  const sign = baseUnits < 0n ? '-' : ''
  const digits = (baseUnits < 0n ? -baseUnits : baseUnits).toString().padStart(decimals + 1, '0')
  const whole = digits.slice(0, digits.length - decimals)
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '')
  return `${sign}${whole}${fraction === '' ? '' : `.${fraction}`}`
}

/**
 * Reads a decimal number of whole tokens, such as `12` or `0.5`, as base units.
 *
 * Throws {@link AmountError} for anything else, also for more decimals than the token has: money is never rounded
 * behind someone's back.
 */
export function parseAmount(text: string, decimals: number): bigint {
  const [, whole, fraction = ''] = /^(\d+)(?:\.(\d+))?$/.exec(text.trim()) ?? []
  if (whole === undefined || fraction.length > decimals || text.length > MAX_TEXT) {
    throw new AmountError(
      `expected an amount such as 12 or 0.5 with at most ${decimals} decimals, got ${JSON.stringify(text.slice(0, 40))}`,
      { code: 'BAD_AMOUNT', text: text.slice(0, MAX_TEXT), decimals },
    )
  }
  return BigInt(whole + fraction.padEnd(decimals, '0'))
}
