import { COURT_PRESETS, type CourtRules, epochBlocks, type Hex, type Quote } from '@souk/protocol'
import { escrowData, type Receipt, type TransactionSender, tokenData } from '@souk/settlement'
import { type CourtMarket, mineMany, startCourtMarket } from '../../packages/settlement/src/testing/court.ts'
import { setUpParties, type TestParty, testQuote } from '../../packages/settlement/src/testing/market.ts'
import type { Setup } from '../harness/benchmark.ts'

/**
 * The public court with short spans, so that few blocks need mining: seats, quorum, table and lag are the public
 * ones, and the spans leave room for seeds older than the 256 blocks whose hashes are at hand.
 */
export const RULES: CourtRules = {
  ...COURT_PRESETS.public,
  slotBlocks: 1,
  termEpochs: 100,
  reportBlocks: 300,
  verdictBlocks: 320,
  settleBlocks: 620,
  stake: 10_000n,
  challengeDeposit: 3_000n,
  juryFee: 200n,
  fuel: 10_000_000n,
}
const WATCHERS = RULES.leastWatchers
/** Base units that each party has in the escrow. */
const LEDGER = 100_000_000n
/** The account that penalties are burned to. */
const BURN: Hex = '0x000000000000000000000000000000000000dead'
const TERM_BLOCKS = RULES.termEpochs * epochBlocks(RULES)

/** A market with a full court, and parties that have traded before. */
export interface Ground {
  readonly market: CourtMarket
  readonly provider: TestParty
  readonly requester: TestParty
  /** Belongs to no side of any lease; has the tokens that the parties do not. */
  readonly stranger: TransactionSender
  /** Sends as each of the watchers. */
  readonly watchers: ReadonlyMap<Hex, TransactionSender>
  /** Returns terms that no lease had before. */
  quote(): Quote
  send(sender: TransactionSender, to: Hex, data: Hex): Promise<Receipt>
  mine(blocks: number): Promise<void>
}

/** Starts chain, contracts, watchers and parties, at the beginning of a term. */
export async function openGround({ step, signal }: Setup): Promise<Ground> {
  step(`starting a chain with a court and ${WATCHERS} watchers, each with a stake of its own`)
  const market = await startCourtMarket(WATCHERS, { rules: RULES, ownStakes: true })
  try {
    signal.throwIfAborted()
    const [provider, requester] = await setUpParties(market, [1, 2], LEDGER)
    if (provider === undefined || requester === undefined) throw new Error('two parties were asked for')
    const senders = [...market.watchers].map(
      async ([key, secret]) => [key, await market.sender(secret)] as const,
    )
    const watchers = new Map(await Promise.all(senders))
    const stranger = await market.sender(market.deployerKey)
    let salt = 0
    return {
      ...{ market, provider, requester, stranger, watchers },
      quote() {
        salt += 1
        // Outlasts every deadline of the court.
        return testQuote(provider, requester, salt, { blocks: 4 * TERM_BLOCKS })
      },
      async send(sender, to, data) {
        const { id } = await sender.submit({ purpose: 'a measured call', to, data })
        return sender.wait(id)
      },
      mine: (blocks) => mineMany(market.chain, blocks),
    }
  } catch (error) {
    await market.stop()
    throw error
  }
}

/** Returns how many blocks are left of the current term, at least one. */
export async function blocksToNextTerm({ market }: Ground): Promise<number> {
  const head = Number(await market.rpc.request('eth_blockNumber', []))
  return TERM_BLOCKS - (head % TERM_BLOCKS)
}

/** Gives everybody who is ever paid a balance, in the token and in the escrow: first payments cost more. */
export async function payEveryone(ground: Ground): Promise<void> {
  const { market, provider, requester, stranger, watchers, send } = ground
  const people = [...watchers.keys(), provider.delegate, requester.delegate, BURN]
  await send(stranger, market.token, tokenData.approve(market.escrow, LEDGER))
  const paid = people.map((account) => escrowData.moveTo(account, 1n))
  await send(stranger, market.escrow, escrowData.multicall([escrowData.deposit(LEDGER), ...paid]))
  for (const account of [requester.delegate, provider.account]) {
    await send(stranger, market.token, tokenData.transfer(account, LEDGER))
  }
  await send(requester.sender, market.token, tokenData.approve(market.court, 2n ** 255n))
}
