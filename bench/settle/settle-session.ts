import type { Session, Setup } from '../harness/benchmark.ts'
import { challenge, measureCourt, measureFirstEnrolment, renewWatchers } from './court-steps.ts'
import { createGasBook } from './gas-book.ts'
import { blocksToNextTerm, type Ground, openGround, payEveryone, RULES } from './ground.ts'
import { type LeaseLife, liveOneLease, measureBatches, openLease, settleAlone } from './lease-steps.ts'
import { doNothing, movePlainly } from './plain-transfers.ts'

/** Transactions of a lease that is paid by vouchers: an opening, a redemption, a close. */
const LIFE = 3
/** Keys that enrol for the first time; those of the watchers are below. */
const FIRST_NEWCOMER = 1_000

/** Sets a market up whose parties have traded before, and measures every transaction once a round. */
export async function openSettleSession(setup: Setup): Promise<Session> {
  const ground = await openGround(setup)
  const book = createGasBook()
  const lives: LeaseLife[] = []
  const peerVersion = await prepare(ground, setup).catch(async (error) => {
    await ground.market.stop()
    throw error
  })
  return {
    peerVersion,
    async round() {
      await renewWatchers(ground, (gasUsed) => book.note('enrol', gasUsed))
      const life = await liveOneLease(ground, book)
      lives.push(life)
      const plain = await movePlainly(ground)
      const nothing = await doNothing(ground)
      await measureBatches(ground, book)
      await measureFirstEnrolment(ground, book, FIRST_NEWCOMER + lives.length)
      const [clean, down] = [await openLease(ground), await measureCourt(ground, book)]
      await settleAlone(ground, book, { clean, down, settleBlocks: RULES.settleBlocks })
      return { ours: [life.gas], peer: [plain], limit: [nothing] }
    },
    conditions() {
      const extra = Math.max(...lives.map(({ transactions }) => transactions - LIFE))
      return [{ name: 'transactions per job', value: extra, op: '<=', bound: 0, ok: extra <= 0 }]
    },
    gasFigures: () => book.figures(),
    remarks() {
      const [{ vouchers = 0, transactions = 0 } = {}] = lives
      return [`a lease with ${vouchers} vouchers took ${transactions} transactions of all keys of both sides`]
    },
    stop: () => ground.market.stop(),
  }
}

/** Fills the tables of two terms that follow each other, and leaves no account new. Returns what the peer is. */
async function prepare(ground: Ground, { step, signal }: Setup): Promise<string> {
  step('filling the tables of two terms, and trading once')
  for (let term = 0; term < 2; term++) {
    await renewWatchers(ground, () => {})
    signal.throwIfAborted()
    await ground.mine(await blocksToNextTerm(ground))
  }
  await payEveryone(ground)
  // One lease stays open and one dispute pending, so that neither delegates nor the court start from nothing.
  await openLease(ground)
  await challenge(ground, await openLease(ground))
  const client = await ground.market.rpc.request('web3_clientVersion', [])
  return `OpenZeppelin ERC-20 on ${String(client)}`
}
