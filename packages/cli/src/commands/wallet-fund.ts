import type { Hex } from '@souk/protocol'
import { checksumAddress, fundAccounts } from '@souk/settlement'
import type { Command } from 'commander'
import { CliError } from '../errors.ts'
import { readAddress, readAmount } from '../wallet/read-input.ts'
import { sendAs } from '../wallet/sending.ts'
import { addWalletOptions, type WalletOptions, type WalletSession, withWallet } from '../wallet/session.ts'
import { amount, printJson } from './shared.ts'
import { say } from './wallet-move.ts'

interface FundOptions extends WalletOptions {
  readonly amount: string
}

/** Native coins that come along, in wei: enough for some hundred transactions. */
const GAS_WEI = 2n * 10n ** 16n

/** Adds `souk wallet fund`, for development networks. */
export function addWalletFund(wallet: Command): void {
  addWalletOptions(wallet.command('fund'))
    .description(
      'development networks: give another wallet tokens and gas money, from the market’s own account',
    )
    .argument('<address>', 'who gets them')
    .option('--amount <amount>', 'tokens, in token units', '50')
    .action((to: string, options: FundOptions) =>
      withWallet(options, (session) => fund(session, readAddress(to), options)),
    )
}

async function fund(session: WalletSession, to: Hex, options: FundOptions): Promise<void> {
  const { config, account } = session
  if (!config.dev) throw notHere(config.name)
  const asked = readAmount(options.amount, config.tokenDecimals)
  const tokens = asked === 'all' ? await session.reader.tokenBalance(account) : asked
  await sendAs(session, 'fund', (tools) => fundAccounts(tools, [{ to, tokens, wei: GAS_WEI }]))
  if (session.json) printJson({ account, to, amount: tokens, wei: GAS_WEI })
  else say([`gave ${amount(config, tokens)} and some gas money to ${checksumAddress(to)}`])
}

function notHere(network: string): CliError {
  return new CliError(
    `expected a development network, ${network} is none; send tokens and coins with your wallet`,
    {
      code: 'BAD_OPTION',
      option: '--network',
    },
  )
}
