import { type Demand, SoukError } from '@souk/protocol'
import { explain } from './explain.ts'
import type { MatchContext } from './match-context.ts'
import type { IndexedOffer, OfferEntry } from './offer-entry.ts'
import type { OfferIndex } from './offer-index.ts'
import { prepareQuery } from './query.ts'
import { type Candidate, rank } from './rank.ts'
import type { MatchReason } from './reason.ts'
import { brokenRule, type Rule, rulesFor } from './rules.ts'

/** An offer that does not fit, and why. */
export interface Rejected {
  readonly entry: OfferEntry
  readonly reason: MatchReason
}

/** What matching found. */
export interface Matched {
  /** The best offers first: without a mark on their GPUs, by price, then the faster core, then the peer id's bytes. */
  readonly candidates: readonly Candidate[]
  /** Number of offers that fit, also where a limit left some out of `candidates`. */
  readonly fits: number
  /** Every offer that does not fit, with the first reason. Worked out when first read. */
  readonly rejected: readonly Rejected[]
}

/** No offer fits a demand; carries every rejection. */
export class MatchError extends SoukError<{ code: 'NO_OFFER'; rejected: readonly Rejected[] }> {}

/** Options of one match. */
export interface MatchOptions extends MatchContext {
  /** The best so many candidates are returned; all of them unless told. */
  readonly limit?: number
}

/** Matches a demand against every offer of an index. */
export function match(index: OfferIndex, demand: Demand, options: MatchOptions): Matched {
  const query = prepareQuery(demand, options)
  const rules = rulesFor(query)
  const fitting: IndexedOffer[] = []
  const misfits: { entry: IndexedOffer; rule: Rule }[] = []
  for (const entry of index.all()) {
    const rule = brokenRule(entry, query, rules)
    if (rule === undefined) fitting.push(entry)
    else misfits.push({ entry, rule })
  }
  let rejected: readonly Rejected[] | undefined
  return {
    candidates: rank(fitting, query, options.limit ?? Number.POSITIVE_INFINITY),
    fits: fitting.length,
    get rejected() {
      rejected ??= misfits.map(({ entry, rule }) => ({ entry, reason: rule.reason(entry, query) }))
      return rejected
    },
  }
}

/** Returns the candidates of a match; throws {@link MatchError} `NO_OFFER` with the reasons when there is none. */
export function requireCandidates(matched: Matched): readonly [Candidate, ...Candidate[]] {
  const [first, ...others] = matched.candidates
  if (first !== undefined) return [first, ...others]
  throw new MatchError(
    `expected an offer that fits, found ${explain(matched)}; raise the price, ask for less, or wait`,
    { code: 'NO_OFFER', rejected: matched.rejected },
  )
}
