/** What was seen of one failure domain; updated in place. */
export interface DomainRecord {
  /** Milliseconds that replicas were held there, and losses, both fading with {@link RECORD_MS}. */
  heldMs: number
  losses: number
  /** What recent losses and refusals add, fading with {@link UNREST_MS}. */
  unrest: number
  /** When it last had nothing to give; null for never. */
  refusedMs: number | null
  seenMs: number
}

/** Milliseconds in which what was seen fades to a third: half a day. */
export const RECORD_MS = 43_200_000
/** Milliseconds in which the unrest after a loss fades to a third: an hour. */
export const UNREST_MS = 3_600_000
/** What is assumed of a domain nobody has seen: one loss in so many milliseconds. */
export const ASSUMED_MS = 21_600_000
/** Losses per hour that a loss is taken to announce in its domain and in every other, and a refusal in its own. */
const LOSS_UNREST = 0.5
const MARKET_UNREST = 0.25
const REFUSAL_UNREST = 0.25
const MOST_UNREST = 2
const MS_PER_HOUR = 3_600_000

/** Creates the record of a domain that nobody has seen. */
export function createDomainRecord(nowMs: number): DomainRecord {
  return { heldMs: 0, losses: 0, unrest: 0, refusedMs: null, seenMs: nowMs }
}

/** Takes in that so many replicas were held since the last word. */
export function domainHeld(record: DomainRecord, replicas: number, nowMs: number): void {
  const ms = Math.max(0, nowMs - record.seenMs)
  const fade = Math.exp(-ms / RECORD_MS)
  record.heldMs = record.heldMs * fade + (replicas > 0 ? ms : 0)
  record.losses *= fade
  record.unrest *= Math.exp(-ms / UNREST_MS)
  record.seenMs = nowMs
}

/** Takes in that replicas were lost there at one instant. */
export function domainLost(record: DomainRecord): void {
  record.losses++
  record.unrest = Math.min(MOST_UNREST, record.unrest + LOSS_UNREST)
}

/** Takes in that another domain lost replicas: what empties one market often empties its neighbours. */
export function neighbourLost(record: DomainRecord): void {
  record.unrest = Math.min(MOST_UNREST, record.unrest + MARKET_UNREST)
}

/** Takes in that there was nothing to be had. */
export function domainRefused(record: DomainRecord, nowMs: number): void {
  record.refusedMs = nowMs
  record.unrest = Math.min(MOST_UNREST, record.unrest + REFUSAL_UNREST)
}

/**
 * Returns the losses per millisecond to expect of a domain now.
 *
 * A self-exciting rate (Hawkes 1971): what was seen over the time it was seen, with one assumed loss before, plus what
 * lately happened, which fades. Capacity that was just taken is likely to be taken again.
 */
export function domainHazard(record: DomainRecord, nowMs: number): number {
  const fade = Math.exp(-Math.max(0, nowMs - record.seenMs) / UNREST_MS)
  return (1 + record.losses) / (ASSUMED_MS + record.heldMs) + (record.unrest * fade) / MS_PER_HOUR
}
