import {
  addressOf,
  COURT_PRESETS,
  type CourtId,
  type CourtRules,
  disputeSeedBlock,
  disputeSubject,
  downtimeSeedBlock,
  downtimeSubject,
  epochBlocks,
  epochOf,
  type Hex,
  type Observation,
  observationValue,
  seatHolders,
  signCourtStruct,
  termOf,
} from '@souk/protocol'
import { fundAccounts } from '../account-setup.ts'
import { courtData, type SeatMaps, type SeatSignature } from '../court-calls.ts'
import { type CourtReader, createCourtReader } from '../court-reader.ts'
import type { DevChain } from '../node/dev-chain.ts'
import { tokenData } from '../token-calls.ts'
import type { TransactionSender } from '../transaction-sender.ts'
import { startTestMarket, type TestMarket, testKey } from './market.ts'

/** The development court, with amounts that fit {@link testQuote} and terms that outlast a test file. */
export const TEST_COURT: CourtRules = {
  ...COURT_PRESETS.dev,
  termEpochs: 20,
  stake: 10_000n,
  challengeDeposit: 3_000n,
  juryFee: 200n,
  fuel: 10_000_000n,
}

/** A market with a court and a table of staked watchers, at the beginning of a term that has them. */
export interface CourtMarket extends TestMarket {
  readonly id: CourtId
  readonly judge: CourtReader
  /** The keys that votes are signed with; whoever enrols another adds it. */
  readonly watchers: Map<Hex, Uint8Array>
  /** Mines up to the first block of the next epoch, and returns that epoch. */
  nextEpoch(): Promise<number>
  /** Returns the votes of the first `count` seats on a key in an epoch. */
  votes(key: Hex, epoch: number, seen: Observation, count?: number): Promise<SeatMaps[]>
  /** Returns the ballots of the first `count` seats of a dispute. */
  ballots(lease: Hex, task: Hex, output: Hex, verdict: Hex, count?: number): Promise<SeatSignature[]>
  send(sender: TransactionSender, data: Hex): ReturnType<TransactionSender['wait']>
}

export interface CourtMarketOptions {
  readonly rules?: CourtRules
  /** Each watcher's stake is its own; by default all are the deployer's. */
  readonly ownStakes?: boolean
}

/** Blocks mined at once: a busy machine takes seconds for some hundred. */
const MINED_AT_ONCE = 100

/** Mines many blocks, in steps that a busy machine answers in time. */
export async function mineMany(chain: DevChain, blocks: number): Promise<void> {
  for (let left = blocks; left > 0; left -= MINED_AT_ONCE) await chain.mine(Math.min(left, MINED_AT_ONCE))
}

/** Starts a market whose court has a table of `watchers` keys, staked by the deployer unless told otherwise. */
export async function startCourtMarket(
  watchers = 4,
  { rules = TEST_COURT, ownStakes = false }: CourtMarketOptions = {},
): Promise<CourtMarket> {
  const market = await startTestMarket(rules)
  const { chain, rpc, token, court } = market
  const id: CourtId = { chainId: chain.chainId, court }
  const judge = createCourtReader(rpc, { court, settleBlocks: rules.settleBlocks })
  const keys = Array.from({ length: watchers }, (_, i) => testKey(200 + i))
  const byAddress = new Map(keys.map((key) => [addressOf(key), key]))
  const bank = await market.sender(market.deployerKey)
  const send: CourtMarket['send'] = async (sender, data) => {
    const { id: sent } = await sender.submit({ purpose: 'a call of the court', to: court, data })
    return sender.wait(sent)
  }
  const stakers = ownStakes ? await Promise.all(keys.map((key) => market.sender(key))) : [bank]
  if (ownStakes) {
    const grants = keys.map((key) => ({ to: addressOf(key), tokens: rules.stake, wei: 10n ** 18n }))
    await fundAccounts(market.tools(bank), grants)
  }
  for (const staker of stakers) {
    const data = tokenData.approve(court, 2n ** 255n)
    await staker.submit({ id: 'approve', purpose: 'approve', to: token, data })
    await staker.wait('approve')
  }
  for (const [i, key] of keys.entries()) {
    const staker = stakers[i] ?? bank
    const consent = signCourtStruct(key, id, 'Enrol', { account: staker.address })
    await send(staker, courtData.enrol(addressOf(key), consent))
  }
  await mineMany(chain, 2 * rules.termEpochs * epochBlocks(rules))
  const head = async () => Number(await rpc.request('eth_blockNumber', []))
  const seats = async (subject: Hex, seedBlock: number, term: number) => {
    const seed = await judge.seed(seedBlock, AbortSignal.timeout(10_000))
    if (seed === null) throw new Error(`block ${seedBlock} is not there yet`)
    return seatHolders(rules, await judge.table(term), seed, subject)
  }
  const signed = (holders: readonly Hex[], count: number, subject: Hex, value: Hex) =>
    holders.slice(0, count).map((holder, seat) => {
      const key = byAddress.get(holder) ?? new Uint8Array(32)
      return { seat, signature: signCourtStruct(key, id, 'Vote', { subject, value }) }
    })
  return {
    ...market,
    ...{ id, judge, watchers: byAddress, send },
    async nextEpoch() {
      const next = epochOf(rules, await head()) + 1
      await chain.mine(next * epochBlocks(rules) - (await head()))
      return next
    },
    async votes(key, epoch, seen, count = rules.quorum) {
      const subject = downtimeSubject(key, epoch)
      const holders = await seats(subject, downtimeSeedBlock(rules, epoch), termOf(rules, epoch))
      const value = observationValue(seen)
      return signed(holders, count, subject, value).map((vote) => ({ ...vote, maps: Number(value) }))
    },
    async ballots(lease, task, output, verdict, count = rules.quorum) {
      const subject = disputeSubject(lease, task, output)
      const { openedBlock } = await judge.dispute(subject)
      const seedBlock = disputeSeedBlock(rules, openedBlock)
      const term = termOf(rules, epochOf(rules, seedBlock))
      return signed(await seats(subject, seedBlock, term), count, subject, verdict)
    },
  }
}
