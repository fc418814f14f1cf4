import { type Candidate, isMarked } from '@souk/market'
import type { Demand } from '@souk/protocol'
import type { ReliabilityBook } from './reliability-book.ts'

/** Steps of a bound in which offers are told apart: what differs by less is the same. */
const STEPS = 100

/**
 * Orders candidates by what a second of work is worth that can be relied upon: their price divided by the least bound of
 * their reliability, in whole percents, one at the least. Those with equal bounds stay in the order of the market, and
 * those with a mark on their GPUs behind the others.
 */
export function byWorth(
  candidates: readonly Candidate[],
  demand: Demand,
  boundOf: (candidate: Candidate) => number,
): Candidate[] {
  const bounds = new Map(candidates.map((one) => [one, inSteps(boundOf(one))]))
  if (new Set(bounds.values()).size <= 1) return [...candidates]
  const marked = new Set(candidates.filter(({ entry: { offer } }) => isMarked(offer, demand)))
  return candidates.toSorted((a, b) => {
    if (marked.has(a) !== marked.has(b)) return marked.has(a) ? 1 : -1
    // a.rate / a.bound against b.rate / b.bound, without the division.
    const [worthA, worthB] = [a.rateE12 * (bounds.get(b) ?? 1n), b.rateE12 * (bounds.get(a) ?? 1n)]
    return worthA === worthB ? 0 : worthA < worthB ? -1 : 1
  })
}

/** Returns what tells the least bound of a candidate's reliability, for leases as long as the demand's. */
export function boundIn(
  book: Pick<ReliabilityBook, 'score'>,
  { durationSeconds }: Pick<Demand, 'durationSeconds'>,
): (candidate: Candidate) => number {
  return ({ entry: { offer } }) => book.score(offer, 1000 * durationSeconds).overall
}

function inSteps(bound: number): bigint {
  return BigInt(Math.max(1, Math.floor(bound * STEPS)))
}
