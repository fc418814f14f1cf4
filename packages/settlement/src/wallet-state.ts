import type { Hex, Quote } from '@souk/protocol'
import { lockedMoney } from './conservation.ts'
import type { PlacedEvent } from './escrow-history.ts'
import type { EscrowReader } from './escrow-reader.ts'
import type { DelegateOnChain } from './escrow-reads.ts'
import { suggestFees } from './fees.ts'
import { lockableOf } from './ledger-view.ts'
import type { Rpc } from './rpc.ts'

/** A key that an account authorised, now or once. */
export interface WalletDelegate extends DelegateOnChain {
  readonly key: Hex
  /** Base units that it may lock now: its room, not more than the free balance, and nothing once it expired. */
  readonly lockable: bigint
}

/** What an account has and where, in base units and wei, at one block. */
export interface WalletState {
  readonly account: Hex
  readonly block: number
  /** Chain time of that block in unix seconds. */
  readonly atSeconds: number
  /** Tokens outside the escrow. */
  readonly wallet: bigint
  /** Free ledger balance. */
  readonly free: bigint
  /** Deposits and bonds in leases that are not closed, as far as the events tell. */
  readonly locked: bigint
  /** Deposits of leases that still run. */
  readonly committed: bigint
  /** What those cost together, in base units × 1e12 per second. */
  readonly rateE12: bigint
  readonly running: number
  readonly nativeWei: bigint
  readonly delegates: readonly WalletDelegate[]
  /** Wei that a unit of gas is offered now. */
  readonly feePerGas: bigint
}

/** Gas of the transactions that an account or its delegate sends, each alone and rounded up. */
export const WALLET_GAS = {
  /** An opening and a cooperative close. */
  lease: 180_000n,
  deposit: 130_000n,
  withdraw: 80_000n,
  setDelegate: 60_000n,
} as const

export interface WalletStateQuestion {
  readonly rpc: Rpc
  readonly reader: EscrowReader
  readonly account: Hex
  /** The account's events, as `readAccountEvents` tells them. */
  readonly events: readonly PlacedEvent[]
  /** Keys to tell about beside those that the events name. */
  readonly keys?: readonly Hex[]
  readonly signal?: AbortSignal
}

/** Most that a fee suggestion may say: no cap. */
const NO_CAP = 2n ** 128n

/** Reads what an account has; throws {@link ChainError}. */
export async function readWalletState(question: WalletStateQuestion): Promise<WalletState> {
  const { rpc, reader, account, events, signal } = question
  const options = signal === undefined ? {} : { signal }
  const keys = [...new Set([...delegatesIn(events), ...(question.keys ?? [])])]
  const [head, wallet, free, nativeWei, fees, ...terms] = await Promise.all([
    rpc.request('eth_getBlockByNumber', ['latest', false], options),
    reader.tokenBalance(account, options),
    reader.balance(account, options),
    reader.nativeBalance(account, options),
    suggestFees(rpc, NO_CAP, signal),
    ...keys.map((key) => reader.delegate(account, key, options)),
  ])
  const { number, timestamp } = head as { number: Hex; timestamp: Hex }
  const [block, atSeconds] = [Number(number), Number(timestamp)]
  const delegates = keys.flatMap((key, i) => {
    const found = terms[i]
    return found === undefined ? [] : [{ key, ...found, lockable: lockableOf(free, found, atSeconds) }]
  })
  const locked = lockedMoney(events).get(account) ?? 0n
  return {
    ...{ account, block, atSeconds, wallet, free, locked, nativeWei, delegates },
    ...runningLeases(account, events, block),
    feePerGas: fees.maxFeePerGas,
  }
}

/** Returns the leases of `account` as requester that still run at `block`. */
export function runningLeases(
  account: Hex,
  events: readonly PlacedEvent[],
  block: number,
): Pick<WalletState, 'committed' | 'rateE12' | 'running'> {
  const running = new Map<Hex, { quote: Quote; endBlock: number; left: bigint }>()
  for (const { event, at } of events) {
    if (event.kind === 'opened' && event.requester === account) {
      const { quote } = event
      running.set(event.lease, { quote, endBlock: at.block + quote.blocks, left: quote.deposit })
    } else if (event.kind === 'closed') running.delete(event.lease)
    else if ('lease' in event) {
      const lease = running.get(event.lease)
      if (lease !== undefined && event.kind === 'redeemed') lease.left -= event.amount
      if (lease !== undefined && event.kind === 'ending') lease.endBlock = event.endBlock
    }
  }
  const alive = [...running.values()].filter(({ endBlock }) => endBlock > block)
  return {
    running: alive.length,
    committed: alive.reduce((sum, { left }) => sum + left, 0n),
    rateE12: alive.reduce((sum, { quote }) => sum + quote.rate, 0n),
  }
}

function delegatesIn(events: readonly PlacedEvent[]): Hex[] {
  return events.flatMap(({ event }) => (event.kind === 'delegateSet' ? [event.key] : []))
}
