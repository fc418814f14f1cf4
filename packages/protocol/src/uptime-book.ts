import { z } from 'zod'
import { codec } from './codec.ts'
import { MOST_SEATS } from './court-rules.ts'
import { address, count, digest, signature } from './schema.ts'

/** Epochs of an uptime book at most, the newest: two weeks of a public court, after which what was seen weighs half. */
export const BOOK_EPOCHS = 336
/** Epochs of one page of a book. */
export const PAGE_EPOCHS = 16
/** Bytes of one epoch in a book: fifteen votes have about two thousand. */
const BOOK_EPOCH_BYTES = 4_096
/** Bytes of a request for a page of an uptime book. */
export const BOOK_REQUEST_BYTES = 64
/** Bytes of a page: sixteen full epochs. */
export const BOOK_PAGE_BYTES = 65_536

const vote = z.strictObject({
  /** Who signed. */
  key: address,
  value: digest,
  /** Over `Vote(subject, value)`, where the subject is that of the book's owner in the epoch. */
  signature,
})
const entry = z.strictObject({
  epoch: count(),
  /** One of each watcher at most. */
  votes: z.array(vote).max(MOST_SEATS),
})
const request = z.strictObject({ v: z.literal(1), from: count() })
const page = z.strictObject({
  v: z.literal(1),
  /** In rising order. */
  entries: z.array(entry).max(PAGE_EPOCHS),
  /** Whether the book has later epochs. */
  more: z.boolean(),
})

/** What one watcher signed about the book's owner in one epoch. */
export type BookVote = z.output<typeof vote>
/** The votes of one epoch that the owner was given (PROTOCOL §12.6). */
export type BookEntry = z.output<typeof entry>
/** A stretch of a book. */
export type BookPage = z.output<typeof page>

/** One epoch, as a journal keeps it. */
export const bookEntryCodec = codec('epoch of an uptime book', entry, BOOK_EPOCH_BYTES)
/** What asks for a page: the first epoch that is wanted. */
export const bookRequestCodec = codec('request for an uptime book', request, BOOK_REQUEST_BYTES)
/** A page. */
export const bookPageCodec = codec('page of an uptime book', page, BOOK_PAGE_BYTES)
