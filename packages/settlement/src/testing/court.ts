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
import { courtData, type SeatMaps, type SeatSignature } from '../court-calls.ts'
import { type CourtReader, createCourtReader } from '../court-reader.ts'
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
  readonly watchers: ReadonlyMap<Hex, Uint8Array>
  /** Mines up to the first block of the next epoch, and returns that epoch. */
  nextEpoch(): Promise<number>
  /** Returns the votes of the first `count` seats on a key in an epoch. */
  votes(key: Hex, epoch: number, seen: Observation, count?: number): Promise<SeatMaps[]>
  /** Returns the ballots of the first `count` seats of a dispute. */
  ballots(lease: Hex, task: Hex, output: Hex, verdict: Hex, count?: number): Promise<SeatSignature[]>
  send(sender: TransactionSender, data: Hex): ReturnType<TransactionSender['wait']>
}

/** Starts a market whose court has a table of `watchers` keys, staked by the deployer. */
export async function startCourtMarket(watchers = 4): Promise<CourtMarket> {
  const market = await startTestMarket(TEST_COURT)
  const { chain, rpc, token, court } = market
  const id: CourtId = { chainId: chain.chainId, court }
  const judge = createCourtReader(rpc, { court, settleBlocks: TEST_COURT.settleBlocks })
  const keys = Array.from({ length: watchers }, (_, i) => testKey(200 + i))
  const byAddress = new Map(keys.map((key) => [addressOf(key), key]))
  const bank = await market.sender(market.deployerKey)
  const send: CourtMarket['send'] = async (sender, data) => {
    const { id: sent } = await sender.submit({ purpose: 'a call of the court', to: court, data })
    return sender.wait(sent)
  }
  await bank.submit({
    id: 'approve',
    purpose: 'approve',
    to: token,
    data: tokenData.approve(court, 2n ** 255n),
  })
  await bank.wait('approve')
  for (const key of keys) {
    const consent = signCourtStruct(key, id, 'Enrol', { account: bank.address })
    await send(bank, courtData.enrol(addressOf(key), consent))
  }
  await chain.mine(2 * TEST_COURT.termEpochs * epochBlocks(TEST_COURT))
  const head = async () => Number(await rpc.request('eth_blockNumber', []))
  const seats = async (subject: Hex, seedBlock: number, term: number) => {
    const seed = await judge.seed(seedBlock, AbortSignal.timeout(10_000))
    if (seed === null) throw new Error(`block ${seedBlock} is not there yet`)
    return seatHolders(TEST_COURT, await judge.table(term), seed, subject)
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
      const next = epochOf(TEST_COURT, await head()) + 1
      await chain.mine(next * epochBlocks(TEST_COURT) - (await head()))
      return next
    },
    async votes(key, epoch, seen, count = TEST_COURT.quorum) {
      const subject = downtimeSubject(key, epoch)
      const holders = await seats(subject, downtimeSeedBlock(TEST_COURT, epoch), termOf(TEST_COURT, epoch))
      const value = observationValue(seen)
      return signed(holders, count, subject, value).map((vote) => ({ ...vote, maps: Number(value) }))
    },
    async ballots(lease, task, output, verdict, count = TEST_COURT.quorum) {
      const subject = disputeSubject(lease, task, output)
      const { openedBlock } = await judge.dispute(subject)
      const seedBlock = disputeSeedBlock(TEST_COURT, openedBlock)
      const term = termOf(TEST_COURT, epochOf(TEST_COURT, seedBlock))
      return signed(await seats(subject, seedBlock, term), count, subject, verdict)
    },
  }
}
