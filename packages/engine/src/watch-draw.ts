import { fromHex, type Hex, sha256, toHex } from '@souk/protocol'

const COUNTER_DIGITS = 16
const FRACTION_DIGITS = 12

/** Unforeseeable values from a secret that was handed in: equal secrets give equal values, in order. */
export interface Draws {
  /** 32 random bytes, fresh in every run of a process. */
  readonly secret: Hex
  drawn: number
}

/** Returns the next 32 bytes. */
export function drawBytes(draws: Draws): Hex {
  const counter = draws.drawn.toString(16).padStart(COUNTER_DIGITS, '0')
  draws.drawn += 1
  return toHex(sha256(fromHex(`${draws.secret}${counter}`)))
}

/** Returns the next number in [0, 1). */
export function drawFraction(draws: Draws): number {
  const digits = drawBytes(draws).slice(2, 2 + FRACTION_DIGITS)
  return Number.parseInt(digits, 16) / 16 ** FRACTION_DIGITS
}
