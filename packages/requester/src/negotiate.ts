import {
  buyerLease,
  type Context,
  checkQuote,
  type Head,
  isOver,
  type Purchase,
  purchases,
  put,
} from '@souk/engine'
import type { OfferEntry } from '@souk/market'
import { openLeaseStream, type SoukNode } from '@souk/network'
import {
  type Demand,
  type Frame,
  type FrameOf,
  type Hex,
  LIMITS,
  leaseOf,
  type Quote,
  SoukError,
  type Terms,
} from '@souk/protocol'
import { nextFrame } from './next-frame.ts'
import { PurchaseRunner, type PurchaseServices } from './purchase-runner.ts'

/** A provider refused, or answered something else than the protocol says. */
export class NegotiationError extends SoukError<{
  code: 'REFUSED' | 'UNEXPECTED' | 'BUDGET'
  reason: string
  peerId: string
}> {}

/** What a negotiation needs besides the lease's own services. */
export interface NegotiationServices extends PurchaseServices {
  readonly context: Context
  readonly node: SoukNode
  /** The requester's account. */
  readonly account: Hex
  readonly blockSeconds: number
  head(): Head
  dateMs(): number
  /** Sets `deposit` base units aside for a lease at a rate; throws when the balance, or a budget, does not cover them. */
  reserve(lease: Hex, deposit: bigint, rateE12: bigint): void
  unreserve(lease: Hex): void
  /** Told of a purchase as soon as it is journalled. */
  began(runner: PurchaseRunner): void
  /** Told of a purchase that never started; `settled` says whether the chain need not be watched. */
  gaveUp(runner: PurchaseRunner, refused: boolean): void
}

/** Most seconds of service we pay ahead: our loss when a provider vanishes. */
const MAX_PREPAY_SECONDS = 30

/**
 * Leases from one provider in two round trips on one stream: demand → quote, accept → started.
 *
 * The purchase is journalled before `accept` leaves. Throws {@link NegotiationError}, `QuoteError`, `NetworkError`
 * or `SilenceError`; then nothing is reserved.
 */
export async function negotiate(
  services: NegotiationServices,
  found: OfferEntry,
  demand: Demand,
  job: string,
  predecessor: Hex | null = null,
): Promise<PurchaseRunner> {
  const startedAt = services.clock()
  const { peerId, offer } = found
  const target = { peerId, addresses: offer.addresses }
  const signal = AbortSignal.timeout(LIMITS.negotiationMs)
  const stream = await openLeaseStream(services.node, target, { signal })
  try {
    const frames = stream.frames[Symbol.asyncIterator]()
    const request = { ...demandFrame(services, demand), predecessor }
    await stream.send(request)
    const { quote, terms } = expect(await nextFrame(frames, LIMITS.negotiationMs), 'quote', peerId)
    checkQuote(expectation(services, found, request), quote, terms)
    const runner = await accept(services, found, quote, terms, job)
    try {
      runner.use(stream)
      void stream.send({ t: 'accept', quote, terms, signature: runner.state.purchase.openSignature })
      const started = expect(await nextFrame(frames, LIMITS.negotiationMs), 'started', peerId)
      runner.state.purchase.negotiatedMs = Math.round(services.clock() - startedAt)
      await runner.post({ type: 'started', frame: started })
      if (isOver(runner.state.purchase.phase)) throw badStart(peerId)
      void runner.read(stream, frames)
      return runner
    } catch (error) {
      await abandon(services, runner, error)
      throw error
    }
  } catch (error) {
    stream.abort(error instanceof Error ? error : new Error(String(error)))
    throw error
  }
}

/** Asks for a quote alone: a dry run that costs and reserves nothing. */
export async function askQuote(services: NegotiationServices, found: OfferEntry, demand: Demand) {
  const { peerId, offer } = found
  const signal = AbortSignal.timeout(LIMITS.negotiationMs)
  const stream = await openLeaseStream(services.node, { peerId, addresses: offer.addresses }, { signal })
  try {
    const request = demandFrame(services, demand)
    await stream.send(request)
    const { quote, terms } = expect(
      await nextFrame(stream.frames[Symbol.asyncIterator](), LIMITS.negotiationMs),
      'quote',
      peerId,
    )
    checkQuote(expectation(services, found, request), quote, terms)
    return { quote, terms }
  } finally {
    void stream.close()
  }
}

function demandFrame(services: NegotiationServices, demand: Demand): FrameOf<'demand'> {
  const { account, context } = services
  return { t: 'demand', demand, requester: account, voucherSigner: context.signer.address, predecessor: null }
}

function expectation(services: NegotiationServices, found: OfferEntry, request: FrameOf<'demand'>) {
  const { account, subject, prices } = found.offer
  return {
    request,
    provider: account,
    subject,
    prices,
    maxPrepaySeconds: MAX_PREPAY_SECONDS,
    gpuClasses: found.offer.gpuClasses,
    blockSeconds: services.blockSeconds,
    head: services.head(),
  }
}

/** Reserves the deposit and journals the purchase, before anything binding is sent. */
async function accept(
  services: NegotiationServices,
  found: OfferEntry,
  quote: Quote,
  terms: Terms,
  job: string,
): Promise<PurchaseRunner> {
  const { context, journal } = services
  const lease = leaseOf(context.network, quote)
  services.reserve(lease, quote.deposit, quote.rate)
  const purchase: Purchase = {
    lease,
    peerId: found.peerId,
    addresses: found.offer.addresses,
    job,
    quote,
    terms,
    openSignature: context.signer.sign('Open', { lease }),
    providerSignature: null,
    phase: 'accepted',
    boot: null,
    opening: null,
    agreement: null,
    acceptedAtMs: services.dateMs(),
    negotiatedMs: null,
    settled: false,
  }
  await journal.commit([put(purchases, lease, purchase)], 'synced')
  const runner = new PurchaseRunner(buyerLease(purchase, services.head(), services.clock()), services)
  services.began(runner)
  return runner
}

/**
 * Gives a purchase up that never started. The row stays: whoever has our signature may open it on the chain after
 * all, until it is too old. Unless the provider refused it, the reservation stays as well.
 */
async function abandon(services: NegotiationServices, runner: PurchaseRunner, error: unknown): Promise<void> {
  const { purchase } = runner.state
  purchase.phase = 'lost'
  const refused = error instanceof NegotiationError && error.data.code === 'REFUSED'
  if (refused) services.unreserve(runner.lease)
  await services.journal.commit([put(purchases, runner.lease, purchase)], 'committed')
  services.gaveUp(runner, refused)
  await runner.stop()
}

function badStart(peerId: string): NegotiationError {
  return new NegotiationError(
    `expected ${peerId} to sign the quote it gave, it signed another; another provider is asked`,
    { code: 'UNEXPECTED', reason: 'started', peerId },
  )
}

/** Returns the answer if it is the frame that is expected. Throws {@link NegotiationError}. */
export function expect<T extends Frame['t']>(frame: Frame, t: T, peerId: string): FrameOf<T> {
  if (frame.t === t) return frame as FrameOf<T>
  if (frame.t === 'refused') {
    throw new NegotiationError(
      `${peerId} refused: ${frame.message} (${frame.code}); another provider is asked`,
      {
        code: 'REFUSED',
        reason: frame.code,
        peerId,
      },
    )
  }
  throw new NegotiationError(`expected ${t} from ${peerId}, got ${frame.t}; another provider is asked`, {
    code: 'UNEXPECTED',
    reason: frame.t,
    peerId,
  })
}
