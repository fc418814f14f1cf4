import { checkHold, type Purchase, type VoucherRow } from '@souk/engine'
import type { OfferEntry } from '@souk/market'
import { openLeaseStream, type SoukNode } from '@souk/network'
import { type Frame, type FrameOf, type Hex, LIMITS, type NetworkId, requireSigned } from '@souk/protocol'
import { expect, type NegotiationServices } from './negotiate.ts'
import { nextFrame } from './next-frame.ts'

/** One conversation about a reservation. */
export interface ReserveTalk {
  /** Sends a frame and returns the answer. Throws `SilenceError`. */
  ask(frame: Frame): Promise<Frame>
  close(): void
}

/** Opens a conversation with a provider. Throws `NetworkError`. */
export async function openTalk(
  node: SoukNode,
  target: { readonly peerId: string; readonly addresses: readonly string[] },
): Promise<ReserveTalk> {
  const signal = AbortSignal.timeout(LIMITS.negotiationMs)
  const { peerId, addresses } = target
  const stream = await openLeaseStream(node, { peerId, addresses: [...addresses] }, { signal })
  const frames = stream.frames[Symbol.asyncIterator]()
  return {
    async ask(frame) {
      await stream.send(frame)
      return nextFrame(frames, LIMITS.negotiationMs)
    },
    close: () => void stream.close(),
  }
}

/** Asks one frame of a provider. Throws `NetworkError` and `SilenceError`. */
export async function askOnce(
  node: SoukNode,
  target: Pick<Purchase, 'peerId' | 'addresses'>,
  frame: Frame,
): Promise<Frame> {
  const talk = await openTalk(node, target)
  try {
    return await talk.ask(frame)
  } finally {
    talk.close()
  }
}

/** What a reservation is asked for with. */
export interface ReserveWish {
  readonly demand: FrameOf<'reserve'>['demand']
  /** Unix seconds. */
  readonly from: number
  readonly seconds: number
  /** Most base units that the fee may be; `null` for what the capacity costs while it is kept. */
  readonly maxFee: bigint | null
}

/** Asks for the quote of a reservation, and checks it. Throws `NegotiationError` and `QuoteError`. */
export async function askHold(
  services: Pick<NegotiationServices, 'context' | 'account' | 'blockSeconds' | 'head' | 'dateMs'>,
  talk: ReserveTalk,
  { peerId, offer }: OfferEntry,
  { demand, from, seconds, maxFee }: ReserveWish,
): Promise<FrameOf<'quote'>> {
  const { account: requester, context, blockSeconds } = services
  const voucherSigner = context.signer.address
  const request: FrameOf<'reserve'> = { t: 'reserve', demand, requester, voucherSigner, from, seconds }
  const answer = expect(await talk.ask(request), 'quote', peerId)
  const expected = {
    ...{ request, provider: offer.account, subject: offer.subject, prices: offer.prices, maxFee },
    ...{ blockSeconds, head: services.head(), nowSeconds: Math.floor(services.dateMs() / 1000) },
  }
  checkHold(expected, answer.quote, answer.terms)
  return answer
}

/** Returns the voucher over `cumulative` of a reservation; it acknowledges no block. */
export function holdVoucher(
  { signer }: NegotiationServices['context'],
  lease: Hex,
  cumulative: bigint,
): VoucherRow {
  const stated = { cumulative, ackFrom: 0, ackUntil: 0 }
  return { ...stated, signature: signer.sign('Voucher', { lease, ...stated }) }
}

/** Returns the provider's signature over the amount that it agreed to; `null` where it says that all is over. */
export function agreedClose(network: NetworkId, purchase: Purchase, frame: Frame): Hex | null {
  const { lease, quote, agreement } = purchase
  const { code, signature, close } = expect(frame, 'ended', purchase.peerId)
  requireSigned(network, 'Ending', { lease, code }, signature, quote.resultSigner)
  if (close === null || agreement === null) return null
  requireSigned(network, 'Close', { lease, paid: agreement.paid }, close, quote.resultSigner)
  return close
}
