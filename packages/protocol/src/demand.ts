import { z } from 'zod'
import { requirements, runtimeName } from './resources.ts'
import { count, text, uint } from './schema.ts'

/** What a requester needs. `null` means no bound. */
export const demand = z.strictObject({
  resources: requirements,
  runtime: runtimeName,
  /** Network policy of the work: none is all that exists so far. */
  network: z.enum(['none']),
  region: text(32).nullable(),
  /** Milliseconds, as measured by the requester. */
  maxRoundTripMs: count(60_000).nullable(),
  /** Base units × 1e12 per second for the whole lease. */
  maxRateE12: uint(128).nullable(),
  durationSeconds: count(3_600).min(1),
})
export type Demand = z.output<typeof demand>
