import type { Hex } from '@souk/protocol'
import { decodeEventLog } from 'viem/utils'
import type { RawLog } from './escrow-events.ts'
import { type BlockRange, type PlacedEvent, readAllLogs, readEscrowEvents } from './escrow-history.ts'
import { createEscrowReader } from './escrow-reader.ts'
import { devTokenAbi } from './generated/devToken.ts'
import type { Rpc } from './rpc.ts'

/** What one account has, in base units. */
export interface Holdings {
  readonly account: Hex
  /** Tokens outside the escrow. */
  readonly wallet: bigint
  /** Free balance in the escrow. */
  readonly ledger: bigint
  /** Deposits and bonds in leases that are not closed. */
  readonly locked: bigint
}

/** Where all the money is, at one block. */
export interface MoneyReport {
  readonly block: number
  readonly supply: bigint
  /** Tokens that the escrow holds. */
  readonly escrowHolds: bigint
  /** Penalties burned inside the escrow. */
  readonly burned: bigint
  /** Everyone who ever held a token or a balance, richest first. */
  readonly accounts: readonly Holdings[]
  /** Wallets, balances, locks and burned money add up to the supply, and the escrow's part to what it holds. */
  readonly conserved: boolean
}

export interface MoneyQuestion {
  readonly escrow: Hex
  readonly token: Hex
  /** Block of the token's deployment: nobody held any before. */
  readonly deployedAt: number
  /** Block to look at; the newest by default. */
  readonly atBlock?: number
}

/** The balance that penalties are burned to, `BURN` of the contract. */
const BURN: Hex = '0x000000000000000000000000000000000000dead'
const ZERO: Hex = '0x0000000000000000000000000000000000000000'

/**
 * Reads everyone's money at one block from the logs and the balances, and adds it up.
 *
 * Made for networks whose whole history can be read: its work grows with every transfer since `deployedAt`.
 */
export async function readMoney(
  rpc: Rpc,
  question: MoneyQuestion,
  signal: AbortSignal,
): Promise<MoneyReport> {
  const escrow = question.escrow.toLowerCase() as Hex
  const block = question.atBlock ?? Number(await rpc.request('eth_blockNumber', [], { signal }))
  const range: BlockRange = { fromBlock: question.deployedAt, toBlock: block }
  const [events, transfers] = await Promise.all([
    readEscrowEvents(rpc, escrow, range, signal),
    readAllLogs(rpc, question.token, range, signal),
  ])
  const reader = createEscrowReader(rpc, question)
  const at = { signal, block }
  const locks = lockedMoney(events)
  const { court } = await reader.constants(at)
  const holders = new Set([...holdersOf(transfers), ...accountsOf(events), court])
  for (const nobody of [escrow, ZERO, BURN]) holders.delete(nobody)
  const [supply, escrowHolds, burned, burnWallet, accounts] = await Promise.all([
    reader.tokenSupply(at),
    reader.tokenBalance(escrow, at),
    reader.burned(at),
    reader.tokenBalance(BURN, at),
    Promise.all([...holders].map((account) => holdings(account))),
  ])
  async function holdings(account: Hex): Promise<Holdings> {
    const [wallet, ledger] = await Promise.all([
      reader.tokenBalance(account, at),
      reader.balance(account, at),
    ])
    return { account, wallet, ledger, locked: locks.get(account) ?? 0n }
  }
  const inEscrow = sum(accounts.map(({ ledger, locked }) => ledger + locked)) + burned
  const outside = sum(accounts.map(({ wallet }) => wallet)) + burnWallet
  const conserved = inEscrow === escrowHolds && outside + escrowHolds === supply
  return { block, supply, escrowHolds, burned, accounts: accounts.toSorted(richestFirst), conserved }
}

/** Returns what each account has locked after `events`: a plain replay, independent of the contract's sums. */
export function lockedMoney(events: readonly PlacedEvent[]): Map<Hex, bigint> {
  const open = new Map<Hex, { provider: Hex; requester: Hex; deposit: bigint; bonds: bigint }>()
  for (const { event } of events) {
    if (event.kind === 'opened') {
      const { provider, requester, deposit, bond, resultBond } = event.quote
      open.set(event.lease, { provider, requester, deposit, bonds: bond + resultBond })
    } else if (event.kind === 'closed') {
      open.delete(event.lease)
    } else if (event.kind === 'redeemed') {
      const lease = open.get(event.lease)
      if (lease !== undefined) lease.deposit -= event.amount
    } else if (event.kind === 'seized') {
      const lease = open.get(event.lease)
      if (lease !== undefined) lease.bonds -= event.amount
    }
  }
  const locked = new Map<Hex, bigint>()
  const add = (account: Hex, amount: bigint) => locked.set(account, (locked.get(account) ?? 0n) + amount)
  for (const lease of open.values()) {
    add(lease.requester, lease.deposit)
    add(lease.provider, lease.bonds)
  }
  return locked
}

function holdersOf(transfers: readonly RawLog[]): Hex[] {
  return transfers.flatMap(({ topics, data }) => {
    const log = decodeEventLog({
      abi: devTokenAbi,
      topics: [...topics] as [Hex, ...Hex[]],
      data,
      strict: false,
    })
    return log.eventName === 'Transfer' && log.args.to !== undefined ? [log.args.to.toLowerCase() as Hex] : []
  })
}

function accountsOf(events: readonly PlacedEvent[]): Hex[] {
  return events.flatMap(({ event }) => {
    if (event.kind === 'opened') return [event.provider, event.requester]
    if (event.kind === 'moved') return [event.to]
    return event.kind === 'deposited' ? [event.account] : []
  })
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n)
}

function richestFirst(a: Holdings, b: Holdings): number {
  const total = ({ wallet, ledger, locked }: Holdings) => wallet + ledger + locked
  return total(a) === total(b) ? 0 : total(a) > total(b) ? -1 : 1
}
