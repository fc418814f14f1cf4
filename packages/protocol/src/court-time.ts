import { type CourtSpans, EPOCH_SLOTS } from './court-rules.ts'

type Slots = Pick<CourtSpans, 'slotBlocks'>

/** Returns the blocks of an epoch. */
export function epochBlocks({ slotBlocks }: Slots): number {
  return EPOCH_SLOTS * slotBlocks
}

/** Returns the epoch that `block` belongs to. */
export function epochOf(rules: Slots, block: number): number {
  return Math.floor(block / epochBlocks(rules))
}

/** Returns the term that `epoch` belongs to: the table of watchers changes from one to the next. */
export function termOf({ termEpochs }: Pick<CourtSpans, 'termEpochs'>, epoch: number): number {
  return Math.floor(epoch / termEpochs)
}

/** Returns the first block of `epoch`; that of the next is its end. */
export function epochStart(rules: Slots, epoch: number): number {
  return epoch * epochBlocks(rules)
}

/** Returns the slot of its epoch, 0 to 15, that `block` belongs to. */
export function slotOf(rules: Slots, block: number): number {
  return Math.floor((block - epochStart(rules, epochOf(rules, block))) / rules.slotBlocks)
}

/** Returns the first block of a slot; that of the next is its end, also for the sixteenth. */
export function slotStart(rules: Slots, epoch: number, slot: number): number {
  return epochStart(rules, epoch) + slot * rules.slotBlocks
}

/** Returns the slots of `epoch` wholly inside blocks [from, to), bit s for slot s: the contract's `Slots.inside`. */
export function slotsInside(rules: Slots, epoch: number, from: number, to: number): number {
  const start = epochStart(rules, epoch)
  const first = clampSlot(Math.ceil((from - start) / rules.slotBlocks))
  const end = clampSlot(Math.floor((to - start) / rules.slotBlocks))
  return end > first ? 2 ** end - 2 ** first : 0
}

/** Returns the block whose hash draws the watchers of `epoch`. */
export function downtimeSeedBlock(
  rules: Pick<CourtSpans, 'slotBlocks' | 'lagBlocks'>,
  epoch: number,
): number {
  return epochStart(rules, epoch) - rules.lagBlocks
}

/** Returns the block whose hash, and whose term's table, give the jury of a challenge made in `challengedAt`. */
export function disputeSeedBlock({ lagBlocks }: Pick<CourtSpans, 'lagBlocks'>, challengedAt: number): number {
  return challengedAt + lagBlocks
}

/** Returns the block from which on downtime in `epoch` can no longer be reported. */
export function reportDeadline(
  rules: Pick<CourtSpans, 'slotBlocks' | 'reportBlocks'>,
  epoch: number,
): number {
  return epochStart(rules, epoch + 1) + rules.reportBlocks
}

/** Returns the block from which on a challenge made in `challengedAt` can no longer be resolved, only lapse. */
export function verdictDeadline(
  { verdictBlocks }: Pick<CourtSpans, 'verdictBlocks'>,
  challengedAt: number,
): number {
  return challengedAt + verdictBlocks
}

function clampSlot(slot: number): number {
  return Math.min(Math.max(slot, 0), EPOCH_SLOTS)
}
