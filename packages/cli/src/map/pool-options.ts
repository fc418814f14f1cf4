import { POLICY_DEFAULTS, type PoolPolicy } from '@souk/elastic'
import { parseAmount } from '@souk/market'
import type { Assurance } from '@souk/requester'
import type { NetworkConfig } from '@souk/settlement'
import type { Command } from 'commander'
import { CliError } from '../errors.ts'

/** Options of a pool of leases that grows and shrinks with the work. */
export interface PoolOptions {
  readonly min?: string
  readonly max?: string
  readonly budget?: string
  readonly maxRate?: string
  readonly deadlineAt?: string
  readonly cores: string
}

/** Leases at most where a pool is asked for and nothing says how many. */
const USUAL_MAX = 16
/** Milliseconds in which what waits shall be begun, where no time is named by which all must be done. */
const QUEUE_MS = 20_000
/** Milliseconds for which a lease that is no longer wanted is kept: the work of a batch does not come back. */
const COOL_DOWN_MS = 5_000

/** Adds the options of a pool. */
export function addPoolOptions(command: Command): Command {
  return command
    .option(
      '--budget <amount>',
      'hard cap on what all leases may cost together, deposits included, in token units',
    )
    .option('--max-rate <amount>', 'hard cap on what the leases may cost per hour together, in token units')
    .option('--min <number>', 'leases at least, with --budget (default: what one task needs)')
    .option('--max <number>', `leases at most, with --budget (default: ${USUAL_MAX})`)
    .option(
      '--deadline-at <time>',
      'when all shall be done, such as 2030-01-31T18:00 or 2h from now, with --budget',
    )
}

/**
 * Reads the policy of the pool that leases are to be bought by; undefined without `--budget`. Throws {@link CliError}
 * `BAD_OPTION`.
 */
export function readPool(
  options: PoolOptions,
  assurance: Assurance,
  { tokenDecimals }: Pick<NetworkConfig, 'tokenDecimals'>,
  nowMs: number,
): PoolPolicy | undefined {
  const { budget, maxRate, deadlineAt, cores } = options
  if (budget === undefined) {
    requireNone(options)
    return undefined
  }
  const max = readCount('--max', options.max, USUAL_MAX)
  const money = (option: string, text: string) => readMoney(option, text, tokenDecimals)
  return {
    ...POLICY_DEFAULTS,
    min: readCount('--min', options.min, 1),
    max,
    slots: Math.max(1, Math.floor(Number(cores))),
    target:
      deadlineAt === undefined
        ? { kind: 'queue-time', ms: QUEUE_MS }
        : { kind: 'deadline', atMs: readInstant(deadlineAt, nowMs) },
    budget: {
      amount: money('--budget', budget),
      ratePerHour: maxRate === undefined ? null : money('--max-rate', maxRate),
    },
    coolDownMs: COOL_DOWN_MS,
    assurance,
  }
}

/** Reads an instant: `2030-01-31T18:00`, or how far from now it is. Throws {@link CliError} `BAD_OPTION`. */
export function readInstant(text: string, nowMs: number): number {
  const [, count = '', unit = ''] = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text) ?? []
  const seconds = { s: 1, m: 60, h: 3_600, d: 86_400 }[unit]
  const atMs = seconds === undefined ? Date.parse(text) : nowMs + Number(count) * seconds * 1_000
  if (Number.isFinite(atMs)) return Math.floor(atMs)
  throw bad('--deadline-at', 'a time such as 2030-01-31T18:00, or 2h', text)
}

function requireNone(options: PoolOptions): void {
  const { min, max, maxRate, deadlineAt } = options
  const given = { '--min': min, '--max': max, '--max-rate': maxRate, '--deadline-at': deadlineAt }
  const [option] = Object.entries(given).find(([, value]) => value !== undefined) ?? []
  if (option !== undefined) throw bad(option, '--budget beside it: what grows by itself needs an end', 'none')
}

function readMoney(option: string, text: string, decimals: number): bigint {
  const amount = parseAmount(text, decimals)
  if (amount > 0n) return amount
  throw bad(option, 'an amount above 0', text)
}

function readCount(option: string, text: string | undefined, usual: number): number {
  if (text === undefined) return usual
  if (/^\d{1,4}$/.test(text) && Number(text) > 0) return Number(text)
  throw bad(option, 'a whole number from 1 on', text)
}

function bad(option: string, expected: string, got: string): CliError {
  return new CliError(`${option}: expected ${expected}, got ${got}`, { code: 'BAD_OPTION', option })
}
