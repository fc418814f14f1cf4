import { type Finding, type HealthLevel, WELL } from './health-gauge.ts'

/** Milliseconds without an answer of the chain after which no offer is kept up: quotes are refused at once. */
const CHAIN_SILENT_MS = 120_000
/** Milliseconds without any connection. */
const ALONE_MS = 60_000
/** Milliseconds of the round trip to the nearest bootstrap peer from which a link is of no use, and is of use again. */
const FAR_MS = 3_000
const NEAR_MS = 1_500

/** How this machine reaches others; `null` is what nobody can tell. */
export interface LinkReading {
  /** Milliseconds since the chain was there. */
  readonly chainSilentMs: number
  /** Milliseconds since any peer was connected; `null` where there is no bootstrap peer that should be. */
  readonly aloneMs: number | null
  /** Milliseconds of the quickest round trip to a bootstrap peer. */
  readonly roundTripMs: number | null
}

/** Says whether others can be reached: who cannot serve offers nothing. */
export function judgeLink(before: HealthLevel, reading: LinkReading): Finding {
  const { chainSilentMs, aloneMs, roundTripMs } = reading
  if (aloneMs !== null && aloneMs >= ALONE_MS)
    return { level: 'failing', why: `no peer has been connected for ${seconds(aloneMs)} s`, isCertain: true }
  if (chainSilentMs >= CHAIN_SILENT_MS)
    return {
      level: 'failing',
      why: `the chain has not answered for ${seconds(chainSilentMs)} s`,
      isCertain: true,
    }
  if (roundTripMs !== null && roundTripMs >= (before === 'ok' ? FAR_MS : NEAR_MS))
    return {
      level: 'degraded',
      why: `the nearest bootstrap peer takes ${Math.round(roundTripMs)} ms to answer`,
    }
  return WELL
}

/** Tells whether a round trip is to be measured again at the next look. */
export function isFar(roundTripMs: number | null): boolean {
  return roundTripMs !== null && roundTripMs >= NEAR_MS
}

function seconds(ms: number): number {
  return Math.round(ms / 1_000)
}
