import { contextOf, NETWORK, quoteOf, World } from '@souk/engine/testing'
import { leaseOf } from '@souk/protocol'
import { describe, expect, it } from 'vitest'
import { ChainModel } from './chain-model.ts'
import { type EscrowCall, EscrowModel } from './escrow-model.ts'

const [BUYER, SELLER] = [contextOf(1, 1), contextOf(2, 1)]
const QUOTE = quoteOf(BUYER, SELLER, 1, { bond: 700n, notice: 5 })
const LEASE = leaseOf(NETWORK, QUOTE)
const at = (block: number) => ({ block, timestampSeconds: 1_000 + 2 * block })

function escrow(): EscrowModel {
  const accounts = [QUOTE.requester, QUOTE.provider]
  return new EscrowModel(8, new Map(accounts.map((account) => [account, 2_000_000n])))
}

/** Carries calls out one after another, each in its own block, and says which were refused. */
function play(model: EscrowModel, ...calls: (readonly [number, EscrowCall])[]): boolean[] {
  return calls.map(([block, call]) => {
    const { total } = model
    const isDone = model.apply(call, at(block))
    expect(model.total).toBe(total)
    return isDone
  })
}

const OPEN: EscrowCall = { call: 'open', lease: LEASE, quote: QUOTE }
const redeem = (cumulative: bigint): EscrowCall => ({ call: 'redeem', lease: LEASE, cumulative })
const close = (paid: bigint): EscrowCall => ({ call: 'closeCooperative', lease: LEASE, paid })
const FINALIZE: EscrowCall = { call: 'finalize', lease: LEASE }

describe('the copy of the escrow', () => {
  it('opens once, within balance and time', () => {
    expect(play(escrow(), [1, OPEN], [2, OPEN])).toEqual([true, false])
    expect(play(escrow(), [1_000_000, OPEN])).toEqual([false])
    const poor = new EscrowModel(8, new Map([[QUOTE.requester, 10n]]))
    expect(play(poor, [1, OPEN])).toEqual([false])
  })

  it('caps what is redeemed by time, and pays no amount twice', () => {
    const model = escrow()
    play(model, [1, OPEN], [6, redeem(1_000_000n)])
    // Ten seconds of service and ten ahead, and the start fee.
    expect(model.look(LEASE, at(6)).paid).toBe(20_500n)
    play(model, [6, redeem(3_000n)], [6, redeem(1_000_000n)])
    expect(model.look(LEASE, at(6)).paid).toBe(20_500n)
    expect(model.balances.get(QUOTE.provider)).toBe(2_000_000n - 700n + 20_500n)
  })

  it('closes at once by agreement, within what it would pay', () => {
    const model = escrow()
    expect(play(model, [1, OPEN], [6, close(20_501n)], [6, close(9_000n)], [7, close(9_000n)])).toEqual([
      true,
      false,
      true,
      false,
    ])
    expect(model.balances.get(QUOTE.provider)).toBe(2_009_000n)
    expect(model.balances.get(QUOTE.requester)).toBe(1_991_000n)
  })

  it('lets vouchers count for a while after the end, and then gives back what is left', () => {
    const model = escrow()
    const stop: EscrowCall = { call: 'startClose', lease: LEASE, byRequester: true }
    expect(play(model, [1, OPEN], [6, stop], [7, stop], [8, FINALIZE])).toEqual([true, true, false, false])
    expect(model.look(LEASE, at(13)).status).toBe('ended')
    expect(play(model, [13, redeem(1_000_000n)], [14, FINALIZE])).toEqual([true, true])
    // The requester stopped the clock after ten seconds.
    expect(model.balances.get(QUOTE.provider)).toBe(2_020_500n)
    expect(model.balances.get(QUOTE.requester)).toBe(1_979_500n)
  })

  it('ends a lease by its provider only after the notice', () => {
    const model = escrow()
    play(model, [1, OPEN], [6, { call: 'startClose', lease: LEASE, byRequester: false }])
    expect(model.look(LEASE, at(10)).status).toBe('open')
    expect(model.look(LEASE, at(11)).status).toBe('ended')
    expect(model.look(LEASE, at(19)).status).toBe('finalizable')
  })
})

describe('the chain', () => {
  it('takes blocks back with all that was in them, and mines it again', () => {
    const world = new World(3)
    const chain = new ChainModel(
      world,
      { blockMs: 2_000, settleBlocks: 8, leaseBlocks: 100, openSeconds: 300 },
      escrow(),
      () => {},
    )
    world.run(9_000, () => false)
    chain.submit(OPEN)
    world.run(20_000, () => chain.escrow.leases.has(LEASE))
    const opened = chain.escrow.leases.get(LEASE)?.opened.block
    expect(opened).toBe(chain.head.number)
    const { number } = chain.head
    chain.reorganise(2)
    expect(chain.head.number).toBe(number)
    world.run(world.nowMs + 20_000, () => chain.escrow.leases.has(LEASE))
    expect(chain.escrow.leases.get(LEASE)?.opened.block).toBeGreaterThanOrEqual(number - 1)
    chain.stall(10_000)
    const { number: before } = chain.head
    world.run(world.nowMs + 7_000, () => false)
    expect(chain.head.number).toBe(before)
  })
})
