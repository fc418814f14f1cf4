import {
  type CourtSpans,
  chooseVotes,
  downMap,
  downtimeSubject,
  epochOf,
  epochStart,
  readObservation,
  reportDeadline,
  seatHolders,
  slotsInside,
  tally,
} from '@souk/protocol'
import type { Claim, ClaimEffect, ClaimEvent, CourtContext, EpochClaim } from './court-claim-state.ts'
import { isComplete, keysToAsk, newCollection, seatedVotes, takeAnswer } from './court-collect.ts'
import { resendBlocks } from './court-resend.ts'

/** Share of the time for reports in which votes may still come before those there are go out. */
const PATIENCE_SHARE = 1 / 4

/**
 * Decides what one event means for a claim: after each epoch that touches the lease it collects the committee's votes
 * and reports the slots that they prove down, as few votes as prove them, until the penalty reaches the bond.
 */
export function advanceClaim(
  context: CourtContext,
  claim: Claim,
  event: ClaimEvent,
  nowMs: number,
): ClaimEffect[] {
  note(context, claim, event, nowMs)
  if (claim.isOver) return []
  return claim.head === null ? [] : pursue(context, claim, claim.head, nowMs)
}

function note(context: CourtContext, claim: Claim, event: ClaimEvent, nowMs: number): void {
  switch (event.type) {
    case 'head':
      claim.head = Math.max(claim.head ?? 0, event.block)
      return
    case 'lease':
      claim.lease = event.lease
      return
    case 'seats':
      noteSeats(context, claim, event)
      return
    case 'record': {
      const known = claim.epochs.get(event.epoch)
      if (known !== undefined) known.record = { down: event.down, refuted: event.refuted }
      return
    }
    case 'answered': {
      const collection = claim.epochs.get(event.epoch)?.collection
      if (collection) takeAnswer(collection, context.court, event.key, event.vote, nowMs)
      return
    }
    case 'tick':
      return
  }
}

function noteSeats(
  { rules }: CourtContext,
  claim: Claim,
  { epoch, table, seed }: Extract<ClaimEvent, { type: 'seats' }>,
): void {
  const each = claim.epochs.get(epoch)
  if (each === undefined) return
  const subject = downtimeSubject(claim.quote.resultSigner, epoch)
  const holders = seatHolders(rules, table, seed, subject)
  if (each.collection === null) each.collection = newCollection(subject, holders)
  else each.collection.holders = holders
  each.isDrawn = true
}

function pursue(context: CourtContext, claim: Claim, head: number, nowMs: number): ClaimEffect[] {
  openEpochs(context.rules, claim, head)
  if (isDone(context.rules, claim, head)) {
    claim.isOver = true
    claim.epochs.clear()
    return [{ do: 'over' }]
  }
  if (isPenaltyFull(claim)) return []
  return [...claim.epochs].flatMap(([epoch, each]) => {
    const wanted = wantedSlots(context.rules, claim, epoch, each)
    return wanted === 0 ? [] : pursueEpoch(context, claim, { epoch, each, wanted, head, nowMs })
  })
}

/** Takes up epochs that are over and can still be reported, and drops those that no longer can. */
function openEpochs(rules: CourtSpans, claim: Claim, head: number): void {
  const { from, until } = claim.lease
  const ended = epochOf(rules, head)
  const first = Math.max(claim.nextEpoch, epochOf(rules, from), oldestReportable(rules, head))
  for (let epoch = first; epoch < ended && epochStart(rules, epoch) < until; epoch++) {
    const record = { down: 0, refuted: 0 }
    claim.epochs.set(epoch, {
      collection: null,
      isDrawn: false,
      record,
      askedBlock: Number.NEGATIVE_INFINITY,
      sentBlock: null,
    })
  }
  claim.nextEpoch = Math.max(claim.nextEpoch, ended)
  for (const epoch of claim.epochs.keys()) {
    if (!isReportable(rules, epoch, head)) claim.epochs.delete(epoch)
  }
}

function oldestReportable(rules: CourtSpans, head: number): number {
  return Math.max(0, epochOf(rules, head - rules.reportBlocks) - 1)
}

/** A report is mined in the next block at the earliest. */
function isReportable(rules: CourtSpans, epoch: number, head: number): boolean {
  return head + 1 < reportDeadline(rules, epoch)
}

function isDone(rules: CourtSpans, { lease, epochs }: Claim, head: number): boolean {
  if (lease.isClosed) return true
  return epochs.size === 0 && head >= epochStart(rules, epochOf(rules, lease.until - 1) + 1)
}

function isPenaltyFull({ quote, lease }: Claim): boolean {
  return BigInt(lease.downSlots) * quote.slotPenalty >= quote.bond || quote.slotPenalty === 0n
}

function wantedSlots(rules: CourtSpans, { lease }: Claim, epoch: number, { record }: EpochClaim): number {
  const known = record === null ? 0 : record.down | record.refuted
  return slotsInside(rules, epoch, lease.from, lease.until) & ~known
}

interface Pursued {
  readonly epoch: number
  readonly each: EpochClaim
  /** Slots that are worth proving. */
  readonly wanted: number
  readonly head: number
  readonly nowMs: number
}

function pursueEpoch(context: CourtContext, claim: Claim, pursued: Pursued): ClaimEffect[] {
  const { epoch, each, head, nowMs } = pursued
  // What was sent has been mined, or never will be: the court itself says what is still worth proving, and by whom.
  if (each.sentBlock !== null && head - each.sentBlock >= resendBlocks(context.rules)) {
    each.record = null
    each.isDrawn = false
    each.sentBlock = null
  }
  const { collection, record, isDrawn } = each
  const looks: ClaimEffect[] = []
  if ((!isDrawn || record === null) && head !== each.askedBlock) {
    looks.push({ do: 'look', epoch, fresh: collection !== null })
  }
  each.askedBlock = head
  if (collection === null) return looks
  const asks = keysToAsk(collection, nowMs).map(
    (key): ClaimEffect => ({ do: 'ask', epoch, subject: collection.subject, key }),
  )
  return [...looks, ...asks, ...report(context, claim, pursued)]
}

function report(
  { rules }: CourtContext,
  claim: Claim,
  { epoch, each, wanted, head }: Pursued,
): ClaimEffect[] {
  const { collection, isDrawn, record, sentBlock } = each
  if (collection === null || !isDrawn || record === null || sentBlock !== null) return []
  const isLate = head >= epochStart(rules, epoch + 1) + rules.reportBlocks * PATIENCE_SHARE
  if (!isComplete(collection) && !isLate) return []
  const votes = seatedVotes(collection).flatMap((vote) => {
    const seen = readObservation(vote.value)
    return seen === undefined ? [] : [{ vote, down: downMap(seen) }]
  })
  const chosen = chooseVotes(votes, rules.quorum, wanted)
  if (chosen.length === 0) return []
  each.sentBlock = head
  const downs = chosen.map(({ down }) => down)
  const slots = tally(downs, rules.quorum) & wanted
  return [{ do: 'report', quote: claim.quote, epoch, slots, votes: chosen.map(({ vote }) => vote) }]
}
