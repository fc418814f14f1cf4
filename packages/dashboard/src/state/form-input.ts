import { AmountError, parseAmount } from '@souk/market'
import type { Hex } from '@souk/protocol'
import { isAddress } from 'viem'
import { shownAmount, type TokenUnit } from './format.ts'

/** What a person typed: a value, or a sentence that says what is expected instead. */
export type Input<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly sentence: string }

/** A day in seconds, and the longest that the page lets a delegate live: ten years. */
const DAY = 86_400
const MOST_DAYS = 3_650
/** The most that 96 bits of the contract hold. */
const MOST_UNITS = 2n ** 96n - 1n

/** Reads an amount in whole tokens, exactly, above zero and at most `most` base units. */
export function readAmount(text: string, unit: TokenUnit, most: bigint, where: string): Input<bigint> {
  if (text.trim() === '') return refused('Enter an amount, such as 12 or 0.5.')
  const amount = readNumber(text, unit)
  if (!amount.ok) return amount
  if (amount.value === 0n) return refused('Enter an amount above zero.')
  if (amount.value <= most) return amount
  return refused(`That is more than the ${shownAmount(most, unit)} ${where}.`)
}

/** Reads how much a delegate may lock; zero is allowed, and the contract's 96 bits are the most. */
export function readLimit(text: string, unit: TokenUnit): Input<bigint> {
  if (text.trim() === '') return refused('Enter how much it may lock, such as 25.')
  const limit = readNumber(text, unit)
  if (!limit.ok || limit.value <= MOST_UNITS) return limit
  return refused(`The escrow takes at most ${shownAmount(MOST_UNITS, unit)}.`)
}

/** Reads an address; one in mixed case must have the right checksum (ERC-55). */
export function readAddress(text: string): Input<Hex> {
  const typed = text.trim()
  if (!/^0x[0-9a-fA-F]{40}$/.test(typed)) return refused('Enter an address: 0x and 40 hex digits.')
  const mixed = typed !== typed.toLowerCase()
  if (mixed && !isAddress(typed))
    return refused('The letters of this address do not fit together; copy it again.')
  return { ok: true, value: typed.toLowerCase() as Hex }
}

/** Reads a number of days as the Unix second that many days after `nowSeconds`. */
export function readExpiry(text: string, nowSeconds: number): Input<number> {
  const days = Number(text.trim())
  if (!/^\d+$/.test(text.trim()) || days < 1 || days > MOST_DAYS) {
    return refused(`Enter whole days, from 1 to ${MOST_DAYS}.`)
  }
  return { ok: true, value: nowSeconds + days * DAY }
}

function readNumber(text: string, unit: TokenUnit): Input<bigint> {
  try {
    return { ok: true, value: parseAmount(text, unit.tokenDecimals) }
  } catch (error) {
    if (!(error instanceof AmountError)) throw error
    return refused(`Enter a number such as 12 or 0.5, with at most ${unit.tokenDecimals} decimals.`)
  }
}

function refused(sentence: string): { ok: false; sentence: string } {
  return { ok: false, sentence }
}
