import { setTimeout as pause } from 'node:timers/promises'
import { escrowData, readAccountEvents } from '@souk/settlement'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AccountView, followAccount } from '../../packages/dashboard/src/chain/account-feed.ts'
import {
  setUpParties,
  startTestMarket,
  type TestMarket,
  type TestParty,
} from '../../packages/settlement/src/testing/market.ts'
import { networkOf } from './support/page-stage.ts'
import { createPartner, type Partner } from './support/partner.ts'

const TOKEN = 10n ** 18n
let market: TestMarket
let customer: TestParty
let partner: Partner

beforeAll(async () => {
  market = await startTestMarket()
  const [party] = await setUpParties(market, [1], 50n * TOKEN)
  if (party === undefined) throw new Error('a party was asked for')
  customer = party
  partner = await createPartner(market, customer, 2)
})
afterAll(() => market?.stop())

/** Follows the customer while `work` runs, which may wait for views. */
async function following(
  work: (until: Until, views: readonly AccountView[]) => Promise<void>,
  pieceBlocks = 2_000,
) {
  const { reader, rpc } = market
  const stop = new AbortController()
  const views: AccountView[] = []
  const problems: string[] = []
  const follow = followAccount({ network: networkOf(market), rpc, reader }, customer.account, {
    fromBlock: market.block,
    pieceBlocks,
    onView: (view) => views.push(view),
    onProblem: (sentence) => sentence !== null && problems.push(sentence),
    signal: stop.signal,
  })
  const until: Until = async (holds) => {
    for (;;) {
      const last = views.at(-1)
      if (last !== undefined && holds(last)) return last
      await pause(20)
    }
  }
  try {
    await work(until, views)
  } finally {
    stop.abort(new Error('the test is over'))
    await follow
  }
  expect(problems).toEqual([])
}
type Until = (holds: (view: AccountView) => boolean) => Promise<AccountView>

const kinds = ({ events }: AccountView) => events.map(({ event }) => event.kind)

describe('what the page reads of the chain', () => {
  test('is whole, also where a lease was opened long before it is judged', async () => {
    await partner.open()
    await following(async (until) => {
      await until((view) => kinds(view).includes('opened'))
      await market.chain.mine(150)
      await until((view) => view.head.number > 150)
      await partner.penalise(1)
      const { events, head } = await until((view) => kinds(view).includes('downAdjusted'))
      const { escrow, rpc, block } = market
      const { account } = customer
      const range = { fromBlock: block, toBlock: head.number }
      const { signal } = new AbortController()
      expect(events).toEqual(await readAccountEvents({ rpc, escrow, account, range, signal }))
    })
  })

  test('shows the money first and long histories piece by piece', async () => {
    await following(async (until, views) => {
      const last = await until(({ head, readBlock }) => readBlock === head.number)
      expect(views[0]?.readBlock).toBeLessThan(last.head.number)
      expect(views[0]?.free).toBe(await market.reader.balance(customer.account))
      expect(kinds(last)).toEqual(['deposited', 'delegateSet', 'opened', 'downAdjusted'])
    }, 20)
  })

  test('forgets what falls out of the chain', async () => {
    const { chain, escrow } = market
    await following(async (until) => {
      await until(({ head, readBlock }) => readBlock === head.number)
      const before = await chain.request('evm_snapshot')
      const data = escrowData.withdraw(customer.account, TOKEN)
      await chain.request('anvil_impersonateAccount', [customer.account])
      await chain.request('eth_sendTransaction', [{ from: customer.account, to: escrow, data }])
      const { free } = await until((view) => kinds(view).includes('withdrawn'))
      await chain.request('evm_revert', [before])
      await chain.mine(1)
      const after = await until((view) => !kinds(view).includes('withdrawn'))
      expect(after.free).toBe(free + TOKEN)
    })
  })
})
