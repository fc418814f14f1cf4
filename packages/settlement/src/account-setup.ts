import type { Hex } from '@souk/protocol'
import { type DelegateTerms, escrowData } from './escrow-calls.ts'
import type { EscrowReader } from './escrow-reader.ts'
import type { Receipt } from './receipt.ts'
import { signPermit, tokenData } from './token-calls.ts'
import type { TransactionSender } from './transaction-sender.ts'

/** What the account-side helpers work on. */
export interface AccountTools {
  /** Sends as the account. */
  readonly sender: TransactionSender
  readonly reader: EscrowReader
  readonly escrow: Hex
  readonly token: Hex
  readonly signal?: AbortSignal
}

/** Money for one account. */
export interface Grant {
  readonly to: Hex
  /** Base units of the token. */
  readonly tokens?: bigint
  readonly wei?: bigint
}

/** Unix seconds far enough in the future for a permit that is used at once: it is bound to the account's nonce. */
const NO_DEADLINE = 2n ** 48n

/** Sends tokens and native coins to many accounts; all are in flight at once, and it resolves when all are mined. */
export async function fundAccounts(tools: AccountTools, grants: readonly Grant[]): Promise<Receipt[]> {
  const { sender, token } = tools
  const options = optionsOf(tools)
  const hashes: string[] = []
  for (const { to, tokens = 0n, wei = 0n } of grants) {
    if (wei > 0n) {
      const coins = { purpose: `native coins for ${to}`, to, data: '0x' as const, valueWei: wei }
      hashes.push((await sender.submit(coins, options)).id)
    }
    if (tokens > 0n) {
      const transfer = { purpose: `tokens for ${to}`, to: token, data: tokenData.transfer(to, tokens) }
      hashes.push((await sender.submit(transfer, options)).id)
    }
  }
  return Promise.all(hashes.map((id) => sender.wait(id, options)))
}

/**
 * Deposits `amount` base units and authorises delegates in one transaction, by a permit.
 *
 * `key` is the private key of the account that `tools.sender` sends as. Throws like
 * {@link TransactionSender.wait}.
 */
export async function setUpAccount(
  tools: AccountTools,
  key: Uint8Array,
  setup: { readonly amount: bigint; readonly delegates?: readonly DelegateTerms[] },
): Promise<Receipt> {
  const { amount, delegates = [] } = setup
  const calls = delegates.map((delegate) => escrowData.setDelegate(delegate))
  const deposit = amount > 0n ? [await permitDeposit(tools, key, amount)] : []
  return callEscrow(tools, 'deposit and delegates', escrowData.multicall([...deposit, ...calls]))
}

/** Sends `amount` base units of the account's free balance to `to` as tokens. */
export function withdraw(tools: AccountTools, to: Hex, amount: bigint): Promise<Receipt> {
  return callEscrow(tools, 'withdrawal', escrowData.withdraw(to, amount))
}

async function permitDeposit(tools: AccountTools, key: Uint8Array, amount: bigint): Promise<Hex> {
  const owner = tools.sender.address
  const { domain, nonce } = await tools.reader.permitFacts(owner, { ...optionsOf(tools), block: 'pending' })
  const terms = { domain, owner, spender: tools.escrow, amount, nonce, deadline: NO_DEADLINE }
  return escrowData.depositWithPermit(signPermit(key, terms))
}

async function callEscrow(tools: AccountTools, purpose: string, data: Hex): Promise<Receipt> {
  const options = optionsOf(tools)
  const { id } = await tools.sender.submit({ purpose, to: tools.escrow, data }, options)
  return tools.sender.wait(id, options)
}

function optionsOf({ signal }: AccountTools): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal }
}
