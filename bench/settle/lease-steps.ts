import { leaseOf, type Quote, signStruct } from '@souk/protocol'
import { escrowData, type Opening, type Receipt, type Redemption } from '@souk/settlement'
import type { GasBook } from './gas-book.ts'
import type { Ground } from './ground.ts'

const BATCH = 10
/** Vouchers that a lease gets while it runs; two seconds apart they are more than half an hour. */
const VOUCHERS = 1_000
/** Base units that each voucher adds: all of them stay below the pay cap of a lease that has just begun. */
const EACH = 10n

/** What a lease took from its opening to its cooperative close. */
export interface LeaseLife {
  readonly gas: number
  /** Transactions of all keys of both sides. */
  readonly transactions: number
  readonly vouchers: number
}

/** Opens a lease, pays it by vouchers, redeems the last one and closes it together. */
export async function liveOneLease(ground: Ground, book: GasBook): Promise<LeaseLife> {
  const { market, provider, requester, quote, send } = ground
  const terms = quote()
  const before = await transactionsOf(ground)
  const opened = await send(requester.sender, market.escrow, escrowData.open(opening(ground, terms, false)))
  // Signed and handed over between the two sides: nothing of this is the chain's business.
  const vouchers = Array.from({ length: VOUCHERS }, (_, i) => redemption(ground, terms, BigInt(i + 1) * EACH))
  const last = vouchers.at(-1)
  if (last === undefined) throw new Error('vouchers were signed')
  const redeemed = await send(provider.sender, market.escrow, escrowData.redeem(last))
  const closed = await send(
    requester.sender,
    market.escrow,
    closing(ground, terms, last.voucher.cumulative + EACH),
  )
  const gas =
    book.note('open', opened.gasUsed) +
    book.note('redeem', redeemed.gasUsed) +
    book.note('closeCooperative', closed.gasUsed)
  return { gas, transactions: (await transactionsOf(ground)) - before, vouchers: vouchers.length }
}

/** Opens and redeems by others and in batches. */
export async function measureBatches(ground: Ground, book: GasBook): Promise<void> {
  const { market, provider, requester, stranger, quote, send } = ground
  const relayed = await send(stranger, market.escrow, escrowData.open(opening(ground, quote(), true)))
  book.note('openRelayed', relayed.gasUsed)
  const quotes = Array.from({ length: BATCH }, quote)
  const openings = quotes.map((terms) => opening(ground, terms, false))
  const opened = await send(requester.sender, market.escrow, escrowData.openMany(openings))
  book.note('openTenEach', opened.gasUsed, BATCH)
  const redemptions = quotes.map((terms) => redemption(ground, terms, EACH))
  const redeemed = await send(provider.sender, market.escrow, escrowData.redeemMany(redemptions))
  book.note('redeemTenEach', redeemed.gasUsed, BATCH)
}

/** Opens a lease without measuring, and returns its terms. */
export async function openLease(ground: Ground): Promise<Quote> {
  const terms = ground.quote()
  const data = escrowData.open(opening(ground, terms, false))
  await ground.send(ground.requester.sender, ground.market.escrow, data)
  return terms
}

/** Ends leases, waits SETTLE blocks and finalizes them; `down` has slots of downtime, `clean` has none. */
export async function settleAlone(
  ground: Ground,
  book: GasBook,
  { clean, down, settleBlocks }: { clean: Quote; down: Quote; settleBlocks: number },
): Promise<void> {
  const { market, requester, stranger, send, mine } = ground
  const call = (sender: Ground['stranger'], data: ReturnType<typeof escrowData.finalize>): Promise<Receipt> =>
    send(sender, market.escrow, data)
  book.note('startClose', (await call(requester.sender, escrowData.startClose(clean))).gasUsed)
  await call(requester.sender, escrowData.startClose(down))
  await mine(settleBlocks)
  book.note('finalize', (await call(stranger, escrowData.finalize(clean))).gasUsed)
  book.note('finalizePenalty', (await call(stranger, escrowData.finalize(down))).gasUsed)
}

function opening({ market, provider, requester }: Ground, quote: Quote, relayed: boolean): Opening {
  const { network } = market
  const open = { lease: leaseOf(network, quote) }
  return {
    quote,
    providerSignature: signStruct(provider.delegateKey, network, 'Quote', quote),
    requesterSignature: relayed ? signStruct(requester.delegateKey, network, 'Open', open) : '0x',
  }
}

function redemption({ market, requester }: Ground, quote: Quote, cumulative: bigint): Redemption {
  const voucher = { lease: leaseOf(market.network, quote), cumulative, ackFrom: 0, ackUntil: 0 }
  const signature = signStruct(requester.delegateKey, market.network, 'Voucher', voucher)
  return { quote, voucher, signature }
}

function closing({ market, provider, requester }: Ground, quote: Quote, paid: bigint) {
  const close = { lease: leaseOf(market.network, quote), paid }
  const sign = (key: Uint8Array) => signStruct(key, market.network, 'Close', close)
  return escrowData.closeCooperative(quote, paid, sign(provider.delegateKey), sign(requester.delegateKey))
}

async function transactionsOf({ market, provider, requester }: Ground): Promise<number> {
  const keys = [provider.account, provider.delegate, requester.account, requester.delegate]
  const counts = await Promise.all(
    keys.map((key) => market.rpc.request('eth_getTransactionCount', [key, 'latest'])),
  )
  return counts.reduce<number>((sum, count) => sum + Number(count), 0)
}
