import { keccak_256 } from '@noble/hashes/sha3.js'
import { concat } from 'uint8arrays/concat'
import { fromHex, type Hex, toHex } from './bytes.ts'
import type { CourtSpans } from './court-rules.ts'

const WORD_DIGITS = 64

/** Holds the place of a slashed key. */
export const NOBODY: Hex = `0x${'00'.repeat(20)}`

/**
 * Returns what downtime of `resultSigner` in `epoch` is judged under: keccak256(abi.encode(address, uint256)), the
 * contract's `downtimeSubject`.
 */
export function downtimeSubject(resultSigner: Hex, epoch: number): Hex {
  return toHex(keccak_256(concat([fromHex(padded(resultSigner)), number(epoch)])))
}

/**
 * Returns what one result of a lease is judged under: keccak256(abi.encode(lease, task, output)), the contract's
 * `disputeSubject`.
 */
export function disputeSubject(lease: Hex, task: Hex, output: Hex): Hex {
  return toHex(keccak_256(concat([lease, task, output].map(fromHex))))
}

/** Returns the place in a table of `size` keys that seat `seat` of `subject` falls to. */
export function seatPlace(seed: Hex, subject: Hex, seat: number, size: number): number {
  const draw = keccak_256(concat([fromHex(seed), fromHex(subject), number(seat)]))
  return Number(BigInt(toHex(draw)) % BigInt(size))
}

/**
 * Returns the keys that hold the seats of `subject`, by seat: the contract's `seatsOf`. One key may hold several; a
 * slashed one leaves {@link NOBODY}. A table smaller than `leastWatchers` judges nothing, and there is no seat.
 */
export function seatHolders(
  rules: Pick<CourtSpans, 'seats' | 'leastWatchers'>,
  table: readonly Hex[],
  seed: Hex,
  subject: Hex,
): Hex[] {
  if (table.length === 0 || table.length < rules.leastWatchers) return []
  return Array.from(
    { length: rules.seats },
    (_, seat) => table[seatPlace(seed, subject, seat, table.length)] ?? NOBODY,
  )
}

/** Tells whether `key` holds a seat of `subject`; stops at its first. */
export function holdsSeat(
  rules: Pick<CourtSpans, 'seats' | 'leastWatchers'>,
  table: readonly Hex[],
  seed: Hex,
  subject: Hex,
  key: Hex,
): boolean {
  if (table.length === 0 || table.length < rules.leastWatchers) return false
  for (let seat = 0; seat < rules.seats; seat++) {
    if (table[seatPlace(seed, subject, seat, table.length)] === key) return true
  }
  return false
}

function number(value: number): Uint8Array {
  return fromHex(padded(`0x${value.toString(16)}`))
}

function padded(value: Hex): Hex {
  return `0x${value.slice(2).padStart(WORD_DIGITS, '0')}`
}
