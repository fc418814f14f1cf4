import { EXACT, STANDBY_LEVELS } from '@souk/availability'
import {
  address,
  bootId,
  type Codec,
  cid,
  codec,
  count,
  demand,
  digest,
  failureCode,
  type Hex,
  LIMITS,
  output,
  quote,
  signature,
  task,
  terms,
  text,
  uint,
} from '@souk/protocol'
import { z } from 'zod'
import type { Write } from './program.ts'

/** One table of the journal: its name and the form of its rows. */
export interface Table<T> {
  readonly table: string
  readonly codec: Codec<T>
}

/** Makes the write that puts `value` at `key`. */
export function put<T>(table: Table<T>, key: string, value: T): Write {
  return { table: table.table, key, value: table.codec.encode(value) }
}

/** Checkpoints kept of one slot at the same time. */
export const MOST_CHECKPOINTS = 8

const ROW_BYTES = 2 * LIMITS.frameBytes

function define<S extends z.ZodType>(name: string, schema: S): Table<z.output<S>> {
  return { table: name, codec: codec(`${name} row`, schema, ROW_BYTES) }
}

/** Unacknowledged durable frames, as they are sent. */
export const OUTBOX = 'outbox'

/** Returns the prefix under which a lease's frames lie in the outbox. */
export function outboxPrefix(lease: Hex): string {
  return `${lease}/`
}

/** Keys of the outbox sort by sequence number within a lease. */
export function outboxKey(lease: Hex, seq: number): string {
  return `${lease}/${seq.toString().padStart(12, '0')}`
}

export const channels = define('channels', z.strictObject({ inSeq: count(), outSeq: count() }))

/** Where a lease stands. `lost` and `closed` are final; what is left then happens on the chain. */
export const leasePhase = z.enum(['accepted', 'active', 'draining', 'closing', 'closed', 'lost'])
export type LeasePhase = z.output<typeof leasePhase>

/** Tells whether nothing more will happen on a lease's channel. */
export function isOver(phase: LeasePhase): boolean {
  return phase === 'closed' || phase === 'lost'
}

/** When the escrow opened the lease. */
export const opening = z.strictObject({ block: count(), timestampSeconds: count() })
export type Opening = z.output<typeof opening>

/** Both signatures over `Close{lease, paid}`; the peer's is missing until it agrees. */
export const agreement = z.strictObject({ paid: uint(96), own: signature, peer: signature.nullable() })
export type Agreement = z.output<typeof agreement>

const shared = {
  lease: digest,
  peerId: text(128),
  quote,
  terms,
  openSignature: signature,
  phase: leasePhase,
  boot: bootId.nullable(),
  opening: opening.nullable(),
  agreement: agreement.nullable(),
  /** Milliseconds since the epoch; for people and reports, never compared with a peer's clock. */
  acceptedAtMs: count(),
  /** The escrow has closed it: nothing is left to do. */
  settled: z.boolean(),
}

/** A lease as its requester keeps it. */
export const purchases = define(
  'purchases',
  z.strictObject({
    ...shared,
    /** The job it was bought for. */
    job: text(64),
    addresses: z.array(text(256)).max(LIMITS.offerAddresses),
    providerSignature: signature.nullable(),
    /** Milliseconds from demand to started, for people. */
    negotiatedMs: count().nullable(),
  }),
)
export type Purchase = ReturnType<typeof purchases.codec.decode>

/** A lease as its provider keeps it. */
export const sales = define(
  'sales',
  z.strictObject({ ...shared, providerSignature: signature, held: z.boolean() }),
)
export type Sale = ReturnType<typeof sales.codec.decode>

/** The newest voucher of a lease; the same form on both sides. */
export const vouchers = define(
  'vouchers',
  z.strictObject({
    cumulative: uint(96),
    ackFrom: count(2 ** 40 - 1),
    ackUntil: count(2 ** 40 - 1),
    signature,
  }),
)
export type VoucherRow = ReturnType<typeof vouchers.codec.decode>

/** The last voucher of each earlier stretch of service: what refutes a claim that the provider was down then. */
export const acknowledged: Table<VoucherRow> = { table: 'acknowledged', codec: vouchers.codec }

/** Stretches of one lease whose vouchers are kept; a longer one takes the place of the shortest. */
export const STRETCHES = 64

/** Key of the voucher of one of the kept stretches of a lease. */
export function acknowledgedKey(lease: Hex, at: number): string {
  return `${lease}/${at.toString().padStart(2, '0')}`
}

/** Prefix of the keys of a lease's earlier stretches. */
export function acknowledgedPrefix(lease: Hex): string {
  return `${lease}/`
}

/** The provider's attempts: the row precedes execution, so that a duplicate never runs twice. */
export const executions = define(
  'executions',
  z.strictObject({
    task: digest,
    n: count(),
    state: z.enum(['running', 'done', 'failed', 'cancelled']),
    output: digest.nullable(),
    /** Set by the fault switch of a development network when the output was falsified. */
    falsified: z.boolean(),
  }),
)
export type Execution = ReturnType<typeof executions.codec.decode>

/** The requester's attempts: the row precedes dispatch and fences older attempts of the slot. */
export const attempts = define(
  'attempts',
  z.strictObject({
    job: text(64),
    index: count(),
    slot: count(64),
    n: count(),
    lease: digest,
    /** What it goes on from; null from the beginning. */
    checkpoint: cid.nullable(),
    failure: failureCode.or(z.literal('lost')).nullable(),
  }),
)
export type AttemptRow = ReturnType<typeof attempts.codec.decode>

/** The checkpoint of a running attempt that its requester was told of, at its provider. */
export const saved = define('saved', z.strictObject({ cid, bytes: count(LIMITS.fileBytes) }))

/** Checkpoints of one slot of a task that are wholly at its requester, the oldest first. */
export const checkpoints = define(
  'checkpoints',
  z.strictObject({
    kept: z
      .array(
        z.strictObject({
          cid,
          /** Bytes of its files together. */
          bytes: count(LIMITS.fileBytes),
          attempt: text(96),
          account: address,
          /** Milliseconds since the epoch at which it was here. */
          atMs: count(),
        }),
      )
      .max(MOST_CHECKPOINTS),
  }),
)
export type CheckpointRow = ReturnType<typeof checkpoints.codec.decode>
/** A checkpoint that is wholly here, and who made it. */
export type KeptCheckpoint = CheckpointRow['kept'][number]

/** A signed result of one attempt, enough for the court (PROTOCOL §8). */
export const receipts = define(
  'receipts',
  z.strictObject({
    output,
    receipt: z.strictObject({
      lease: digest,
      task: digest,
      output: digest,
      index: count(LIMITS.batchLeaves),
      size: count(LIMITS.batchLeaves),
      path: z.array(digest).max(10),
      signature,
    }),
  }),
)
export type ReceiptRow = ReturnType<typeof receipts.codec.decode>

/** Tasks of one job: all of them are in the memory of whoever runs it. */
export const MOST_TASKS = 1_000_000

const tolerance = z.strictObject({ abs: z.number().min(0), rel: z.number().min(0).lt(1) })
const comparator = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('exact') }),
  z.strictObject({ kind: z.literal('tolerance'), f16: tolerance, f32: tolerance, f64: tolerance }),
  z.strictObject({ kind: z.literal('custom'), program: cid }),
])

/** Rules of a job that decide what its results mean. */
export const jobs = define(
  'jobs',
  z.strictObject({
    id: text(64),
    name: text(256),
    k: count(16).min(1),
    n: count(16).min(1),
    /** Replicas of a task that start at once, where that is more than k. */
    first: count(16).min(1).optional(),
    /** How results are looked at further; absent where they are not. */
    checks: z
      .strictObject({
        /** Nobody else knows it: what it draws nobody can foresee. */
        secret: digest,
        /** Whether results are held back and audited; else some of what the quorum accepts is executed again here. */
        audited: z.boolean(),
        /** Whether this process can execute the tasks itself. */
        here: z.boolean(),
        /** Milliseconds for which what is not audited is held back, where that is not what is usual. */
        windowMs: count(86_400_000).optional(),
      })
      .optional(),
    /** When two of its outputs count as equal. */
    comparator: comparator.default(EXACT),
    deadlineMs: count(86_400_000),
    tasks: count(MOST_TASKS),
    /** What each lease of the job must offer, and how many it wants. */
    demand,
    leases: count(1_000),
    /** How far a successor of a lease in doubt is prepared; what is usual unless told. */
    standby: z.enum(STANDBY_LEVELS).optional(),
    /** Its tasks are replicas of a service: they run as long as they may, one on each core. */
    service: z.boolean().optional(),
    createdAtMs: count(),
    /** It takes further tasks, and is not over when all so far are decided. */
    open: z.boolean(),
    state: z.enum(['running', 'done', 'failed', 'cancelled']),
  }),
)
export type JobRow = ReturnType<typeof jobs.codec.decode>

export const tasks = define('tasks', task)

/** Pairs of outputs of one task that were compared: every pair of those that as many slots as there may be gave. */
const MOST_COMPARED = 2_016

/** Which outputs of an undecided task, by digest, count as equal, where that is not for their digests to say. */
export const comparisons = define(
  'comparisons',
  z.strictObject({
    pairs: z.array(z.strictObject({ a: digest, b: digest, equal: z.boolean() })).max(MOST_COMPARED),
  }),
)
export type ComparisonRow = ReturnType<typeof comparisons.codec.decode>

/** The one result of a task that was accepted, and who agreed or did not. */
export const accepted = define(
  'accepted',
  z.strictObject({
    output: output.nullable(),
    digest: digest.nullable(),
    failure: failureCode.nullable(),
    message: text(1024),
    agreeing: z.array(text(96)).max(64),
    disagreeing: z.array(text(96)).max(64),
  }),
)
export type AcceptedRow = ReturnType<typeof accepted.codec.decode>

/** A result that differed from what its quorum accepted: evidence, with the attempt's receipt. */
export const mismatches = define(
  'mismatches',
  z.strictObject({
    ...{ job: text(64), index: count(), lease: digest, subject: address, output: digest },
    /** How it was compared: what differs by a tolerance or a program of the requester's own is for no jury. */
    compared: z.enum(['exact', 'tolerance', 'custom']).default('exact'),
  }),
)
export type MismatchRow = ReturnType<typeof mismatches.codec.decode>

/** What audits of this requester's jobs found of an account, by account. */
export const auditRecords = define(
  'audits',
  z.strictObject({
    /** Audits in a row that found it right, those that did not, and when the newest was, since the epoch. */
    ...{ valid: count(), wrong: count(), atMs: count() },
  }),
)
export type AuditRecord = ReturnType<typeof auditRecords.codec.decode>

/** Key of a task of a job; sorts by index. */
export function taskKey(job: string, index: number): string {
  return `${job}/${index.toString().padStart(7, '0')}`
}

/** Key of the checkpoints of a slot of a task. */
export function checkpointKey(job: string, index: number, slot: number): string {
  return `${taskKey(job, index)}/${slot.toString().padStart(2, '0')}`
}

/** Key of a provider's execution. */
export function executionKey(lease: Hex, attempt: string): string {
  return `${lease}/${attempt}`
}
