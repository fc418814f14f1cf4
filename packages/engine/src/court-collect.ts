import { type CourtId, type Hex, isCourtSigned, NOBODY, type SeatedVote } from '@souk/protocol'

/** Pauses in milliseconds before a key is asked again; they double from the first to the last. */
const ASK_PAUSE_MS = { first: 1_000, last: 60_000 }
/** Milliseconds after which a question without answer counts as not answered. */
const ANSWER_MS = 20_000

/** What a watcher or juror answered. */
export interface Answer {
  readonly value: Hex
  readonly signature: Hex
}

/** Votes on one subject as they come in from the keys that hold its seats. */
export interface Collection {
  readonly subject: Hex
  /** By seat; one key may hold several. */
  holders: readonly Hex[]
  readonly answers: Map<Hex, Answer>
  readonly asked: Map<Hex, Asked>
}

interface Asked {
  isOpen: boolean
  /** When it may be asked again. */
  nextMs: number
  pauseMs: number
}

/** Starts with nobody asked. */
export function newCollection(subject: Hex, holders: readonly Hex[]): Collection {
  return { subject, holders, answers: new Map(), asked: new Map() }
}

/** Returns the keys to ask now, and counts them as asked. */
export function keysToAsk(collection: Collection, nowMs: number): Hex[] {
  const due = missing(collection).filter((key) => (collection.asked.get(key)?.nextMs ?? nowMs) <= nowMs)
  for (const key of due) {
    const pauseMs = collection.asked.get(key)?.pauseMs ?? ASK_PAUSE_MS.first
    collection.asked.set(key, { isOpen: true, nextMs: nowMs + ANSWER_MS, pauseMs })
  }
  return due
}

/**
 * Takes what `key` answered. `null` and a wrong signature count as no answer: the key is asked again later, ever more
 * seldom. The first signed answer stays, whatever it says.
 */
export function takeAnswer(
  collection: Collection,
  court: CourtId,
  key: Hex,
  answer: Answer | null,
  nowMs: number,
): void {
  const { subject, answers, asked } = collection
  const question = asked.get(key)
  if (!question?.isOpen || answers.has(key)) return
  const { pauseMs } = question
  const nextPauseMs = Math.min(2 * pauseMs, ASK_PAUSE_MS.last)
  asked.set(key, { isOpen: false, nextMs: nowMs + pauseMs, pauseMs: nextPauseMs })
  if (answer === null) return
  const { value, signature } = answer
  if (isCourtSigned(court, 'Vote', { subject, value }, signature, key)) answers.set(key, answer)
}

/** Returns the votes that came, in rising order of the seats that they are for. */
export function seatedVotes({ holders, answers }: Collection): SeatedVote[] {
  return holders.flatMap((key, seat) => {
    const answer = answers.get(key)
    return answer === undefined ? [] : [{ seat, ...answer }]
  })
}

/** Tells whether every seat that somebody holds has its vote. */
export function isComplete(collection: Collection): boolean {
  return missing(collection).length === 0
}

function missing({ holders, answers }: Collection): Hex[] {
  return [...new Set(holders)].filter((key) => key !== NOBODY && !answers.has(key))
}
