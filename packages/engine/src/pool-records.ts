import { STANDBY_LEVELS } from '@souk/availability'
import { codec, count, text, uint } from '@souk/protocol'
import { z } from 'zod'
import type { Table } from './records.ts'

/** Bytes of a row: some dozens of numbers. */
const POOL_ROW_BYTES = 4_096
/** Decisions of one pool that are kept, the newest. */
export const KEPT_DECISIONS = 512

const whole = count()
const positive = z.number().gt(0)

const target = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('concurrency'), perReplica: positive }),
  z.strictObject({ kind: z.literal('queue-time'), ms: positive }),
  z.strictObject({ kind: z.literal('latency'), percentile: z.number().gt(0).lt(1), ms: positive }),
  z.strictObject({ kind: z.literal('deadline'), atMs: whole }),
])

const poolRow = z.strictObject({
  ...{ min: whole, max: whole, slots: whole, spread: whole, edgeBuffer: whole, target },
  /** Base units, and base units per hour. */
  budget: z.strictObject({ amount: uint(96), ratePerHour: uint(96).nullable() }),
  standby: z.enum(STANDBY_LEVELS),
  ...{ scaleToZeroAfterMs: whole, coolDownMs: whole, stableMs: whole, panicMs: whole },
})
export type PoolRow = z.output<typeof poolRow>

/** How the leases of a job grow and shrink; absent for one that holds as many as it was told. */
export const pools: Table<PoolRow> = { table: 'pools', codec: codec('pools row', poolRow, POOL_ROW_BYTES) }

const level = z.number().min(0)
const decisionRow = z.strictObject({
  /** Number of the decision, from 0. */
  seq: whole,
  /** Milliseconds since the epoch. */
  atMs: whole,
  ...{ desired: whole, wanted: whole, reason: text(32), cappedBy: text(32).nullable() },
  inputs: z.strictObject({
    ...{ ready: whole, acquiring: whole, draining: whole, queued: whole, inFlight: whole },
    ...{ steady: level, burst: level, backlog: level, forecast: level.nullable() },
    ...{ arrivalRate: level, serviceMs: level.nullable(), isPanic: z.boolean() },
    priceRatio: level.nullable(),
    ...{ committed: uint(96), budgetLeft: uint(96) },
  }),
})
export type DecisionRow = z.output<typeof decisionRow>

/** What pools were to be, and why: each decision that changed something. */
export const decisions: Table<DecisionRow> = {
  table: 'decisions',
  codec: codec('decisions row', decisionRow, POOL_ROW_BYTES),
}

/** Key of a decision: the newest take the place of the oldest. */
export function decisionKey(job: string, seq: number): string {
  return `${job}/${(seq % KEPT_DECISIONS).toString().padStart(4, '0')}`
}
