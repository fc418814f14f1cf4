import {
  type Cover,
  capacityFor,
  type Head,
  holdOf,
  makeQuote,
  passTime,
  put,
  type Refusal,
  refuseAccept,
  refuseClaim,
  release,
  type Sale,
  sales,
  take,
} from '@souk/engine'
import {
  type Demand,
  errorMessage,
  type Frame,
  type FrameOf,
  type Hex,
  LIMITS,
  leaseOf,
  type Quote,
  requireSigned,
  type Terms,
} from '@souk/protocol'
import type { Executor } from '@souk/runtime'
import type { DeskServices } from './desk-services.ts'

/** The smallest lease: each has a process of its own, so that leases for nothing would fill the machine. */
const LEAST = { millicores: 10, memoryBytes: 16 * 1024 * 1024 } as const
/** A lease that was accepted, its capacity taken and its row synced, and the head at which that was. */
export interface Admitted {
  readonly sale: Sale
  readonly head: Head
  /** Being started, perhaps: a lease does not wait for it where its place is ours. */
  readonly executor: Promise<Executor>
}

/** Decides who gets a lease: answers demands, and checks and books what is accepted (PROTOCOL §6.1). */
export class LeaseAdmission {
  readonly #services: DeskServices

  constructor(services: DeskServices) {
    this.#services = services
  }

  /** Answers a demand with a quote, or says why there is none. */
  quote(request: FrameOf<'demand'>): Frame {
    const { host, policy, random } = this.#services
    const head = this.#services.head()
    if (host.draining) return refused(LEAVING)
    if (head === null) return refused(chainAway)
    const refusal = refuseDemand(request.demand)
    if (refusal !== undefined) return refused(refusal)
    if (this.#services.isDateRight()) passTime(host, this.#services.dateMs() / 1000)
    const hold = holdOf(host, request, request.predecessor)
    const early = hold && refuseClaim(hold, host.nowSeconds, request.demand.durationSeconds)
    if (early) return refused(early)
    const { prices } = hold ?? policy
    const free = capacityFor(host, request, request.predecessor)
    const made = makeQuote({ ...policy, prices }, free, request, head, random(32))
    if ('code' in made) return refused(made)
    const unreachable = this.#services.unreachable(made.terms)
    if (unreachable !== undefined) return refused({ code: 'no-gpu', message: unreachable })
    // Asked now so that the answer is here when the quote is accepted.
    void this.#services.cover(request.requester, request.voucherSigner).catch(() => {})
    return { t: 'quote', ...made }
  }

  /** Notes a quote that we gave under its lease, with our signature. */
  sign(quote: Quote, quoted: Map<Hex, Hex>): void {
    const { network, signer } = this.#services.context
    quoted.set(leaseOf(network, quote), signer.sign('Quote', quote))
  }

  /** Checks and books a lease; the capacity is taken in the same turn as the last check. */
  async admit(
    peerId: string,
    frame: FrameOf<'accept'>,
    quoted: ReadonlyMap<Hex, Hex>,
  ): Promise<Admitted | Refusal> {
    const { host, policy } = this.#services
    const { quote, terms } = frame
    const verified = await verifyAccept(this.#services, frame, quoted)
    if ('code' in verified) return verified
    const { lease, cover, head } = verified
    const refusal = refuseAccept(host, policy, lease, quote, terms, cover, head)
    if (refusal !== undefined) return refusal
    take(host, lease, quote, terms, quote.blocks * policy.blockSeconds)
    const place = await this.#reserve(lease, quote, terms)
    if (place !== null && 'code' in place) {
      release(host, lease)
      return place
    }
    const sale = newSale(this.#services, peerId, frame, verified)
    try {
      await this.#services.journal.commit([put(sales, lease, sale)], 'synced')
    } catch (error) {
      release(host, lease)
      await place?.stop()
      throw error
    }
    return {
      sale,
      head,
      executor: place === null ? this.#executor(lease, quote, terms) : Promise.resolve(place),
    }
  }

  /** Gets a place that others use too, or says why there is none now; `null` where it is this machine's own. */
  async #reserve(lease: Hex, quote: Quote, terms: Terms): Promise<Executor | Refusal | null> {
    if (!this.#services.executors.isScheduled) return null
    try {
      const executor = await this.#executor(lease, quote, terms)
      if (!this.#services.host.draining) return executor
      // It was waited for, and meanwhile this process began to leave.
      await executor.stop()
      return LEAVING
    } catch (error) {
      this.#services.log.info('there is no place for a lease', { lease, error: errorMessage(error) })
      return { code: 'no-capacity', message: 'the capacity is in use by others; try again later' }
    }
  }

  #executor(lease: Hex, quote: Quote, { resources, runtime }: Terms): Promise<Executor> {
    const { executors, policy } = this.#services
    return executors.take(resources, runtime, { id: lease, seconds: quote.blocks * policy.blockSeconds })
  }
}

/** An accept that may be acted on: signed, of a quote of ours, by somebody whose money was read. */
export interface VerifiedAccept {
  readonly lease: Hex
  readonly providerSignature: Hex
  readonly cover: Cover
  readonly head: Head
}

/** Checks who accepts what, and reads their money; returns why not where it cannot be acted on. */
export async function verifyAccept(
  services: Pick<DeskServices, 'context' | 'cover' | 'head'>,
  { quote, signature }: FrameOf<'accept'>,
  quoted: ReadonlyMap<Hex, Hex>,
): Promise<VerifiedAccept | Refusal> {
  const { network } = services.context
  const lease = leaseOf(network, quote)
  // A quote is bound by nothing but this stream: price, bonds and duration are ours only in what we wrote.
  const providerSignature = quoted.get(lease)
  if (providerSignature === undefined)
    return { code: 'terms-changed', message: 'expected a quote that this stream got' }
  try {
    requireSigned(network, 'Open', { lease }, signature, quote.voucherSigner)
  } catch (error) {
    return { code: 'bad-signature', message: errorMessage(error) }
  }
  const cover = await services.cover(quote.requester, quote.voucherSigner).catch(() => null)
  const head = services.head()
  return cover === null || head === null ? chainAway : { lease, providerSignature, cover, head }
}

/** Returns the row of a lease or a reservation that begins. */
export function newSale(
  services: Pick<DeskServices, 'context' | 'dateMs' | 'known'>,
  peerId: string,
  { quote, terms, signature }: FrameOf<'accept'>,
  { lease, providerSignature }: VerifiedAccept,
): Sale {
  return {
    ...{ lease, peerId, quote, terms, openSignature: signature, providerSignature },
    ...{ phase: 'active', boot: services.context.boot, opening: null, agreement: null },
    acceptedAtMs: services.dateMs(),
    held: !services.known.has(quote.requester),
    settled: false,
  }
}

const LEAVING: Refusal = { code: 'draining', message: 'this provider takes no new leases' }

export const chainAway: Refusal = {
  code: 'chain-unavailable',
  message: 'this provider cannot reach the chain and takes no new leases until it can',
}

/** Returns why a demand gets no quote whatever is free, or `undefined`. */
function refuseDemand({ durationSeconds, resources }: Demand): Refusal | undefined {
  if (durationSeconds > LIMITS.leaseSeconds) {
    return {
      code: 'duration-too-long',
      message: `expected at most ${LIMITS.leaseSeconds} s, got ${durationSeconds}`,
    }
  }
  const { millicores, memoryBytes } = resources
  if (millicores >= LEAST.millicores && memoryBytes >= LEAST.memoryBytes) return undefined
  return {
    code: 'malformed',
    message: `expected at least ${LEAST.millicores} millicores and ${LEAST.memoryBytes} bytes of memory, got ${millicores} and ${memoryBytes}; ask for more`,
  }
}

export function refused(refusal: Refusal): Frame {
  return { t: 'refused', code: refusal.code, message: refusal.message.slice(0, 512) }
}
