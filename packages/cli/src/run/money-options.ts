import { parseAmount } from '@souk/market'
import type { Command } from 'commander'
import type { Session, SharedOptions } from '../commands/shared.ts'
import { CliError } from '../errors.ts'
import { planTopUp, type TopUpPlan } from './top-up.ts'

/** Options of commands that may add money while a job runs. */
export interface MoneyOptions extends SharedOptions {
  readonly topUp?: string
  readonly keystore?: string
  readonly passwordFile?: string
}

const SECONDS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600 }
/** Longest grace that people may ask for. */
const MOST_GRACE_SECONDS = 86_400

/** Adds the options of a top-up to a command. */
export function addMoneyOptions(command: Command): Command {
  return command
    .option(
      '--top-up <amount>',
      'most that may be moved from the wallet into the escrow while the job runs low, in token units',
    )
    .option('--keystore <file>', 'wallet file for --top-up')
    .option('--password-file <file>', 'file with its passphrase, instead of asking on the terminal')
}

/** Reads `--top-up` and unlocks the wallet; undefined without it. Throws {@link CliError} `BAD_OPTION`. */
export async function readTopUp(options: MoneyOptions, session: Session): Promise<TopUpPlan | undefined> {
  if (options.topUp === undefined) return undefined
  const cap = parseAmount(options.topUp, session.config.tokenDecimals)
  if (cap <= 0n) throw bad('--top-up', 'an amount above 0', options.topUp)
  const { account } = await session.owner.call<{ account: string }>('status')
  return planTopUp(options, account, cap)
}

/** Reads `--grace` in milliseconds; throws {@link CliError} `BAD_OPTION`. */
export function readGrace(text: string): number {
  const [, count = '', unit = ''] = /^(\d{1,6})([smh]?)$/.exec(text) ?? []
  const seconds = count === '' ? Number.NaN : Number(count) * (SECONDS[unit] ?? Number.NaN)
  if (seconds <= MOST_GRACE_SECONDS) return seconds * 1000
  throw bad('--grace', 'a time from 0 to 24h, such as 15m', text)
}

function bad(option: string, expected: string, got: string): CliError {
  return new CliError(`${option}: expected ${expected}, got ${JSON.stringify(got)}`, {
    code: 'BAD_OPTION',
    option,
  })
}
