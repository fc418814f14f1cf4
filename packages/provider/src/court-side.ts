import type { Sale } from '@souk/engine'
import type { FoundAnnouncement } from '@souk/network'
import type { Hex } from '@souk/protocol'
import type { ChainSignal } from '@souk/settlement'
import { Defence } from './defence.ts'
import { Subjects } from './subjects.ts'
import { Watchtower, type WatchtowerOptions } from './watchtower.ts'

export interface CourtSideOptions extends Omit<WatchtowerOptions, 'subjects'> {
  /** Returns our sale of this lease, while it is not settled. */
  saleOf(lease: Hex): Sale | undefined
  readonly nowSeconds: () => number
}

/** All that a provider has to do with the court: watching others, and answering what is said of itself. */
export class CourtSide {
  readonly #options: CourtSideOptions
  readonly #subjects: Subjects
  readonly #tower: Watchtower
  readonly #defence: Defence

  private constructor(options: CourtSideOptions, subjects: Subjects, tower: Watchtower) {
    this.#options = options
    this.#subjects = subjects
    this.#tower = tower
    this.#defence = new Defence(options)
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
  happened({ kind, event, at }: Extract<ChainSignal, { kind: 'event' | 'removed' }>): void {
    this.#subjects.happened(event, kind === 'removed')
    if (kind !== 'event' || event.kind !== 'downAdjusted' || event.change <= 0n) return
    const sale = this.#options.saleOf(event.lease)
    if (sale !== undefined) void this.#defence.answer(sale.quote, event.lease, at.block)
  }

  /** Takes a new block. */
  onHead(block: number): void {
    void this.#tower.onHead(block)
  }

  stop(): Promise<void> {
    return this.#tower.stop()
  }
}
