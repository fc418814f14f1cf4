import type { Hex } from './bytes.ts'
import { EPOCH_SLOTS } from './court-rules.ts'
import { slotCount } from './vote-value.ts'

/** One seat's signed vote, as a report lists it: in strictly rising order of seats. */
export interface SeatedVote {
  readonly seat: number
  readonly value: Hex
  /** Compact signature over `Vote(subject, value)` by the key that holds the seat. */
  readonly signature: Hex
}

/** Returns the slots that at least `quorum` seats call down, given the down map of each: the contract's `Tally`. */
export function tally(downMaps: readonly number[], quorum: number): number {
  return slotMap((bit) => downMaps.filter((map) => (map & bit) !== 0).length >= quorum)
}

/**
 * Chooses votes that prove all of `wanted` that the given ones prove, none of which could be left out: each
 * costs gas. Votes that prove the fewest wanted slots go first; the order of the rest is kept.
 */
export function chooseVotes<T extends { readonly down: number }>(
  votes: readonly T[],
  quorum: number,
  wanted: number,
): T[] {
  const proven = (some: readonly T[]) =>
    tally(
      some.map(({ down }) => down),
      quorum,
    ) & wanted
  const goal = proven(votes)
  const chosen = new Set(goal === 0 ? [] : votes)
  const leastFirst = [...chosen].sort((a, b) => slotCount(a.down & goal) - slotCount(b.down & goal))
  for (const vote of leastFirst) {
    chosen.delete(vote)
    if (proven([...chosen]) !== goal) chosen.add(vote)
  }
  return votes.filter((vote) => chosen.has(vote))
}

function slotMap(holds: (bit: number) => boolean): number {
  return slotBits().reduce((map, bit) => (holds(bit) ? map | bit : map), 0)
}

function slotBits(): number[] {
  return Array.from({ length: EPOCH_SLOTS }, (_, slot) => 1 << slot)
}
