import type { Attempt, Frame, FrameOf, Quote } from '@souk/protocol'
import { advanceBuyer } from '../buyer-lease.ts'
import { type BuyerEffect, type BuyerEvent, type BuyerLease, buyerLease } from '../buyer-state.ts'
import type { Head } from '../program.ts'
import { advanceSeller } from '../seller-lease.ts'
import {
  type Finished,
  type SellerEffect,
  type SellerEvent,
  type SellerLease,
  sellerLease,
} from '../seller-state.ts'
import { contextOf, leaseRows, outputOf, quoteOf, taskOf } from './parties.ts'

export const BUYER = contextOf(1, 1)
export const SELLER = contextOf(2, 1)
const HEAD: Head = { number: 1, timestampSeconds: 1_000 }

/** Both programs of one lease, fed by hand: frames pass only where a test hands them on. */
export class LeasePair {
  readonly buyer: BuyerLease
  readonly seller: SellerLease
  nowMs = 0
  readonly buyerEffects: BuyerEffect[] = []
  readonly sellerEffects: SellerEffect[] = []

  /** Starts a lease; `quote` replaces fields of its quote. */
  constructor(quote: Partial<Quote> = {}, credit = 4) {
    const { purchase, sale } = leaseRows(BUYER, SELLER, quoteOf(BUYER, SELLER, 1, quote))
    this.buyer = buyerLease(purchase, HEAD, 0)
    this.seller = sellerLease(sale, HEAD, credit, 0)
  }

  /** The provider's answer to `accept`. */
  get started(): FrameOf<'started'> {
    const { sale, credit } = this.seller
    return { t: 'started', signature: sale.providerSignature, boot: SELLER.boot, credit, held: false }
  }

  /** Begins service. */
  start(): this {
    this.buy({ type: 'started', frame: this.started })
    return this
  }

  /** Feeds the requester; returns what it does. */
  buy(event: BuyerEvent): BuyerEffect[] {
    const effects = advanceBuyer(BUYER, this.buyer, event, this.nowMs)
    this.buyerEffects.push(...effects)
    const isSpent = effects.some((effect) => effect.do === 'spent')
    return isSpent ? [...effects, ...this.buy({ type: 'close' })] : effects
  }

  /** Feeds the provider; returns what it does. */
  sell(event: SellerEvent): SellerEffect[] {
    const effects = advanceSeller(SELLER, this.seller, event, this.nowMs)
    this.sellerEffects.push(...effects)
    return effects
  }

  /** Hands frames that one side sent to the other. */
  toSeller(effects: readonly BuyerEffect[]): SellerEffect[] {
    return framesOf(effects).flatMap((frame) => this.sell({ type: 'frame', frame }))
  }

  toBuyer(effects: readonly SellerEffect[]): BuyerEffect[] {
    return framesOf(effects).flatMap((frame) => this.buy({ type: 'frame', frame }))
  }

  /** Dispatches attempts; returns what the requester does. */
  dispatch(...ids: string[]): BuyerEffect[] {
    return this.buy({ type: 'dispatch', items: ids.map((id) => ({ attempt: attemptOf(id), inline: [] })) })
  }

  /** Lets time pass in ticks of 100 ms, with every frame handed on while `joined`. */
  pass(ms: number, joined = true): void {
    for (const end = this.nowMs + ms; this.nowMs < end; ) {
      this.nowMs += 100
      const [bought, sold] = [this.buy({ type: 'tick' }), this.sell({ type: 'tick' })]
      if (!joined) continue
      const answers = this.toSeller(bought)
      this.toBuyer([...sold, ...answers])
    }
  }
}

/** Returns the frames among effects. */
export function framesOf(effects: readonly (BuyerEffect | SellerEffect)[]): Frame[] {
  return effects.flatMap((effect) => (effect.do === 'send' ? [effect.frame] : []))
}

/** Returns an attempt with this id at task 0. */
export function attemptOf(id: string): Attempt {
  return { id, n: 1, task: taskOf(0), deadlineMs: 60_000 }
}

/** Returns the result of an attempt at task 0; a liar's with another `variant`. */
export function finishedOf(attempt: string, variant = 0): Finished {
  return { attempt, output: outputOf(taskOf(0), variant), inline: [], falsified: variant !== 0 }
}
