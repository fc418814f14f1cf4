import {
  type Head,
  makeQuote,
  put,
  type Refusal,
  refuseLease,
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
    const made = makeQuote(policy, host.free, request, head, random(32))
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
    const { context, host, policy } = this.#services
    const { quote, terms, signature } = frame
    const lease = leaseOf(context.network, quote)
    // A quote is bound by nothing but this stream: price, bonds and duration are ours only in what we wrote.
    const providerSignature = quoted.get(lease)
    if (providerSignature === undefined)
      return { code: 'terms-changed', message: 'expected a quote that this stream got' }
    try {
      requireSigned(context.network, 'Open', { lease }, signature, quote.voucherSigner)
    } catch (error) {
      return { code: 'bad-signature', message: errorMessage(error) }
    }
    const cover = await this.#services.cover(quote.requester, quote.voucherSigner).catch(() => null)
    const head = this.#services.head()
    if (cover === null || head === null) return chainAway
    const refusal = refuseLease(host, policy, lease, quote, terms, cover, head)
    if (refusal !== undefined) return refusal
    take(host, lease, quote, terms)
    const place = await this.#reserve(lease, quote, terms)
    if (place !== null && 'code' in place) {
      release(host, lease)
      return place
    }
    const sale: Sale = {
      lease,
      peerId,
      quote,
      terms,
      openSignature: signature,
      providerSignature,
      phase: 'active',
      boot: context.boot,
      opening: null,
      agreement: null,
      acceptedAtMs: this.#services.dateMs(),
      held: !this.#services.known.has(quote.requester),
      settled: false,
    }
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

const LEAVING: Refusal = { code: 'draining', message: 'this provider takes no new leases' }

const chainAway: Refusal = {
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
