import { type Booking, commonCapacity, remainderOf } from '@souk/market'
import type { Hex, HoldTerms, Quote, Resources } from '@souk/protocol'
import type { Holding, Host } from './host.ts'

/** Seconds by which a lease may end later than its length after it was accepted: its opening may come so much later. */
export const LEASE_SLACK_SECONDS = 360
/** Seconds around a reservation in which its capacity is kept as well: clocks differ. */
export const HOLD_LEEWAY_SECONDS = 5

type Books = Pick<Host, 'total' | 'held' | 'lost' | 'nowSeconds' | 'free'>

/**
 * Returns who has what, and when: leases until they end, reservations in their time, less what leases have of them. A
 * lease that should be over and is not counts as there for the moment.
 */
export function bookingsOf(host: Books): Booking[] {
  return [...host.held].map(([lease, one]) => {
    const { resources, hold, untilSeconds } = one
    if (hold === null) {
      return { resources, fromSeconds: 0, untilSeconds: Math.max(untilSeconds, host.nowSeconds + 1) }
    }
    const [fromSeconds, until] = [hold.from - HOLD_LEEWAY_SECONDS, hold.until + HOLD_LEEWAY_SECONDS]
    return { resources: unclaimed(host, lease, one), fromSeconds, untilSeconds: until }
  })
}

/** Returns the terms of a reservation that is these parties' own; `null` where there is none of this name. */
export function holdOf(
  { held }: Pick<Books, 'held'>,
  { requester, voucherSigner }: Pick<Quote, 'requester' | 'voucherSigner'>,
  lease: Hex | null,
): HoldTerms | null {
  const one = lease === null ? undefined : held.get(lease)
  const isOwn = one?.requester === requester && one.voucherSigner === voucherSigner
  return isOwn ? one.hold : null
}

/** Returns what can be leased of a reservation now: what is left of it, as far as it is really there. */
export function claimable(host: Books, lease: Hex | null): Resources {
  const one = lease === null ? undefined : host.held.get(lease)
  if (lease === null || one === undefined) return host.free
  const there = remainderOf(host.total, leases(host))
  const gpus = there.gpus.filter(({ id }) => !host.lost.has(id))
  return commonCapacity(unclaimed(host, lease, one), { ...there, gpus })
}

/** Returns the leases that have a reservation's capacity. */
export function claimsOf({ held }: Pick<Books, 'held'>, lease: Hex): Hex[] {
  return [...held].flatMap(([id, { of }]) => (of === lease ? [id] : []))
}

/** Returns the leases that should be over and are in the way of a reservation whose time has come. */
export function overdue(host: Books): Hex[] {
  const late = [...host.held].filter(
    ([, { hold, untilSeconds }]) => hold === null && untilSeconds <= host.nowSeconds,
  )
  const lacks = [...host.held].some(([lease, one]) => isLacking(host, lease, one))
  return lacks ? late.map(([lease]) => lease) : []
}

/** Returns what all leases have together, and what else of the total is not free. */
export function leasesAmong(host: Books): { leased: Resources; reserved: Resources } {
  const rest = remainderOf(host.total, leases(host))
  const leased = remainderOf(host.total, [rest])
  const present = { ...rest, gpus: rest.gpus.filter(({ id }) => !host.lost.has(id)) }
  return { leased, reserved: remainderOf(present, [host.free]) }
}

function isLacking(host: Books, lease: Hex, one: Holding): boolean {
  const { hold } = one
  if (hold === null || host.nowSeconds < hold.from || host.nowSeconds >= hold.until) return false
  const [kept, there] = [unclaimed(host, lease, one), claimable(host, lease)]
  return (
    there.millicores < kept.millicores ||
    there.memoryBytes < kept.memoryBytes ||
    there.diskBytes < kept.diskBytes ||
    there.gpus.length < kept.gpus.length
  )
}

function unclaimed({ held }: Books, lease: Hex, { resources }: Holding): Resources {
  const claimed = [...held.values()].flatMap((one) => (one.of === lease ? [one.resources] : []))
  return remainderOf(resources, claimed)
}

function leases({ held }: Books): Resources[] {
  return [...held.values()].flatMap(({ hold, resources }) => (hold === null ? [resources] : []))
}
