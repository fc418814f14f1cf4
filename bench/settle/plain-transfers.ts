import { tokenData } from '@souk/settlement'
import type { Ground } from './ground.ts'

/** Base units that are moved each time. */
const AMOUNT = 1_000n
const STEPS = 3

/** Returns the gas of a deposit to somebody who is trusted, the payment and the refund, as plain token transfers. */
export async function movePlainly({ market, provider, requester, stranger, send }: Ground): Promise<number> {
  const moves = [
    [requester.sender, stranger.address, 2n * AMOUNT],
    [stranger, provider.account, AMOUNT],
    [stranger, requester.delegate, AMOUNT],
  ] as const
  let gas = 0
  for (const [sender, to, amount] of moves) {
    gas += Number((await send(sender, market.token, tokenData.transfer(to, amount))).gasUsed)
  }
  return gas
}

/** Returns the gas of as many transactions without effect. */
export async function doNothing({ requester, stranger, send }: Ground): Promise<number> {
  let gas = 0
  for (let step = 0; step < STEPS; step++) {
    gas += Number((await send(requester.sender, stranger.address, '0x')).gasUsed)
  }
  return gas
}
