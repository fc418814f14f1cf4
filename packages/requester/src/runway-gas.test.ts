import type { Hex } from '@souk/protocol'
import { ChainError, createEscrowReader, createRpc, type Rpc } from '@souk/settlement'
import { type DevChain, startDevChain } from '@souk/settlement/node'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { GasDesk } from './runway-gas.ts'

const KEY: Hex = `0x${'5e'.repeat(20)}`
const NOBODY: Hex = `0x${'00'.repeat(20)}`
const BROKE = new ChainError('expected coins', {
  ...{ code: 'NO_GAS_MONEY', account: KEY, balanceWei: 0n, neededWei: 1n },
})

describe('the coins of a key', () => {
  let chain: DevChain
  let rpc: Rpc
  /** What a round of transactions may cost: 200,000 gas at twice the price. */
  let roundWei: bigint
  let desk: GasDesk
  let timeMs = 0
  beforeAll(async () => {
    chain = await startDevChain({ blockSeconds: 0 })
    rpc = createRpc({ urls: [chain.rpcUrl], chainId: chain.chainId })
    roundWei = 400_000n * BigInt((await rpc.request('eth_gasPrice', [])) as Hex)
  })
  afterAll(() => chain?.stop())
  beforeEach(() => {
    const reader = createEscrowReader(rpc, { escrow: NOBODY, token: NOBODY })
    desk = new GasDesk({ reader, rpc }, KEY, () => timeMs)
  })
  const have = (wei: bigint) => rpc.request('anvil_setBalance', [KEY, `0x${wei.toString(16)}`])
  const readLater = () => {
    timeMs += 10_000
    return desk.read()
  }

  test('count in rounds, and nothing is sent without one', async () => {
    await have(3n * roundWei)
    await desk.read()
    expect([desk.pays, desk.roundsLeft]).toEqual([true, 3n])
    await have(roundWei - 1n)
    await desk.read()
    expect(desk.pays).toBe(true)
    await readLater()
    expect([desk.pays, desk.roundsLeft]).toEqual([false, 0n])
  })

  test('are not missed where there never were any', async () => {
    await have(0n)
    await desk.read()
    expect([desk.pays, desk.roundsLeft]).toEqual([false, null])
  })

  test('are not counted on after a transaction failed for want of them, until they are read anew', async () => {
    await have(roundWei)
    await desk.read()
    expect(desk.lacks(new Error('something else'))).toBe(false)
    expect(desk.lacks(BROKE)).toBe(true)
    await desk.read()
    expect(desk.pays).toBe(false)
    await readLater()
    expect(desk.pays).toBe(true)
  })
})
