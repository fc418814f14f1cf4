import { parseAmount } from '@souk/market'
import type { Hex } from '@souk/protocol'
import { parseAddress } from '@souk/settlement'
import { CliError } from '../errors.ts'
import { WalletCommandError } from './errors.ts'

const SECONDS: Readonly<Record<string, number>> = { m: 60, h: 3600, d: 86_400, w: 7 * 86_400 }
/** Years ahead that a delegate may be authorised for: an expiry that never comes is a typing error. */
const MOST_EXPIRY_SECONDS = 10 * 366 * 86_400
const MOST_ENTRIES = 1_000

/**
 * Reads an address, in lower case; one of mixed case must carry its checksum (EIP-55).
 *
 * Throws {@link WalletCommandError} `BAD_ADDRESS`.
 */
export function readAddress(text: string): Hex {
  const address = parseAddress(text)
  if (address !== undefined) return address
  const isHex = /^0x[0-9a-f]{40}$/i.test(text)
  const why = isHex
    ? 'one whose checksum (the case of its letters) is wrong'
    : JSON.stringify(text.slice(0, 60))
  throw new WalletCommandError(`expected an address of 0x and 40 hex digits, got ${why}; copy it again`, {
    code: 'BAD_ADDRESS',
    text: text.slice(0, 60),
  })
}

/** Reads an amount in token units as base units, or `all`; throws `AmountError` `BAD_AMOUNT` also for nothing. */
export function readAmount(text: string, decimals: number): bigint | 'all' {
  if (text === 'all') return text
  const baseUnits = parseAmount(text, decimals)
  if (baseUnits > 0n) return baseUnits
  throw new CliError('expected an amount above 0, or all', { code: 'BAD_OPTION', option: 'AMOUNT' })
}

/** Reads a time from now on in seconds, such as `30d`; throws {@link WalletCommandError} `BAD_EXPIRY`. */
export function readLifetime(text: string): number {
  const [, count = '', unit = ''] = /^(\d{1,6})([mhdw])$/.exec(text) ?? []
  const seconds = Number(count) * (SECONDS[unit] ?? 0)
  if (seconds > 0 && seconds <= MOST_EXPIRY_SECONDS) return seconds
  throw new WalletCommandError(
    `--expires: expected a time such as 12h, 30d or 8w, at most ten years, got ${JSON.stringify(text.slice(0, 40))}`,
    { code: 'BAD_EXPIRY', text: text.slice(0, 40) },
  )
}

/** Reads a whole number from 0 on; throws {@link CliError} `BAD_OPTION`. */
export function readCount(option: string, text: string, most = Number.MAX_SAFE_INTEGER): number {
  const count = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
  if (count <= most) return count
  throw new CliError(`${option}: expected a whole number from 0 to ${most}, got ${JSON.stringify(text)}`, {
    code: 'BAD_OPTION',
    option,
  })
}

/** Reads how many entries to show. */
export function readLimit(text: string): number {
  return readCount('--limit', text, MOST_ENTRIES)
}
