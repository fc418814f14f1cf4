import { askVote, type DisputeServices } from '@souk/court'
import {
  advanceBook,
  type Book,
  type BookEffect,
  type BookEvent,
  newBook,
  ProgramLoop,
  uptimeEntries,
  uptimeKey,
  uptimePrefix,
} from '@souk/engine'
import { type SoukNode, serveUptimeBook } from '@souk/network'
import { addressOf, type BookPage, errorMessage, PAGE_EPOCHS } from '@souk/protocol'
import { type CourtLink, type NetworkConfig, networkScope } from '@souk/settlement'
import type { Journal } from '@souk/storage'
import type { Log } from './log.ts'
import type { Subjects } from './subjects.ts'

export interface UptimeKeeperOptions {
  readonly config: NetworkConfig
  readonly node: SoukNode
  readonly court: CourtLink
  readonly journal: Journal
  /** The key that answers probes: whose book it is. */
  readonly key: Uint8Array
  readonly subjects: Pick<Subjects, 'find'>
  /** Hears each vote that is given. */
  readonly given: DisputeServices['given']
  readonly log: Log
  /** Monotonic milliseconds. */
  readonly clock: () => number
  /** The journal cannot be written: the process must stop. */
  readonly onFatal: (error: unknown) => void
}

/** Milliseconds between ticks: a watcher is asked again after a second at the earliest. */
const TICK_MS = 500

/** Keeps this process's uptime book and gives it to whoever asks (docs/PROTOCOL.md §12.6). */
export class UptimeKeeper {
  readonly #options: UptimeKeeperOptions
  readonly #scope: string
  readonly #book: Book
  readonly #loop: ProgramLoop<BookEvent, BookEffect>
  readonly #stops: (() => Promise<void> | void)[] = []

  private constructor(options: UptimeKeeperOptions, book: Book) {
    const { court, key, clock, onFatal } = options
    const scope = networkScope(options.config)
    const context = { rules: court.rules, court: court.id, subject: addressOf(key), scope }
    this.#options = options
    this.#scope = scope
    this.#book = book
    this.#loop = new ProgramLoop({
      advance: (event, nowMs) => advanceBook(context, book, event, nowMs),
      perform: (effect) => this.#perform(effect),
      ...{ clock, fail: onFatal },
    })
  }

  /** Opens the book that the journal has, serves it, and collects from the next head on. */
  static async open(options: UptimeKeeperOptions): Promise<UptimeKeeper> {
    const rows = await options.journal.scan(uptimeEntries.table, uptimePrefix(networkScope(options.config)))
    const book = newBook(rows.map(({ value }) => uptimeEntries.codec.decode(value)))
    const keeper = new UptimeKeeper(options, book)
    keeper.#stops.push(await serveUptimeBook(options.node, (from) => keeper.#page(from)))
    const ticker = setInterval(() => void keeper.#loop.post({ type: 'tick' }), TICK_MS)
    keeper.#stops.push(() => clearInterval(ticker))
    return keeper
  }

  /** Epochs in the book. */
  get epochs(): number {
    return this.#book.kept.size
  }

  /** Takes a new block. */
  onHead(block: number): void {
    void this.#loop.post({ type: 'head', block })
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops.splice(0).toReversed()) await stop()
    await this.#loop.stop()
  }

  async #page(from: number): Promise<Omit<BookPage, 'v'>> {
    const wanted = [...this.#book.kept].filter((epoch) => epoch >= from).sort((a, b) => a - b)
    const keys = wanted.slice(0, PAGE_EPOCHS).map((epoch) => uptimeKey(this.#scope, epoch))
    const rows = await Promise.all(keys.map((key) => this.#options.journal.get(uptimeEntries.table, key)))
    const entries = rows.flatMap((row) => (row === undefined ? [] : [uptimeEntries.codec.decode(row)]))
    return { entries, more: wanted.length > PAGE_EPOCHS }
  }

  #perform(effect: BookEffect): Promise<void> | void {
    switch (effect.do) {
      case 'persist':
        return this.#options.journal.commit(effect.writes, effect.durability)
      case 'draw':
        void this.#draw(effect.epoch)
        return
      case 'ask':
        void this.#ask(effect)
        return
    }
  }

  async #draw(epoch: number): Promise<void> {
    const { court, log } = this.#options
    try {
      const draw = await court.drawOfEpoch(epoch)
      if (draw !== null) await this.#loop.post({ type: 'seats', epoch, ...draw })
    } catch (error) {
      log.warn('the watchers of an epoch are not known yet', { error: errorMessage(error) })
    }
  }

  async #ask({ epoch, subject, key }: Extract<BookEffect, { do: 'ask' }>): Promise<void> {
    const { node, subjects, given } = this.#options
    const vote = await askVote({ node, find: (holder) => subjects.find(holder), given }, key, subject)
    await this.#loop.post({ type: 'answered', epoch, key, vote })
  }
}
