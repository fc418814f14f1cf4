import { setTimeout as pause } from 'node:timers/promises'
import type { Demand } from '@souk/protocol'
import type { OfferRow } from '@souk/requester/node'
import type { Owner } from '../owner.ts'

/** Milliseconds that a command waits which has just joined the network itself: offers come within seconds. */
const FIRST_OFFERS_MS = 20_000
const LOOK_MS = 200

/** Waits until `count` offers fit a demand, where this process has just joined the network; an agent knows them. */
export async function waitForOffers(
  owner: Owner,
  demand: Demand,
  count: number,
  signal: AbortSignal,
  tell: (sentence: string) => void,
): Promise<void> {
  if (!owner.isUs) return
  const end = performance.now() + FIRST_OFFERS_MS
  for (let told = false; performance.now() < end && !signal.aborted; ) {
    const { offers } = await owner.call<{ offers: readonly OfferRow[] }>('offers', { demand })
    if (offers.filter(({ reason }) => reason === null).length >= count) return
    if (!told) tell(`joining the network: waiting up to ${FIRST_OFFERS_MS / 1000} s for offers that fit`)
    told = true
    await pause(LOOK_MS, undefined, { signal }).catch(() => {})
  }
}
