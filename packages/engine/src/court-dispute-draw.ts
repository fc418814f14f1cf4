import { type CourtSpans, disputeSeedBlock } from '@souk/protocol'

/** Blocks beyond its seed's before a jury is drawn: the newest blocks may yet be mined anew, with other hashes. */
const REDRAW_BLOCKS = 3
/** Parts of the time for the verdict, of which that may be one at most. */
const REDRAW_PARTS = 16

/** Returns the first head at which the jury of a challenge of block `challengedAt` is drawn. */
export function juryDrawBlock(
  rules: Pick<CourtSpans, 'lagBlocks' | 'verdictBlocks'>,
  challengedAt: number,
): number {
  const margin = Math.min(REDRAW_BLOCKS, Math.floor(rules.verdictBlocks / REDRAW_PARTS))
  return disputeSeedBlock(rules, challengedAt) + margin
}
