import { rename, writeFile } from 'node:fs/promises'
import { type Hex, SoukError } from '@souk/protocol'
import type { NetworkConfig } from '../network-config.ts'
import { readBoundedText } from './read-bounded-text.ts'

/** Why a network file does not give a network. */
export class NetworkFileError extends SoukError<
  | { code: 'NETWORK_FILE_MISSING'; file: string }
  | { code: 'NETWORK_FILE_MALFORMED'; file: string; field: string; expected: string }
> {}

/** Endpoints and bootstrap peers in one file: more than a handful only slow down failing over. */
const LIST_LENGTH = 64
const TEXT_LENGTH = 512

/** Reads and checks a network file; throws {@link NetworkFileError}. */
export async function readNetworkConfig(file: string): Promise<NetworkConfig> {
  const text = await readBoundedText(file)
  if (text === undefined) throw missing(file)
  return checkNetworkConfig(parse(text, file), file)
}

/** Writes a network file, whole or not at all. */
export async function writeNetworkConfig(file: string, config: NetworkConfig): Promise<void> {
  const draft = `${file}.${process.pid}.tmp`
  await writeFile(draft, `${JSON.stringify(config, null, 2)}\n`)
  await rename(draft, file)
}

/** Checks every field of what a file held; unknown fields are refused, so that a typing error shows. */
export function checkNetworkConfig(value: unknown, file: string): NetworkConfig {
  if (typeof value !== 'object' || value === null) throw malformed(file, 'the file itself', 'an object')
  const fields = value as Record<string, unknown>
  for (const name of Object.keys(fields)) {
    if (!(name in CHECKS)) throw malformed(file, name, 'no such field')
  }
  for (const [name, { expected, test }] of Object.entries(CHECKS)) {
    if (!test(fields[name])) throw malformed(file, name, expected)
  }
  const config = fields as unknown as NetworkConfig
  return { ...config, escrow: lower(config.escrow), token: lower(config.token) }
}

interface Check {
  readonly expected: string
  readonly test: (value: unknown) => boolean
}

const address: Check = { expected: 'an address (0x and 40 hex digits)', test: matches(/^0x[0-9a-f]{40}$/i) }
const hash: Check = { expected: 'a block hash (0x and 64 hex digits)', test: matches(/^0x[0-9a-f]{64}$/i) }

const CHECKS: Readonly<Record<keyof Required<NetworkConfig>, Check>> = {
  // It stands in protocol ids and topics, whose parts are separated by slashes.
  name: {
    expected: 'a name of 1 to 32 letters, digits, dots or dashes',
    test: matches(/^[a-z0-9.-]{1,32}$/i),
  },
  chainId: integer(1),
  escrow: address,
  token: address,
  tokenSymbol: { expected: 'a symbol of 1 to 16 characters', test: matches(/^\S{1,16}$/) },
  tokenDecimals: integer(0, 36),
  rpcUrls: list('http(s) URLs, at least one', isHttpUrl, 1),
  bootstrap: list('multiaddresses', (text) => text.startsWith('/'), 0),
  blockSeconds: {
    expected: 'a positive number of seconds',
    test: (value) => Number(value) > 0 && isNumber(value),
  },
  settleBlocks: integer(1, 2 ** 32 - 1),
  dev: { expected: 'true or false', test: (value) => typeof value === 'boolean' },
  deployedAt: integer(0),
  deployedHash: hash,
  explorer: {
    expected: `an http(s) URL of at most ${TEXT_LENGTH} characters, or nothing`,
    test: (value) => value === undefined || (isShortText(value) && isHttpUrl(value)),
  },
}

function integer(least: number, most = Number.MAX_SAFE_INTEGER): Check {
  return {
    expected: `a whole number from ${least} to ${most}`,
    test: (value) => Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most,
  }
}

function list(what: string, test: (text: string) => boolean, least: number): Check {
  const isGood = (item: unknown) => isShortText(item) && test(item)
  return {
    expected: `a list of ${what}`,
    test: (value) =>
      Array.isArray(value) && value.length >= least && value.length <= LIST_LENGTH && value.every(isGood),
  }
}

function matches(pattern: RegExp): (value: unknown) => boolean {
  return (value) => typeof value === 'string' && pattern.test(value)
}

function isShortText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= TEXT_LENGTH
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value)
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
}

function lower(value: Hex): Hex {
  return value.toLowerCase() as Hex
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw malformed(file, 'the file itself', 'JSON')
  }
}

function missing(file: string): NetworkFileError {
  return new NetworkFileError(
    `expected a network file at ${file}, there is none; start a market or name its file`,
    {
      code: 'NETWORK_FILE_MISSING',
      file,
    },
  )
}

function malformed(file: string, field: string, expected: string): NetworkFileError {
  return new NetworkFileError(`${file}: expected ${expected} at ${field}; correct the file`, {
    code: 'NETWORK_FILE_MALFORMED',
    file,
    field,
    expected,
  })
}
