import { type Hex, type RuntimeName, runtimeName } from '@souk/protocol'
import { InvalidArgumentError } from 'commander'

const UNITS: Readonly<Record<string, number>> = { mib: 1024 ** 2, gib: 1024 ** 3, tib: 1024 ** 4 }

/** Reads a share of the machine. Throws commander's error, as all of these do. */
export function parseShare(text: string): number {
  const share = Number(text)
  if (share > 0 && share <= 1) return share
  throw new InvalidArgumentError('expected a number above 0 and up to 1')
}

/** Reads a share that may be nothing. */
export function parseJuryShare(text: string): number {
  const share = text.trim() === '' ? Number.NaN : Number(text)
  if (share >= 0 && share <= 1) return share
  throw new InvalidArgumentError('expected a number from 0 to 1')
}

/** Reads an account's address. */
export function parseAddress(text: string): Hex {
  if (/^0x[0-9a-fA-F]{40}$/.test(text)) return text.toLowerCase() as Hex
  throw new InvalidArgumentError('expected 0x and 40 hexadecimal digits')
}

/** Reads a size such as 512MiB and returns its bytes. */
export function parseSize(text: string): number {
  const [, amount = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*(mib|gib|tib)$/i.exec(text) ?? []
  const bytes = Math.floor(Number(amount) * (UNITS[unit.toLowerCase()] ?? Number.NaN))
  if (bytes > 0) return bytes
  throw new InvalidArgumentError('expected a size with its unit, such as 512MiB or 4GiB')
}

/** Reads a number of seconds. */
export function parseSeconds(text: string): number {
  const seconds = Number(text)
  if (seconds > 0 && seconds < Number.POSITIVE_INFINITY) return seconds
  throw new InvalidArgumentError('expected a number of seconds above 0')
}

/** Adds an engine's name to those that were given before. */
export function addRuntime(text: string, before: readonly RuntimeName[]): RuntimeName[] {
  const name = runtimeName.safeParse(text)
  if (name.success) return [...before, name.data]
  throw new InvalidArgumentError(`expected one of ${runtimeName.options.join(', ')}`)
}
