import type { Context } from '@souk/engine'
import { type SoukNode, sealAnnouncement } from '@souk/network'
import {
  errorCode,
  LIMITS,
  networkPath,
  type Offer,
  type Resources,
  type TakenCapacity,
} from '@souk/protocol'
import { isSelling } from './goods.ts'
import type { GpuBook } from './gpu-book.ts'
import type { ProviderOptions } from './provider-options.ts'

/** Seconds that a peer binding in our offers is valid; each announcement carries a fresh enough one. */
const BINDING_SECONDS = 86_400

/** Addresses that an offer always has room for: a public one of each version of IP. */
const LEAST_ADDRESSES = 2

/** Capacity that is not free. */
interface Taken {
  readonly leased: Resources
  readonly reserved: Resources
}

type OfferSignerOptions = Pick<
  ProviderOptions,
  'account' | 'prices' | 'coreMibPerSecond' | 'resources' | 'runtimes' | 'nodeKey' | 'dateMs'
>

/** Writes and signs the offers of one process. */
export class OfferSigner {
  readonly #options: OfferSignerOptions
  readonly #context: Context
  readonly #node: Pick<SoukNode, 'peerId' | 'addresses'>
  readonly #gpus: Pick<GpuBook, 'classes'>
  #binding: Offer['binding'] | null = null
  #seq = 0

  constructor(
    options: OfferSignerOptions,
    context: Context,
    node: Pick<SoukNode, 'peerId' | 'addresses'>,
    gpus: Pick<GpuBook, 'classes'>,
  ) {
    this.#options = options
    this.#context = context
    this.#node = node
    this.#gpus = gpus
  }

  /** Returns the sealed offer of what is free now, valid for `ttlSeconds`; each is newer than those before. */
  async seal(free: Resources, ttlSeconds: number, taken?: Taken): Promise<Uint8Array> {
    const { nodeKey } = this.#options
    const told = taken && { leased: sumOf(taken.leased), reserved: sumOf(taken.reserved) }
    const offer = { ...this.#write(free, ttlSeconds), ...told }
    // An offer is small: it shows fewer addresses first, then fewer GPUs; the rest come as those are leased.
    for (let [reached, shown] = [offer.addresses.length, free.gpus.length]; ; ) {
      const gpus = free.gpus.slice(0, shown)
      const addresses = offer.addresses.slice(0, reached)
      const fitted = { ...offer, addresses, free: { ...free, gpus }, gpuClasses: this.#gpus.classes(gpus) }
      try {
        return await sealAnnouncement(nodeKey, fitted)
      } catch (error) {
        if (errorCode(error) !== 'TOO_LARGE' || (reached <= LEAST_ADDRESSES && shown === 0)) throw error
        if (reached > LEAST_ADDRESSES) reached -= 1
        else shown -= 1
      }
    }
  }

  #write(free: Resources, ttlSeconds: number): Offer {
    const { account, prices, coreMibPerSecond, dateMs } = this.#options
    const nowMs = dateMs()
    const { signer, network } = this.#context
    this.#seq = Math.max(this.#seq + 1, nowMs)
    return {
      kind: 'offer',
      network: networkPath(network),
      seq: this.#seq,
      expires: Math.floor(nowMs / 1000) + ttlSeconds,
      account,
      subject: signer.address,
      binding: this.#bind(Math.floor(nowMs / 1000)),
      addresses: this.#node.addresses().slice(0, 8),
      free,
      coreMibPerSecond,
      prices,
      gpuClasses: [],
      runtimes: isSelling(this.#options) ? [...this.#options.runtimes.offered] : [],
      region: null,
    }
  }

  /** Returns a binding with at least half of its time left. */
  #bind(nowSeconds: number): Offer['binding'] {
    if (this.#binding !== null && this.#binding.expires - nowSeconds > BINDING_SECONDS / 2)
      return this.#binding
    const expires = nowSeconds + BINDING_SECONDS
    const message = { peerId: this.#node.peerId, account: this.#options.account, expires }
    this.#binding = { expires, signature: this.#context.signer.sign('PeerBinding', message) }
    return this.#binding
  }
}

/** Adds capacity up for people, as far as an offer has room for it. */
function sumOf({ millicores, memoryBytes, gpus }: Resources): TakenCapacity {
  const models = new Map<string, TakenCapacity['gpus'][number]>()
  for (const { family, model } of gpus) {
    const key = `${family}/${model}`
    models.set(key, { family, model, count: (models.get(key)?.count ?? 0) + 1 })
  }
  return { millicores, memoryBytes, gpus: [...models.values()].slice(0, LIMITS.offerGpuClasses) }
}
