import type { MarketView } from '@souk/elastic'
import type { Candidate } from '@souk/market'
import type { Demand } from '@souk/protocol'

/** Milliseconds that a look at the offers is good for. */
const LOOK_MS = 1_000
/** Looks after which what a lease usually costs has mostly become what it costs now. */
const USUAL_LOOKS = 600
/** Seconds of service that are paid ahead at most: the deposit has them beside the lease's own. */
const PREPAY_SECONDS = 30
/** Milliseconds from a decision until a lease serves, where none was bought yet. */
const USUAL_START_MS = 1_000
const E12 = 10n ** 12n

/** What one more lease costs a pool, looked up now and then. */
export class PoolMarket {
  readonly #candidates: () => readonly Candidate[]
  readonly #seconds: number
  #usual: number | null = null
  #view: MarketView | null = null
  #lookedAtMs = 0

  /** `candidates` are the offers that could be leased now, the best first. */
  constructor(demand: Pick<Demand, 'durationSeconds'>, candidates: () => readonly Candidate[]) {
    this.#seconds = demand.durationSeconds
    this.#candidates = candidates
  }

  /** Returns what the offers came to lately; `startMs` is what purchases took. */
  look(nowMs: number, startMs: number | null): MarketView {
    if (this.#view === null || Math.abs(nowMs - this.#lookedAtMs) >= LOOK_MS) {
      this.#lookedAtMs = nowMs
      this.#view = this.#read()
    }
    return { ...this.#view, startMs: startMs ?? USUAL_START_MS }
  }

  #read(): MarketView {
    const candidates = this.#candidates()
    const [best] = candidates
    const before = this.#view
    if (best === undefined) {
      const { commit = 0n, rateE12 = 0n, usualRateE12 = null } = before ?? {}
      return { offers: 0, commit, rateE12, usualRateE12, startMs: USUAL_START_MS }
    }
    const { rateE12 } = best
    this.#usual = this.#usual === null ? Number(rateE12) : mix(this.#usual, Number(rateE12))
    const usualRateE12 = BigInt(Math.round(this.#usual))
    const commit = commitOf(best, this.#seconds)
    return { offers: candidates.length, commit, rateE12, usualRateE12, startMs: USUAL_START_MS }
  }
}

/** Returns the base units that leasing from an offer commits, rounded up. */
export function commitOf({ entry, rateE12 }: Candidate, seconds: number): bigint {
  const most = rateE12 * BigInt(Math.ceil(seconds) + PREPAY_SECONDS)
  return entry.offer.prices.startFee + (most + E12 - 1n) / E12
}

function mix(usual: number, now: number): number {
  return usual + (now - usual) / USUAL_LOOKS
}
