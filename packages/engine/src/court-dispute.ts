import {
  type CourtRules,
  disputeSeedBlock,
  disputeSubject,
  type Hex,
  leaseOf,
  type Quote,
  type Receipt,
  type SeatedVote,
  seatHolders,
  UNDECIDABLE,
  verdictDeadline,
  verifyReceipt,
  WireError,
} from '@souk/protocol'
import { keysToAsk, newCollection, seatedVotes, takeAnswer } from './court-collect.ts'
import { juryDrawBlock } from './court-dispute-draw.ts'
import type {
  ChallengedResult,
  Dispute,
  DisputeContext,
  DisputeEffect,
  DisputeEvent,
  DisputeStanding,
} from './court-dispute-state.ts'
import { resendBlocks } from './court-resend.ts'

/** Blocks that the accused leaves to the challenger before it has a verdict counted, or ends a dispute, at its own cost. */
const ACCUSED_PATIENCE_BLOCKS = 5

/**
 * Starts the dispute of a result that the quorum contradicted, or returns `null` where the court would refuse it: the
 * outputs are equal, the result bond does not pay a jury, or the receipt does not prove the result.
 */
export function newDispute(
  { rules, network }: DisputeContext,
  quote: Quote,
  receipt: Receipt,
  accepted: Hex,
): Dispute | null {
  const { lease, task, output } = receipt
  if (output === accepted || lease !== leaseOf(network, quote)) return null
  if (quote.resultBond < BigInt(rules.seats) * rules.juryFee) return null
  try {
    verifyReceipt(network, receipt, quote.resultSigner)
  } catch (error) {
    if (error instanceof WireError) return null
    throw error
  }
  return begin(quote, { lease, task, output }, receipt)
}

/** Starts the dispute of a result of one's own, which the requester has challenged or may be challenging. */
export function newAccusation(quote: Quote, result: ChallengedResult): Dispute {
  return begin(quote, result, null)
}

function begin(quote: Quote, result: ChallengedResult, receipt: Receipt | null): Dispute {
  const subject = disputeSubject(result.lease, result.task, result.output)
  const unread = { head: null, standing: null, collection: null }
  const undone = { drawnBlock: null, askedBlock: null, sentBlock: null, readyBlock: null }
  return { quote, result, receipt, subject, ...unread, ...undone, isOver: false }
}

/**
 * Decides what one event means for a dispute: challenge, collect ballots, resolve, or let it lapse. The accused never
 * challenges, has no verdict counted that goes against it, and sends what its challenger did not.
 */
export function advanceDispute(
  context: DisputeContext,
  dispute: Dispute,
  event: DisputeEvent,
  nowMs: number,
): DisputeEffect[] {
  if (dispute.isOver) return []
  note(context, dispute, event, nowMs)
  return dispute.head === null ? [] : pursue(context, dispute, dispute.head, nowMs)
}

function note({ rules, court }: DisputeContext, dispute: Dispute, event: DisputeEvent, nowMs: number): void {
  switch (event.type) {
    case 'head':
      dispute.head = Math.max(dispute.head ?? 0, event.block)
      return
    case 'standing':
      noteStanding(dispute, event.standing)
      return
    case 'seats':
      noteSeats(rules, dispute, event)
      return
    case 'answered':
      if (dispute.collection) {
        takeAnswer(dispute.collection, court, event.key, event.vote, nowMs)
      }
      return
    case 'tick':
      return
  }
}

/** What was drawn and sent for a challenge says nothing about the same one mined in another block. */
function noteStanding(dispute: Dispute, standing: DisputeStanding): void {
  const isSame =
    dispute.standing?.stage === standing.stage &&
    challengeBlock(dispute.standing) === challengeBlock(standing)
  dispute.standing = standing
  if (isSame) return
  dispute.sentBlock = null
  dispute.askedBlock = null
  dispute.drawnBlock = null
  dispute.readyBlock = null
}

function challengeBlock(standing: DisputeStanding | null): number | null {
  return standing?.stage === 'pending' ? standing.challengedAt : null
}

function noteSeats(
  rules: CourtRules,
  dispute: Dispute,
  { table, seed, block }: Extract<DisputeEvent, { type: 'seats' }>,
): void {
  const challengedAt = challengeBlock(dispute.standing)
  if (challengedAt === null) return
  const seedBlock = disputeSeedBlock(rules, challengedAt)
  if ((block ?? seedBlock) !== seedBlock) return
  const holders = seatHolders(rules, table, seed, dispute.subject)
  if (dispute.collection === null) dispute.collection = newCollection(dispute.subject, holders)
  else dispute.collection.holders = holders
  dispute.drawnBlock = dispute.head
}

function pursue(context: DisputeContext, dispute: Dispute, head: number, nowMs: number): DisputeEffect[] {
  const { standing, quote, receipt } = dispute
  switch (standing?.stage) {
    case undefined:
      return oncePerHead(dispute, head, { do: 'look', subject: dispute.subject })
    case 'none':
      if (!standing.isOpen) return end(dispute)
      // A challenge that fell out of the chain may come again.
      return receipt === null ? [] : call(context, dispute, head, { do: 'challenge', quote, receipt })
    case 'pending':
      return collect(context, dispute, standing, head, nowMs)
    case 'done':
      return end(dispute)
  }
}

function end(dispute: Dispute): DisputeEffect[] {
  dispute.isOver = true
  dispute.collection = null
  return [{ do: 'over' }]
}

function collect(
  context: DisputeContext,
  dispute: Dispute,
  { challengedAt }: Extract<DisputeStanding, { stage: 'pending' }>,
  head: number,
  nowMs: number,
): DisputeEffect[] {
  const deadline = verdictDeadline(context.rules, challengedAt)
  if (head + 1 >= deadline) return lapse(context, dispute, deadline, head)
  if (isSentInVain(context, dispute, head)) {
    dispute.sentBlock = null
    dispute.drawnBlock = null
  }
  const draws = isDrawWanted(context, dispute, head) ? drawJury(context, dispute, challengedAt, head) : []
  return [...draws, ...decide(context, dispute, deadline, head, nowMs)]
}

function lapse(context: DisputeContext, dispute: Dispute, deadline: number, head: number): DisputeEffect[] {
  const { quote, result } = dispute
  const { task, output } = result
  if (head < deadline + patience(dispute)) return []
  return call(context, dispute, head, { do: 'lapse', quote, task, output })
}

/** Returns the blocks for which a call is left to the other side. */
function patience({ receipt }: Dispute): number {
  return receipt === null ? ACCUSED_PATIENCE_BLOCKS : 0
}

/** What was sent has been mined, or never will be: a seat may have been emptied since it was drawn. */
function isSentInVain({ rules }: DisputeContext, { sentBlock }: Dispute, head: number): boolean {
  return sentBlock !== null && head - sentBlock >= resendBlocks(rules)
}

/** While nothing was sent, the hash that drew the jury may be that of a block that is gone. */
function isDrawWanted({ rules }: DisputeContext, { drawnBlock, sentBlock }: Dispute, head: number): boolean {
  if (drawnBlock === null) return true
  return sentBlock === null && head - drawnBlock >= resendBlocks(rules)
}

function drawJury(
  { rules }: DisputeContext,
  dispute: Dispute,
  challengedAt: number,
  head: number,
): DisputeEffect[] {
  if (head < juryDrawBlock(rules, challengedAt)) return []
  const block = disputeSeedBlock(rules, challengedAt)
  const { subject, collection } = dispute
  return oncePerHead(dispute, head, { do: 'seats', subject, block, fresh: collection !== null })
}

/** Has a verdict counted once enough of those who hold seats now agree; asks the others for their ballots. */
function decide(
  context: DisputeContext,
  dispute: Dispute,
  deadline: number,
  head: number,
  nowMs: number,
): DisputeEffect[] {
  const { quote, result, subject, collection, drawnBlock } = dispute
  if (collection === null || drawnBlock === null) return []
  const { task, output } = result
  const found = verdictOf(seatedVotes(collection), context.rules.quorum)
  dispute.readyBlock = found === null ? null : (dispute.readyBlock ?? head)
  if (found === null) return keysToAsk(collection, nowMs).map((key) => ({ do: 'ask', subject, key }))
  if (!isToBeCounted(dispute, found.verdict, deadline, head)) return []
  return call(context, dispute, head, { do: 'resolve', quote, task, output, ...found })
}

/** The accused has nothing counted against itself; the rest it leaves to its challenger while there is time to send it again. */
function isToBeCounted(dispute: Dispute, verdict: Hex, deadline: number, head: number): boolean {
  const { receipt, result, readyBlock } = dispute
  if (receipt === null && verdict !== result.output && verdict !== UNDECIDABLE) return false
  return head >= Math.min((readyBlock ?? head) + patience(dispute), deadline - 2 * patience(dispute))
}

/** Returns the value that `quorum` ballots agree on, with the first so many of them. */
function verdictOf(
  ballots: readonly SeatedVote[],
  quorum: number,
): { verdict: Hex; votes: SeatedVote[] } | null {
  for (const verdict of new Set(ballots.map(({ value }) => value))) {
    const votes = ballots.filter(({ value }) => value === verdict)
    if (votes.length >= quorum) return { verdict, votes: votes.slice(0, quorum) }
  }
  return null
}

function oncePerHead(dispute: Dispute, head: number, effect: DisputeEffect): DisputeEffect[] {
  if (dispute.askedBlock === head) return []
  dispute.askedBlock = head
  return [effect]
}

/** Sends a call to the court, and sends it again when it had no effect. */
function call(
  context: DisputeContext,
  dispute: Dispute,
  head: number,
  effect: DisputeEffect,
): DisputeEffect[] {
  if (dispute.sentBlock !== null && !isSentInVain(context, dispute, head)) return []
  dispute.sentBlock = head
  return [effect]
}
