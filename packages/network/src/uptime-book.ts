import {
  BOOK_PAGE_BYTES,
  BOOK_REQUEST_BYTES,
  type BookPage,
  bookPageCodec,
  bookRequestCodec,
} from '@souk/protocol'
import type { SoukNode } from './node.ts'
import { type AskOptions, askOne, serveAnswers } from './one-answer.ts'
import type { PeerTarget } from './peer-target.ts'

/** Name of the protocol in protocol ids (PROTOCOL §12.6). */
const UPTIME_PROTOCOL = 'uptime'

/** Gives the pages of this peer's uptime book; `find` returns the one that begins at or after an epoch. */
export function serveUptimeBook(
  node: SoukNode,
  find: (from: number) => Omit<BookPage, 'v'> | Promise<Omit<BookPage, 'v'>>,
): Promise<() => Promise<void>> {
  return serveAnswers(node, UPTIME_PROTOCOL, BOOK_REQUEST_BYTES, async (bytes) => {
    const { from } = bookRequestCodec.decode(bytes)
    return bookPageCodec.encode({ v: 1, ...(await find(from)) })
  })
}

/**
 * Asks a peer for the page of its uptime book that begins at or after an epoch, unchecked but for its form.
 *
 * Throws `NetworkError` as {@link askOne}.
 */
export function fetchUptimePage(
  node: SoukNode,
  target: PeerTarget,
  from: number,
  options: AskOptions = {},
): Promise<BookPage> {
  const bytes = bookRequestCodec.encode({ v: 1, from })
  const answer = { bytes: BOOK_PAGE_BYTES, decode: bookPageCodec.decode }
  return askOne(node, target, UPTIME_PROTOCOL, bytes, answer, options)
}
