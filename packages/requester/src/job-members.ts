import { type FrameOf, LIMITS } from '@souk/protocol'
import type { PurchaseRunner } from './purchase-runner.ts'

type Member = FrameOf<'sources'>['peers'][number]

/** Tells every provider of a job who the others are (PROTOCOL §6.4). */
export function tellMembers(leases: Iterable<Pick<PurchaseRunner, 'state' | 'tellMembers'>>): void {
  const runners = [...leases]
  const members = runners.map(({ state: { purchase } }) => memberOf(purchase))
  for (const [i, runner] of runners.entries()) runner.tellMembers(neighbours(members, i))
}

/**
 * Returns the members next to one, in a ring, as many before as after it: whoever is told of another is told to that
 * one, too. All of them, where they are few.
 */
export function neighbours<T>(members: readonly T[], index: number): T[] {
  if (members.length <= LIMITS.sources + 1) return members.filter((_, i) => i !== index)
  const half = LIMITS.sources / 2
  const ring = [...members, ...members, ...members]
  const at = members.length + index
  return [...ring.slice(at - half, at), ...ring.slice(at + 1, at + 1 + half)]
}

function memberOf({ peerId, addresses }: Member): Member {
  return { peerId, addresses: addresses.slice(0, LIMITS.offerAddresses) }
}
