import { withoutResources } from '@souk/market'
import { assert, type Hex, type Quote, type Resources, type Terms, termsDigest } from '@souk/protocol'
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
}

interface Holding {
  readonly resources: Resources
  readonly requester: Hex
  readonly voucherSigner: Hex
  /** Base units of deposit that the requester's balance must still cover: zero once opened. */
  unopened: bigint
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
  return { total, free: total, lost: new Set(), held: new Map(), draining: false }
}

/** Returns why `quote` cannot be leased now, or `undefined` when nothing speaks against it. */
export function refuseLease(
  host: Host,
  policy: SellingPolicy,
  lease: Hex,
  quote: Quote,
  terms: Terms,
  cover: Cover,
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
  if (withoutResources(host.free, { ...terms.resources, gpus: [] }) === null) {
    return { code: 'no-capacity', message: 'the capacity went to someone else' }
  }
  if (withoutResources(host.free, terms.resources) === null) {
    const ids = terms.resources.gpus.map(({ id }) => id).join(', ')
    return { code: 'no-gpu', message: `expected ${ids} to be free, another lease has it, or it is gone` }
  }
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

/** Takes the capacity of an accepted lease. */
export function take(host: Host, lease: Hex, quote: Quote, terms: Terms): void {
  const left = withoutResources(host.free, terms.resources)
  assert(left !== null, 'capacity is taken only after refuseLease agreed')
  host.free = left
  const { requester, voucherSigner, deposit } = quote
  host.held.set(lease, { resources: terms.resources, requester, voucherSigner, unopened: deposit })
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

function recount(host: Host): void {
  const held = [...host.held.values()].map(({ resources }) => resources)
  const left = (key: 'millicores' | 'memoryBytes' | 'diskBytes') =>
    Math.max(0, host.total[key] - held.reduce((taken, one) => taken + one[key], 0))
  const [millicores, memoryBytes, diskBytes] = [left('millicores'), left('memoryBytes'), left('diskBytes')]
  host.free = { millicores, memoryBytes, diskBytes, gpus: [] }
  lose(host, host.lost)
}

/** Notes which GPUs cannot be leased now, instead of those noted before; leases on them go on until they end. */
export function lose(host: Host, lost: ReadonlySet<string>): void {
  const held = [...host.held.values()].flatMap(({ resources }) => resources.gpus)
  const taken = new Set([...lost, ...held.map(({ id }) => id)])
  host.lost = lost
  host.free = { ...host.free, gpus: host.total.gpus.filter(({ id }) => !taken.has(id)) }
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((a, b) => a + b, 0n)
}
