import { type DomainMapping, failureDomains } from '@souk/availability'
import { dialledAddresses, type SoukNode } from '@souk/network'
import type { Hex } from '@souk/protocol'

/** A provider process, and where its offer or lease says it is. */
export interface Placed {
  readonly peerId: string
  readonly account: Hex
  readonly addresses: readonly string[]
}

/**
 * Returns what each provider shares with others, by peer: of the addresses at which it answers us now, whatever it says
 * of itself. Who cannot be reached is left out.
 */
export async function placesOf(
  node: SoukNode,
  providers: readonly Placed[],
  mappings: readonly DomainMapping[],
): Promise<Map<string, string[]>> {
  const places = new Map<string, string[]>()
  const look = async ({ peerId, account, addresses }: Placed) => {
    const dialled = await dialledAddresses(node, { peerId, addresses }).catch(() => null)
    if (dialled !== null) places.set(peerId, failureDomains({ account, dialled }, mappings))
  }
  await Promise.all(providers.map(look))
  return places
}
