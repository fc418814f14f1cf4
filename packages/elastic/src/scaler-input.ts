/** What a pool holds, as its shell knows it now. */
export interface PoolView {
  /** Replicas that serve. */
  readonly ready: number
  /** Leases that are being acquired or started: they count as capacity. */
  readonly acquiring: number
  /** Replicas that end when their work has; no capacity any more. */
  readonly draining: number
  readonly queued: number
  readonly inFlight: number
  /** Tasks that are still to be done, queued and in flight included, where the workload has an end. */
  readonly remaining: number | null
  /** Base units committed so far: what ended leases cost, and all that running and acquired ones may cost. */
  readonly committed: bigint
  /** Base units × 1e12 per second of all leases that are held or being acquired. */
  readonly rateE12: bigint
}

/** What the market offers for one more replica. */
export interface MarketView {
  /** Replicas that could be had now. */
  readonly offers: number
  /** Base units that leasing one commits. */
  readonly commit: bigint
  /** Base units × 1e12 per second of one. */
  readonly rateE12: bigint
  /** The same, as it usually is; null while nobody knows. */
  readonly usualRateE12: bigint | null
  /** Milliseconds from the decision until a replica serves, as measured. */
  readonly startMs: number
}

/** Which rule gave the number. */
export type Reason =
  | 'steady'
  | 'burst'
  | 'backlog'
  | 'deadline'
  | 'forecast'
  | 'cheap'
  | 'cool-down'
  | 'zero'
  | 'min'

/** What kept the pool below what it wants. */
export type Cap = 'max' | 'budget' | 'rate' | 'market'

/** What a pool is to be, and why; kept as an event with all that it was decided from. */
export interface Decision {
  readonly atMs: number
  /** Replicas that the pool should hold, those being acquired included. */
  readonly desired: number
  /** What it would be without the caps. */
  readonly wanted: number
  readonly reason: Reason
  /** Null where nothing keeps the pool from what it wants. */
  readonly cappedBy: Cap | null
  readonly inputs: DecisionInputs
}

/** The numbers behind a decision. */
export interface DecisionInputs {
  readonly ready: number
  readonly acquiring: number
  readonly queued: number
  readonly inFlight: number
  /** Replicas that each rule asks for. */
  readonly steady: number
  readonly burst: number
  readonly backlog: number
  readonly forecast: number | null
  readonly arrivalRate: number
  readonly serviceMs: number | null
  readonly isPanic: boolean
  /** Price of the next replica over what it usually is; null while nobody knows. */
  readonly priceRatio: number | null
  readonly committed: bigint
  readonly budgetLeft: bigint
}
