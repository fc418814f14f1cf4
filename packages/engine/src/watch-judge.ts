import {
  type BookEntry,
  type BookVote,
  type CourtId,
  type CourtSpans,
  downMap,
  downtimeSubject,
  EPOCH_SLOTS,
  type Hex,
  isCourtSigned,
  NOBODY,
  readObservation,
  seatHolders,
  slotCount,
} from '@souk/protocol'
import type { SignedVote } from './double-vote.ts'
import type { Lot } from './watch-state.ts'

/** What who reads an uptime book knows, and whose it is. */
export interface JudgeContext {
  readonly rules: Pick<CourtSpans, 'seats' | 'leastWatchers' | 'quorum'>
  readonly court: CourtId
  readonly subject: Hex
}

/** One epoch of a book, and what the chain says of it. */
export interface BookEpoch extends Lot {
  readonly epoch: number
  /** Slots in which a bond of the subject was at stake, as a map. */
  readonly bonded: number
  /** `null` where the book has none. */
  readonly entry: BookEntry | null
}

/** Something in a book that nobody honest could have put there. */
export interface BookLie {
  readonly code: /** The signature is not that of the named key on this subject and epoch: made up, or about somebody else. */
    | 'FORGED'
    /** The key has no seat over the subject in that epoch. */
    | 'NO_SEAT'
    /** The subject's own word. */
    | 'OWN_VOTE'
    /** A second vote of one key. */
    | 'TWICE'
  readonly epoch: number
  readonly key: Hex
}

/** What one epoch of a book proves, as maps of slots. */
export interface JudgedEpoch {
  readonly up: number
  readonly down: number
  readonly unknown: number
  readonly lies: readonly BookLie[]
  /** What holders of seats really signed, also what counts for nothing because they signed twice. */
  readonly signed: readonly SignedVote[]
}

const ALL_SLOTS = 2 ** EPOCH_SLOTS - 1

/**
 * Returns what an epoch of a book proves (PROTOCOL §12.6). A slot is up or down when a quorum of seats says so. A slot
 * with a bond at stake that is neither is down, too, where the votes that lack could have made it so: whoever leaves
 * votes out of its book, or whole epochs, gains nothing by it.
 */
export function judgeEpoch(context: JudgeContext, given: BookEpoch): JudgedEpoch {
  const { rules, subject } = context
  const { epoch, table, seed, bonded } = given
  const holders = seatHolders(rules, table, seed, downtimeSubject(subject, epoch))
  const { votes, lies, signed } = readVotes(context, given, holders)
  const told = holders.flatMap((key) => votes.get(key) ?? [])
  const lacking = holders.filter((key) => key !== NOBODY && key !== subject && !votes.has(key)).length
  const up = slotsWhere((bit) => seatsFor(told, 'up', bit) >= rules.quorum)
  const down = slotsWhere((bit) => {
    const seats = seatsFor(told, 'down', bit)
    const possible = (bonded & bit) !== 0 ? seats + lacking : seats
    return possible >= rules.quorum && (up & bit) === 0
  })
  return { up, down, unknown: ALL_SLOTS & ~(up | down), lies, signed }
}

/** What a seat says, as maps of slots. */
interface Told {
  readonly up: number
  readonly down: number
}

/** Returns what holders of seats really signed, and what in the epoch is a lie. */
function readVotes(
  context: JudgeContext,
  { epoch, entry }: BookEpoch,
  holders: readonly Hex[],
): { votes: ReadonlyMap<Hex, Told>; lies: readonly BookLie[]; signed: readonly SignedVote[] } {
  const votes = new Map<Hex, Told>()
  const lies: BookLie[] = []
  const signed: SignedVote[] = []
  const about = downtimeSubject(context.subject, epoch)
  const seen = new Set<Hex>()
  for (const vote of entry?.votes ?? []) {
    const code = lieOf(context, epoch, holders, vote, seen)
    seen.add(vote.key)
    if (code !== null) lies.push({ code, epoch, key: vote.key })
    if (holders.includes(vote.key) && (code === null || code === 'TWICE'))
      signed.push({ subject: about, ...vote })
    const observation = readObservation(vote.value)
    if (code !== null || !holders.includes(vote.key) || observation === undefined) continue
    votes.set(vote.key, { up: observation.up, down: downMap(observation) })
  }
  return { votes, lies, signed }
}

/**
 * Tells what is wrong with a vote. One without seat is no lie while a seat is empty: its key may have had that seat
 * until it was slashed. It counts for nothing all the same.
 */
function lieOf(
  { court, subject }: JudgeContext,
  epoch: number,
  holders: readonly Hex[],
  { key, value, signature }: BookVote,
  seen: ReadonlySet<Hex>,
): BookLie['code'] | null {
  if (seen.has(key)) return 'TWICE'
  if (key === subject) return 'OWN_VOTE'
  if (!holders.includes(key)) return holders.includes(NOBODY) ? null : 'NO_SEAT'
  const about = downtimeSubject(subject, epoch)
  return isCourtSigned(court, 'Vote', { subject: about, value }, signature, key) ? null : 'FORGED'
}

function seatsFor(told: readonly Told[], what: keyof Told, bit: number): number {
  return told.filter((one) => (one[what] & bit) !== 0).length
}

function slotsWhere(holds: (bit: number) => boolean): number {
  let map = 0
  for (let slot = 0; slot < EPOCH_SLOTS; slot++) if (holds(1 << slot)) map |= 1 << slot
  return map
}

/** What sampled epochs of a book prove, in slots; for who decides how far its owner can be relied upon. */
export interface UptimeEvidence {
  readonly subject: Hex
  readonly upSlots: number
  readonly downSlots: number
  readonly unknownSlots: number
}

/** Adds up what epochs prove. */
export function sumEpochs(subject: Hex, epochs: readonly JudgedEpoch[]): UptimeEvidence {
  const sum = (what: 'up' | 'down' | 'unknown') =>
    epochs.reduce((slots, each) => slots + slotCount(each[what]), 0)
  return { subject, upSlots: sum('up'), downSlots: sum('down'), unknownSlots: sum('unknown') }
}
