import { setTimeout as pause } from 'node:timers/promises'
import type { Hex } from '@souk/protocol'
import { createEscrowReader } from '@souk/settlement'
import { failed, type Stage } from './stage.ts'

/** Milliseconds until every lease must be closed. */
const SETTLE_MS = 30_000
/** Milliseconds for the restarted victim to redeem its vouchers. */
const REDEEM_MS = 12_000
/** Waits until the escrow has closed every lease; the killed one's settlement time is mined at once. */
export async function settleLeases({ agent, market, screen, signal }: Stage, killed: Hex): Promise<void> {
  screen.settled()
  screen.step('closing the leases on the chain')
  const reader = createEscrowReader(market.rpc, market.config)
  const end = performance.now() + SETTLE_MS
  const patience = performance.now() + REDEEM_MS
  for (let mined = false; performance.now() < end; ) {
    signal.throwIfAborted()
    const open = (await agent.call('unsettled')) as Hex[]
    if (open.length === 0) return
    const { status, paid } = await reader.leaseState(killed)
    const redeemed = paid > 0n || performance.now() > patience
    if (!mined && open.length === 1 && status === 'ended' && redeemed) {
      await market.chain.mine(market.config.settleBlocks)
      mined = true
    }
    await pause(200)
  }
  throw failed('not every lease was closed in time')
}
