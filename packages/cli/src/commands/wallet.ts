import type { Command } from 'commander'
import { addWalletBalance } from './wallet-balance.ts'
import { addWalletDelegate } from './wallet-delegate.ts'
import { addWalletFund } from './wallet-fund.ts'
import { addWalletHistory } from './wallet-history.ts'
import { addWalletKeys } from './wallet-keys.ts'
import { addWalletMove } from './wallet-move.ts'
import { addWalletWatch } from './wallet-watch.ts'
import { addWalletWeb } from './wallet-web.ts'

/** Adds `souk wallet` and its verbs. */
export function addWallet(program: Command): void {
  const wallet = program
    .command('wallet')
    .description('the account that pays: its key, its money, its delegates')
  addWalletKeys(wallet)
  addWalletBalance(wallet)
  addWalletMove(wallet)
  addWalletDelegate(wallet)
  addWalletHistory(wallet)
  addWalletWatch(wallet)
  addWalletFund(wallet)
  addWalletWeb(wallet)
}
