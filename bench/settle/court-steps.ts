import {
  addressOf,
  epochStart,
  type Hex,
  leaseOf,
  merkleRoot,
  type Quote,
  resultLeaf,
  signCourtStruct,
  signStruct,
} from '@souk/protocol'
import { courtData, fundAccounts, type ResultProof, tokenData } from '@souk/settlement'
import { testKey } from '../../packages/settlement/src/testing/market.ts'
import type { GasBook } from './gas-book.ts'
import { type Ground, RULES } from './ground.ts'
import { openLease } from './lease-steps.ts'

/** Eight slots in the middle of an epoch, seen and not up. */
const DOWN = { seen: 0xffff, up: 0xf00f }
/** Blocks from a seed that surely are more than the 256 whose hashes every contract sees. */
const OLD_BLOCKS = 270

/** Gives the tables of the next terms their watchers; those who have a place there already stay as they are. */
export async function renewWatchers(ground: Ground, note: (gasUsed: bigint) => void): Promise<void> {
  const { market, watchers, send } = ground
  const head = Number(await market.rpc.request('eth_blockNumber', []))
  const forming = Math.floor(head / (RULES.termEpochs * 16 * RULES.slotBlocks)) + 2
  let first = true
  for (const [key, sender] of watchers) {
    if ((await market.judge.watcher(key)).lastTerm >= forming) continue
    const { gasUsed } = await send(sender, market.court, courtData.enrol(key))
    // The first place of a table costs more: it is the one that founds it.
    if (!first) note(gasUsed)
    first = false
  }
}

/** Stakes a key that never watched. */
export async function measureFirstEnrolment(ground: Ground, book: GasBook, seed: number): Promise<void> {
  const { market, stranger, send } = ground
  const secret = testKey(seed)
  const key = addressOf(secret)
  // It may be drawn for a seat in a later term.
  market.watchers.set(key, secret)
  const sender = await market.sender(secret)
  await fundAccounts(market.tools(stranger), [{ to: key, tokens: 2n * RULES.stake, wei: 10n ** 18n }])
  await send(sender, market.token, tokenData.approve(market.court, 2n * RULES.stake))
  const consent = signCourtStruct(secret, market.id, 'Enrol', { account: key })
  book.note('enrolFirst', (await send(sender, market.court, courtData.enrol(key, consent))).gasUsed)
}

/**
 * Has a lease called down by eleven seats and refuted, and a result challenged and decided by eleven jurors, all
 * with seeds as old as they are on a public chain; returns a lease with downtime.
 */
export async function measureCourt(ground: Ground, book: GasBook): Promise<Quote> {
  const { market, provider, requester, stranger, send, mine } = ground
  const [reported, down, challenged] = [
    await openLease(ground),
    await openLease(ground),
    await openLease(ground),
  ]
  const epoch = await market.nextEpoch()
  await market.nextEpoch()
  const dispute = await challenge(ground, challenged)
  book.note('challenge', dispute.gasUsed)
  await mine(OLD_BLOCKS)
  const votes = await market.votes(provider.delegate, epoch, DOWN)
  const report = await send(stranger, market.court, courtData.reportDowntime(reported, epoch, votes))
  book.note('reportDowntime11', report.gasUsed)
  await send(stranger, market.court, courtData.reportDowntime(down, epoch, votes))
  const refute = await send(provider.sender, market.court, refutation(ground, reported, epoch))
  book.note('refute', refute.gasUsed)
  // Time for the jury's seed to be as old as the watchers' was.
  await mine(RULES.lagBlocks)
  const { task, output } = dispute
  const ballots = await market.ballots(leaseOf(market.network, challenged), task, output, OTHER)
  const resolve = courtData.resolve(challenged, task, output, OTHER, ballots)
  book.note('resolve11', (await send(requester.sender, market.court, resolve)).gasUsed)
  return down
}

/** Challenges one result of a batch of one, as the requester's hot key. */
export async function challenge(ground: Ground, quote: Quote) {
  const { market, provider, requester, send } = ground
  const lease = leaseOf(market.network, quote)
  const root = merkleRoot([resultLeaf(lease, TASK, OUTPUT)])
  const signature = signStruct(provider.delegateKey, market.network, 'ResultBatch', { lease, root })
  const proof: ResultProof = { index: 0, size: 1, path: [], signature }
  const data = courtData.challenge(quote, TASK, OUTPUT, proof)
  const { gasUsed } = await send(requester.sender, market.court, data)
  return { gasUsed, task: TASK, output: OUTPUT }
}

/** Strikes two of the slots that were called down. */
function refutation({ market, requester }: Ground, quote: Quote, epoch: number): Hex {
  const start = epochStart(RULES, epoch)
  const [ackFrom, ackUntil] = [start + 4 * RULES.slotBlocks, start + 6 * RULES.slotBlocks]
  const voucher = { lease: leaseOf(market.network, quote), cumulative: 1n, ackFrom, ackUntil }
  const signature = signStruct(requester.delegateKey, market.network, 'Voucher', voucher)
  return courtData.refuteDowntime(quote, epoch, voucher, signature)
}

const [TASK, OUTPUT, OTHER] = [0xa1, 0xb2, 0xc3].map(word) as [Hex, Hex, Hex]

function word(byte: number): Hex {
  return `0x${byte.toString(16).repeat(32)}`
}
