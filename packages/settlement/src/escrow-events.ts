import type { Hex, Quote } from '@souk/protocol'
import { decodeEventLog } from 'viem/utils'
import { escrowAbi } from './generated/escrow.ts'
import { decodeRevert, type Revert } from './revert.ts'

/** What the escrow said, addresses in lower case, amounts in base units. */
export type EscrowEvent =
  | { kind: 'opened'; lease: Hex; provider: Hex; requester: Hex; quote: Quote }
  | { kind: 'openSkipped'; lease: Hex; reason: Revert }
  | { kind: 'redeemed'; lease: Hex; provider: Hex; amount: bigint; paid: bigint }
  | { kind: 'redeemSkipped'; lease: Hex; reason: Revert }
  | { kind: 'ending'; lease: Hex; endBlock: number; byRequester: boolean }
  | {
      kind: 'closed'
      lease: Hex
      provider: Hex
      requester: Hex
      /** Over the whole life of the lease. */
      paid: bigint
      refund: bigint
      /** The penalty's halves. */
      toRequester: bigint
      toBurn: bigint
    }
  | { kind: 'delegateSet'; account: Hex; key: Hex; limit: bigint; expiry: number }
  | { kind: 'deposited'; account: Hex; amount: bigint }
  | { kind: 'withdrawn'; account: Hex; to: Hex; amount: bigint }
  | { kind: 'moved'; from: Hex; to: Hex; amount: bigint }
  | { kind: 'downAdjusted'; lease: Hex; change: bigint; downSlots: number }
  | { kind: 'seized'; lease: Hex; amount: bigint }

/** A log as a node gives it. */
export interface RawLog {
  readonly address: Hex
  readonly topics: readonly Hex[]
  readonly data: Hex
  readonly blockNumber: Hex
  readonly blockHash: Hex
  readonly transactionHash: Hex
  readonly logIndex: Hex
}

/** Where a log stands in the chain. */
export interface LogPlace {
  readonly block: number
  readonly blockHash: Hex
  readonly transaction: Hex
  readonly index: number
}

/** Returns the place of a log. */
export function placeOf(log: RawLog): LogPlace {
  const { blockHash, transactionHash } = log
  return {
    block: Number(log.blockNumber),
    blockHash,
    transaction: transactionHash,
    index: Number(log.logIndex),
  }
}

/** Decodes a log of the escrow; undefined for what is no event of ours (EIP-5267's notice of a changed domain). */
export function decodeEscrowLog(log: Pick<RawLog, 'topics' | 'data'>): EscrowEvent | undefined {
  try {
    return toEvent(
      decodeEventLog({ abi: escrowAbi, topics: [...log.topics] as [Hex, ...Hex[]], data: log.data }),
    )
  } catch {
    return undefined
  }
}

type Decoded = ReturnType<typeof decodeEventLog<typeof escrowAbi>>

function toEvent({ eventName, args }: Decoded): EscrowEvent | undefined {
  switch (eventName) {
    case 'LeaseOpened':
      return { kind: 'opened', ...sides(args), lease: lower(args.lease), quote: plainQuote(args.quote) }
    case 'OpenSkipped':
      return { kind: 'openSkipped', lease: lower(args.lease), reason: decodeRevert(args.reason) }
    case 'Redeemed': {
      const { amount, paid } = args
      return { kind: 'redeemed', lease: lower(args.lease), provider: lower(args.provider), amount, paid }
    }
    case 'RedeemSkipped':
      return { kind: 'redeemSkipped', lease: lower(args.lease), reason: decodeRevert(args.reason) }
    case 'LeaseEnding':
      return {
        kind: 'ending',
        lease: lower(args.lease),
        endBlock: args.endBlock,
        byRequester: args.byRequester,
      }
    case 'LeaseClosed': {
      const { paid, refund, toRequester, toBurn } = args
      return { kind: 'closed', ...sides(args), lease: lower(args.lease), paid, refund, toRequester, toBurn }
    }
    case 'DelegateSet': {
      const { limit, expiry } = args
      return { kind: 'delegateSet', account: lower(args.account), key: lower(args.key), limit, expiry }
    }
    case 'Deposited':
      return { kind: 'deposited', account: lower(args.account), amount: args.amount }
    case 'Withdrawn':
      return { kind: 'withdrawn', account: lower(args.account), to: lower(args.to), amount: args.amount }
    case 'Moved':
      return { kind: 'moved', from: lower(args.from), to: lower(args.to), amount: args.amount }
    case 'DownAdjusted':
      return {
        kind: 'downAdjusted',
        lease: lower(args.lease),
        change: args.change,
        downSlots: args.downSlots,
      }
    case 'Seized':
      return { kind: 'seized', lease: lower(args.lease), amount: args.amount }
    default:
      return undefined
  }
}

function sides({ provider, requester }: { provider: Hex; requester: Hex }) {
  return { provider: lower(provider), requester: lower(requester) }
}

function plainQuote(quote: Quote): Quote {
  return {
    ...quote,
    provider: lower(quote.provider),
    requester: lower(quote.requester),
    resultSigner: lower(quote.resultSigner),
    voucherSigner: lower(quote.voucherSigner),
  }
}

function lower(hex: Hex): Hex {
  return hex.toLowerCase() as Hex
}
