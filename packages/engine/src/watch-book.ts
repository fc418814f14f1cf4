import {
  BOOK_EPOCHS,
  type BookEntry,
  downtimeSubject,
  epochBlocks,
  epochOf,
  type Hex,
  NOBODY,
  reportDeadline,
  seatHolders,
} from '@souk/protocol'
import { type Collection, isComplete, keysToAsk, newCollection, takeAnswer } from './court-collect.ts'
import { persist } from './program.ts'
import { put } from './records.ts'
import {
  type Book,
  type BookContext,
  type BookEffect,
  type BookEvent,
  type OpenEpoch,
  uptimeEntries,
  uptimeKey,
} from './watch-book-state.ts'

/**
 * Decides what one event means for an uptime book (PROTOCOL §12.6): asks all that are seated over this process for
 * their votes on each epoch that is over, as long as they keep them, whatever they say, and keeps what they signed.
 */
export function advanceBook(context: BookContext, book: Book, event: BookEvent, nowMs: number): BookEffect[] {
  const effects = note(context, book, event, nowMs)
  return book.head === null ? effects : [...effects, ...pursue(book, book.head, nowMs)]
}

function note(context: BookContext, book: Book, event: BookEvent, nowMs: number): BookEffect[] {
  switch (event.type) {
    case 'head':
      book.head = Math.max(book.head ?? 0, event.block)
      openEpochs(context, book, book.head)
      return forget(context, book, book.head)
    case 'seats':
      noteSeats(context, book, event)
      return []
    case 'answered':
      return noteAnswer(context, book, event, nowMs)
    case 'tick':
      return []
  }
}

/** Takes up the epochs that are over and on which watchers still have their votes; lets go of the others. */
function openEpochs({ rules }: BookContext, book: Book, head: number): void {
  const ended = epochOf(rules, head)
  const keptBlocks = rules.reportBlocks + 2 * epochBlocks(rules)
  const first = Math.max(book.nextEpoch, epochOf(rules, Math.max(0, head - keptBlocks)))
  for (let epoch = first; epoch < ended; epoch++) book.open.set(epoch, { collection: null, askedBlock: null })
  book.nextEpoch = Math.max(book.nextEpoch, ended)
  for (const epoch of book.open.keys()) {
    if (head >= reportDeadline(rules, epoch) + epochBlocks(rules)) book.open.delete(epoch)
  }
}

/** Drops the epochs that nobody asks for any more. */
function forget({ rules, scope }: BookContext, book: Book, head: number): BookEffect[] {
  const old = [...book.kept].filter((epoch) => epoch < epochOf(rules, head) - BOOK_EPOCHS)
  for (const epoch of old) {
    book.kept.delete(epoch)
    book.earlier.delete(epoch)
  }
  const rows = old.map((epoch) => ({ table: uptimeEntries.table, key: uptimeKey(scope, epoch), value: null }))
  return rows.length === 0 ? [] : [persist('committed', ...rows)]
}

/** What this process says of itself nobody would believe: its own seats are not asked. */
function noteSeats(
  { rules, subject }: BookContext,
  book: Book,
  { epoch, table, seed }: Extract<BookEvent, { type: 'seats' }>,
): void {
  const each = book.open.get(epoch)
  if (each === undefined || each.collection !== null) return
  const about = downtimeSubject(subject, epoch)
  const holders = seatHolders(rules, table, seed, about)
  const others = holders.map((key) => (key === subject ? NOBODY : key))
  each.collection = newCollection(about, others)
  for (const { key, value, signature } of book.earlier.get(epoch)?.votes ?? []) {
    if (others.includes(key)) each.collection.answers.set(key, { value, signature })
  }
  book.earlier.delete(epoch)
}

function noteAnswer(
  { court, scope }: BookContext,
  book: Book,
  { epoch, key, vote }: Extract<BookEvent, { type: 'answered' }>,
  nowMs: number,
): BookEffect[] {
  const collection = book.open.get(epoch)?.collection
  if (!collection) return []
  const before = collection.answers.size
  takeAnswer(collection, court, key, vote, nowMs)
  if (collection.answers.size === before) return []
  book.kept.add(epoch)
  return [persist('committed', put(uptimeEntries, uptimeKey(scope, epoch), entryOf(epoch, collection)))]
}

function entryOf(epoch: number, { answers }: Collection): BookEntry {
  return { epoch, votes: [...answers].map(([key, { value, signature }]) => ({ key, value, signature })) }
}

function pursue(book: Book, head: number, nowMs: number): BookEffect[] {
  const effects: BookEffect[] = []
  for (const [epoch, each] of book.open) {
    const { collection } = each
    if (collection === null) effects.push(...draw(epoch, each, head))
    else if (isComplete(collection)) book.open.delete(epoch)
    else effects.push(...ask(epoch, collection, nowMs))
  }
  return effects
}

function draw(epoch: number, each: OpenEpoch, head: number): BookEffect[] {
  if (each.askedBlock === head) return []
  each.askedBlock = head
  return [{ do: 'draw', epoch }]
}

function ask(epoch: number, collection: Collection, nowMs: number): BookEffect[] {
  return keysToAsk(collection, nowMs).map((key: Hex) => {
    return { do: 'ask', epoch, subject: collection.subject, key }
  })
}
