import type { CourtSpans } from '@souk/protocol'

/** Most blocks before a call to the court that had no effect is sent again. */
const COURT_RETRY_BLOCKS = 10

/** Returns the blocks before a call without effect is sent again: fewer where there is little time for it. */
export function resendBlocks({ reportBlocks }: Pick<CourtSpans, 'reportBlocks'>): number {
  return Math.max(2, Math.min(COURT_RETRY_BLOCKS, Math.floor(reportBlocks / 8)))
}
