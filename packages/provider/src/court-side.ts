import type { FoundAnnouncement } from '@souk/network'
import { errorMessage, type Hex, type Quote } from '@souk/protocol'
import type { ChainSignal, LeaseOnChain } from '@souk/settlement'
import { CourtFeed } from './court-feed.ts'
import { Defence } from './defence.ts'
import { Subjects } from './subjects.ts'
import { type WatchStatus, Watchtower, type WatchtowerOptions } from './watchtower.ts'

export interface CourtSideOptions extends Omit<WatchtowerOptions, 'subjects'> {
  readonly nowSeconds: () => number
}

/** All that a provider has to do with the court: watching others, and answering what is said of itself. */
export class CourtSide {
  readonly #options: CourtSideOptions
  readonly #subjects: Subjects
  readonly #tower: Watchtower
  readonly #defence: Defence
  readonly #feed: CourtFeed

  private constructor(options: CourtSideOptions, subjects: Subjects, tower: Watchtower) {
    this.#options = options
    this.#subjects = subjects
    this.#tower = tower
    this.#defence = new Defence(options)
    this.#feed = new CourtFeed(options.court, options.log)
  }

  /** Starts to answer probes and to watch. */
  static async start(options: CourtSideOptions): Promise<CourtSide> {
    const subjects = new Subjects(options.nowSeconds)
    return new CourtSide(options, subjects, await Watchtower.start({ ...options, subjects }))
  }

  /** Takes in an offer that the chain confirms. */
  announced(found: Pick<FoundAnnouncement, 'peerId' | 'announcement'>): void {
    this.#subjects.announced(found)
  }

  /** Takes in what the escrow said, or what a reorganisation took back. */
  happened({ kind, event }: Extract<ChainSignal, { kind: 'event' | 'removed' }>): void {
    this.#subjects.happened(event, kind === 'removed')
  }

  /** Takes what the chain shows of a lease of ours. */
  looked(quote: Quote, lease: Hex, chain: LeaseOnChain, head: number): void {
    void this.#defence.looked(quote, lease, chain, head)
  }

  /** Takes a new block, and what the court was told in it. */
  onHead(block: number): void {
    void this.#tower.onHead(block)
    void this.#feed
      .look(block, async (placed) => {
        await this.#tower.heard(placed)
        await this.#defence.heard(placed)
      })
      .then(() => this.#defence.onHead(block))
      .catch((error) => this.#options.log.warn('the court was not read', { error: errorMessage(error) }))
  }

  /** Tells where this process stands as a watcher. */
  status(): Promise<WatchStatus> {
    return this.#tower.status()
  }

  stop(): Promise<void> {
    return this.#tower.stop()
  }
}
