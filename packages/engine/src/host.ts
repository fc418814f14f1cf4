import { freeOver, withoutResources } from '@souk/market'
import {
  assert,
  type Hex,
  type HoldTerms,
  LIMITS,
  type Quote,
  type Resources,
  type Terms,
  termsDigest,
} from '@souk/protocol'
import { bookingsOf, claimable, holdOf, LEASE_SLACK_SECONDS, leasesAmong } from './host-holds.ts'
import type { Head } from './program.ts'
import type { Refusal, SellingPolicy } from './quoting.ts'

/** The provider's books over all its leases: what is free, and what is unsecured (PROTOCOL §6). */
export interface Host {
  total: Resources
  free: Resources
  /** Ids of the GPUs that cannot be leased now: they are gone, or their driver does not answer. */
  lost: ReadonlySet<string>
  readonly held: Map<Hex, Holding>
  draining: boolean
  /** Unix seconds up to which reservations were looked at. */
  nowSeconds: number
}

/** Capacity that somebody has, or for which it is kept. */
export interface Holding {
  readonly resources: Resources
  readonly requester: Hex
  readonly voucherSigner: Hex
  /** Base units of deposit that the requester's balance must still cover: zero once opened. */
  unopened: bigint
  /** Unix seconds at which a lease is over at the latest, if nobody was late. */
  readonly untilSeconds: number
  /** Of a reservation, when it has its capacity; `null` of a lease. */
  readonly hold: HoldTerms | null
  /** The reservation of whose capacity a lease is. */
  readonly of: Hex | null
}

/** The requester's money as the provider last saw it on chain. */
export interface Cover {
  /** Base units that the voucher signer could lock: free balance, and within its limit. */
  readonly lockable: bigint
  /** Whether the voucher signer is an unexpired delegate of the account. */
  readonly authorised: boolean
}

/** Leases that wait for their opening, per account and in all: what a provider risks unsecured. */
export const UNSECURED = {
  leasesPerAccount: 16,
  leases: 64,
} as const

/** Opens the books with everything free. */
export function newHost(total: Resources): Host {
  return { total, free: total, lost: new Set(), held: new Map(), draining: false, nowSeconds: 0 }
}

/** Returns what a demand is served from: what is free, or what the reservation that it names and that is its own keeps. */
export function capacityFor(
  host: Host,
  parties: Pick<Quote, 'requester' | 'voucherSigner'>,
  predecessor: Hex | null,
): Resources {
  return holdOf(host, parties, predecessor) === null ? host.free : claimable(host, predecessor)
}

/** Returns why the terms of a lease or a reservation are not, or no longer, ours; `undefined` where they are. */
export function refuseTerms(
  host: Host,
  policy: SellingPolicy,
  lease: Hex,
  quote: Quote,
  terms: Terms,
  head: Head,
): Refusal | undefined {
  if (host.draining) return { code: 'draining', message: 'this provider takes no new leases' }
  if (host.held.has(lease))
    return { code: 'terms-changed', message: 'this lease exists already; ask for a new quote' }
  if (quote.terms !== termsDigest(terms))
    return { code: 'terms-changed', message: 'the terms are not those of the quote' }
  if (quote.provider !== policy.account || quote.resultSigner !== policy.subject) {
    return { code: 'terms-changed', message: 'the quote names another provider' }
  }
  if (quote.openBefore <= head.timestampSeconds)
    return { code: 'expired', message: 'the quote is too old; ask for a new one' }
  return undefined
}

/** Returns why the requester's money does not do for another lease or reservation; `undefined` where it does. */
export function refuseMoney(host: Host, quote: Quote, cover: Cover): Refusal | undefined {
  return refuseCover(host, quote, cover) ?? refuseUnsecured(host, quote)
}

function refuseCover(host: Host, quote: Quote, cover: Cover): Refusal | undefined {
  if (!cover.authorised) {
    return {
      code: 'not-a-delegate',
      message: `expected ${quote.voucherSigner} to be an unexpired delegate of ${quote.requester}; authorise it with setDelegate`,
    }
  }
  const own = [...host.held.values()].filter((one) => one.requester === quote.requester)
  const available = cover.lockable - sum(own.map((one) => one.unopened))
  if (available >= quote.deposit) return undefined
  return {
    code: 'not-enough-balance',
    message: `expected ${quote.deposit} base units free in the escrow and within the delegate's limit, found ${available}; deposit more`,
  }
}

function refuseUnsecured(host: Host, quote: Quote): Refusal | undefined {
  const waiting = [...host.held.values()].filter((one) => one.unopened > 0n)
  const own = waiting.filter((one) => one.requester === quote.requester)
  if (waiting.length < UNSECURED.leases && own.length < UNSECURED.leasesPerAccount) return undefined
  return {
    code: 'unsecured-limit',
    message: 'too many leases wait for their opening; try again when they are mined',
  }
}

/** Takes the capacity of an accepted lease, which lasts `seconds`: out of the reservation that it names, if it does. */
export function take(
  host: Host,
  lease: Hex,
  quote: Quote,
  terms: Terms,
  seconds: number = LIMITS.leaseSeconds,
): void {
  const left = withoutResources(capacityFor(host, quote, terms.predecessor), terms.resources)
  assert(left !== null, 'capacity is taken only after refuseAccept agreed')
  const reservation = holdOf(host, quote, terms.predecessor)
  keep(host, lease, quote, terms, {
    untilSeconds: reservation?.until ?? host.nowSeconds + seconds + LEASE_SLACK_SECONDS,
    hold: null,
    of: reservation === null ? null : terms.predecessor,
  })
}

/** Notes a lease or a reservation in the books. */
export function keep(
  host: Host,
  lease: Hex,
  { requester, voucherSigner, deposit }: Quote,
  { resources }: Terms,
  when: Pick<Holding, 'untilSeconds' | 'hold' | 'of'>,
): void {
  host.held.set(lease, { resources, requester, voucherSigner, unopened: deposit, ...when })
  recount(host)
}

/** Lets time pass: reservations come near, and are over. Tells whether that changed what is free. */
export function passTime(host: Host, nowSeconds: number): boolean {
  const before = JSON.stringify(host.free)
  host.nowSeconds = nowSeconds
  recount(host)
  return JSON.stringify(host.free) !== before
}

/** Notes that the escrow holds the lease's deposit. */
export function secured(host: Host, lease: Hex): void {
  const holding = host.held.get(lease)
  if (holding !== undefined) holding.unopened = 0n
}

/** Notes that the escrow no longer holds it: the opening fell out of the chain. */
export function unsecured(host: Host, lease: Hex, deposit: bigint): void {
  const holding = host.held.get(lease)
  if (holding !== undefined) holding.unopened = deposit
}

/** Gives the capacity of a lease back; a second call does nothing. */
export function release(host: Host, lease: Hex): void {
  const holding = host.held.get(lease)
  if (holding === undefined) return
  host.held.delete(lease)
  recount(host)
}

/**
 * Notes that the place has more or fewer cores, memory and disk than before. Leases go on until they end; what they hold
 * beyond what there is now is missing from what is free.
 */
export function resize(host: Host, total: Omit<Resources, 'gpus'>): void {
  const { millicores, memoryBytes, diskBytes } = total
  host.total = { millicores, memoryBytes, diskBytes, gpus: host.total.gpus }
  recount(host)
}

/** What is free is so for as long as the longest lease may last. */
function recount(host: Host): void {
  const { total, nowSeconds, lost } = host
  const untilSeconds = nowSeconds + LIMITS.leaseSeconds + LEASE_SLACK_SECONDS
  const free = freeOver(total, bookingsOf(host), nowSeconds, untilSeconds)
  host.free = { ...free, gpus: free.gpus.filter(({ id }) => !lost.has(id)) }
}

/** Notes which GPUs cannot be leased now, instead of those noted before; leases on them go on until they end. */
export function lose(host: Host, lost: ReadonlySet<string>): void {
  host.lost = lost
  recount(host)
}

/** Returns the capacity that leases have, and what is kept back for reservations, which is all that is not free. */
export function takenOf(host: Host): { leased: Resources; reserved: Resources } {
  return leasesAmong(host)
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((a, b) => a + b, 0n)
}
