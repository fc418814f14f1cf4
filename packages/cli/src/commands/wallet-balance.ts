import {
  checksumAddress,
  durationWords,
  type KeyStake,
  type OwnTransaction,
  openCourtLink,
  type Runway,
  readStakes,
  readWalletState,
  runwayOf,
  transactionWords,
  WALLET_GAS,
  type WalletState,
} from '@souk/settlement'
import type { Command } from 'commander'
import { coins } from '../wallet/coins.ts'
import { type FoundEvents, findEvents } from '../wallet/events.ts'
import { ownTransactions } from '../wallet/sending.ts'
import {
  accountWords,
  addWalletOptions,
  type WalletOptions,
  type WalletSession,
  withWallet,
} from '../wallet/session.ts'
import { amount, hourly, printJson } from './shared.ts'
import { say } from './wallet-move.ts'

/** Adds `souk wallet balance`. */
export function addWalletBalance(wallet: Command): void {
  addWalletOptions(wallet.command('balance'))
    .description('what the account has and where, what its delegate may lock, and how long it lasts')
    .action((options: WalletOptions) => withWallet(options, balance))
}

async function balance(session: WalletSession): Promise<void> {
  const { delegate, reader } = session
  const found = await findEvents(session)
  const keys = delegate === null ? [] : [delegate]
  const [state, delegateNative, transactions, stakes] = await Promise.all([
    readWalletState({ ...session, events: found.events, keys }),
    delegate === null ? null : reader.nativeBalance(delegate),
    ownTransactions(session),
    stakesOf(session, found),
  ])
  const runway = runwayOf({ ...state, gas: WALLET_GAS.withdraw })
  const report = { session, state, delegateNative, runway, found, transactions, stakes }
  if (session.json) printJson(facts(report))
  else say(words(report))
}

interface Report {
  readonly session: WalletSession
  readonly state: WalletState
  /** Wei of this machine's delegate; null where there is none. */
  readonly delegateNative: bigint | null
  readonly runway: Runway
  readonly found: FoundEvents
  readonly transactions: readonly OwnTransaction[] | undefined
  /** What the account's watching keys have at stake. */
  readonly stakes: readonly KeyStake[]
}

async function stakesOf(session: WalletSession, found: FoundEvents): Promise<KeyStake[]> {
  const { rpc, config, reader, account, signal } = session
  const court = await openCourtLink({ rpc, escrow: config.escrow, reader })
  return court === null ? [] : readStakes({ rpc, court, account, range: found, signal })
}

function facts({ session, state, delegateNative, runway, found, transactions, stakes }: Report) {
  const { delegate } = session
  const { free, nativeWei, delegates, ...rest } = state
  const available = delegates.find(({ key }) => key === delegate)?.lockable ?? 0n
  return {
    ...{ ...rest, ledger: free, available, native: nativeWei, delegate, delegateNative, delegates, runway },
    stakes,
    lockedSinceBlock: found.fromBlock,
    unfinished: unfinished(transactions ?? []),
  }
}

function words(report: Report): string[] {
  const { session, state, delegateNative, runway, found, transactions, stakes } = report
  const { config, account } = session
  const since = found.cut ? `, as opened since block ${found.fromBlock}` : ''
  return [
    `account    ${checksumAddress(account)} (${accountWords(session, config)})`,
    `wallet     ${amount(config, state.wallet)}`,
    `escrow     ${amount(config, state.free)} free, ${amount(config, state.locked)} locked in leases${since}`,
    ...runningWords(session, state, runway),
    ...delegateWords(session, state),
    ...stakes.map((one) => stakeWords(session, one)),
    ...gasWords(state, delegateNative),
    ...warnings(state, runway),
    ...pendingWords(transactions),
  ]
}

function runningWords(
  { config }: WalletSession,
  { running, rateE12 }: WalletState,
  runway: Runway,
): string[] {
  if (running === 0) return []
  const left = runway.secondsLeft === null ? '' : `; the money lasts for ${durationWords(runway.secondsLeft)}`
  return [
    `running    ${running} lease${running === 1 ? '' : 's'} at ${hourly(config, rateE12)} together${left}`,
  ]
}

function delegateWords({ config, delegate }: WalletSession, { delegates }: WalletState): string[] {
  const own = delegates.find(({ key }) => key === delegate)
  const others = delegates.filter(({ key, limit }) => key !== delegate && limit > 0n).length
  const more = others === 0 ? '' : `; ${others} more: souk wallet delegate`
  if (own === undefined) return others === 0 ? [] : [`delegates  ${others}: souk wallet delegate lists them`]
  return [`delegate   ${checksumAddress(own.key)} may lock ${amount(config, own.lockable)} more${more}`]
}

function stakeWords({ config }: WalletSession, { key, stake, lastTerm, leaveBlock }: KeyStake): string {
  const watches = `for ${checksumAddress(key)}, which watches up to term ${lastTerm}`
  return `stake      ${amount(config, stake)} ${watches}; it can be taken back from block ${leaveBlock} on`
}

function gasWords({ nativeWei, feePerGas }: WalletState, delegateNative: bigint | null): string[] {
  const round = runwayOf({ ...NOTHING, nativeWei: delegateNative ?? 0n, feePerGas, gas: WALLET_GAS.lease })
  const cost = coins(WALLET_GAS.lease * feePerGas)
  const ofAccount = `gas money  ${coins(nativeWei)} for the account; a deposit costs up to ${coins(WALLET_GAS.deposit * feePerGas)} now`
  if (delegateNative === null) return [ofAccount]
  const enough =
    round.gas === 'empty'
      ? `too little for the next opening and closing (${cost}), so providers relay them, some blocks later`
      : `an opening and closing cost up to ${cost} now`
  return [ofAccount, `           ${coins(delegateNative)} for the delegate; ${enough}`]
}

const NOTHING = { free: 0n, committed: 0n, rateE12: 0n }

function warnings({ wallet, free }: WalletState, { money, gas, warnings: said }: Runway): string[] {
  // Whoever has nothing at all knows it, and whoever keeps all of it outside the escrow may want to.
  const isNew = money === 'empty' && free === 0n && wallet > 0n && gas === 'ok'
  if (isNew) return ['nothing is deposited yet: souk wallet deposit AMOUNT']
  return said.map((sentence) => `warning: ${sentence}`)
}

function pendingWords(transactions: readonly OwnTransaction[] | undefined): string[] {
  if (transactions === undefined) return ['another souk wallet command is sending for this account right now']
  return unfinished(transactions).map((one) => transactionWords(one, Date.now()))
}

/** Leaves out what is done: only what waits, or needs its owner's attention. */
function unfinished(transactions: readonly OwnTransaction[]): OwnTransaction[] {
  return transactions.filter(({ status }) => ['waiting', 'underpriced', 'displaced'].includes(status))
}
