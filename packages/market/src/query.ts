import type { Demand } from '@souk/protocol'
import type { MatchContext } from './match-context.ts'
import { createRates, type Rates } from './rates.ts'

/** A demand made ready for many offers. */
export interface Query {
  readonly demand: Demand
  readonly context: MatchContext
  readonly rates: Rates
  /** The highest acceptable rate, infinite without a bound, in floating point. */
  readonly maxRate: number
}

/** Makes a demand ready for many offers. */
export function prepareQuery(demand: Demand, context: MatchContext): Query {
  const maxRate = demand.maxRateE12 === null ? Number.POSITIVE_INFINITY : Number(demand.maxRateE12)
  return { demand, context, rates: createRates(demand), maxRate }
}
