import type { Hex } from '@souk/protocol'
import type { Command } from 'commander'
import { addSharedOptions, amount, printJson, type SharedOptions, withSession } from './shared.ts'
import { addWalletWeb } from './wallet-web.ts'

interface Balance {
  readonly account: Hex
  readonly delegate: Hex
  readonly wallet: bigint
  readonly ledger: bigint
  readonly locked: bigint
  readonly available: bigint
  readonly native: bigint
  readonly delegateNative: bigint
}

/** Adds `souk wallet balance`. */
export function addWallet(program: Command): void {
  const wallet = program.command('wallet').description('the account that pays')
  addSharedOptions(wallet.command('balance').description('what the account has, and where')).action(balance)
  addWalletWeb(wallet)
}

async function balance(options: SharedOptions): Promise<void> {
  await withSession(options, async ({ config, owner }) => {
    const found = await owner.call<Balance>('balance')
    if (options.json) printJson(found)
    else {
      const lines = [
        `account    ${found.account}`,
        `wallet     ${amount(config, found.wallet)}`,
        `escrow     ${amount(config, found.ledger)} free, ${amount(config, found.locked)} locked in leases`,
        `delegate   ${found.delegate} may lock ${amount(config, found.available)} more`,
        `gas money  ${gas(found.delegateNative)} for the delegate, ${gas(found.native)} for the account`,
      ]
      process.stdout.write(`${lines.join('\n')}\n`)
    }
    return 0
  })
}

/** Shows wei in whole coins, to six decimals. */
function gas(wei: bigint): string {
  return (Number(wei / 10n ** 12n) / 1e6).toString()
}
