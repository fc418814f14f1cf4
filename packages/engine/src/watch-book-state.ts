import { type BookEntry, bookEntryCodec, type CourtId, type CourtSpans, type Hex } from '@souk/protocol'
import type { Answer, Collection } from './court-collect.ts'
import type { Persist } from './program.ts'
import type { Table } from './records.ts'
import type { Lot } from './watch-state.ts'

/** What the keeper of an uptime book is given. */
export interface BookContext {
  readonly rules: CourtSpans
  readonly court: CourtId
  /** Whose book it is: the key that answers probes. */
  readonly subject: Hex
  /** Names the chain: a journal may have seen another one. */
  readonly scope: string
}

/** The votes on this process, by chain and epoch; keys sort by both. */
export const uptimeEntries: Table<BookEntry> = { table: 'uptime', codec: bookEntryCodec }

/** Returns the prefix of the rows of a chain. */
export function uptimePrefix(scope: string): string {
  return `${scope}/`
}

/** Returns the key of an epoch's row. */
export function uptimeKey(scope: string, epoch: number): string {
  return uptimePrefix(scope) + epoch.toString().padStart(12, '0')
}

/** One process's uptime book: after each epoch it collects what the watchers seated over it signed. */
export interface Book {
  head: number | null
  /** The first epoch that was not yet taken up in this run. */
  nextEpoch: number
  /** Epochs whose votes may still come. */
  readonly open: Map<number, OpenEpoch>
  /** Epochs that have a row. */
  readonly kept: Set<number>
  /** What an earlier run had of epochs that are not taken up yet. */
  readonly earlier: Map<number, BookEntry>
}

export interface OpenEpoch {
  /** `null` until the lot is known. */
  collection: Collection | null
  /** Block of the head when the lot was last asked for. */
  askedBlock: number | null
}

export type BookEvent =
  | { readonly type: 'head'; readonly block: number }
  /** Table and seed of an epoch. */
  | ({ readonly type: 'seats'; readonly epoch: number } & Lot)
  | {
      readonly type: 'answered'
      readonly epoch: number
      readonly key: Hex
      readonly vote: Answer | null
    }
  | { readonly type: 'tick' }

export type BookEffect =
  | Persist
  /** Wanted: table and seed of an epoch, as event `seats`; asked at each head until they come. */
  | { readonly do: 'draw'; readonly epoch: number }
  /** Wanted: the vote of `key` on `subject`, as event `answered`, also when it gives none. */
  | { readonly do: 'ask'; readonly epoch: number; readonly subject: Hex; readonly key: Hex }

/** Opens a book with the rows that an earlier run left. */
export function newBook(rows: Iterable<BookEntry> = []): Book {
  const earlier = new Map([...rows].map((entry) => [entry.epoch, entry]))
  return { head: null, nextEpoch: 0, open: new Map(), kept: new Set(earlier.keys()), earlier }
}
