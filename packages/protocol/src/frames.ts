import { z } from 'zod'
import { type Codec, codec } from './codec.ts'
import { demand } from './demand.ts'
import { gpuHealth } from './gpu-facts.ts'
import { LIMITS } from './limits.ts'
import { oncePerObject } from './once-per-object.ts'
import { failureCode, output } from './output.ts'
import { quote, terms } from './quote.ts'
import { address, bootId, bytes, cid, count, digest, signature, text, uint } from './schema.ts'
import { secretFiles } from './secrets.ts'
import { task } from './task.ts'

/** Why a provider does not lease: data for the requester's next choice. */
export const refusalCode = z.enum([
  'no-capacity',
  'no-gpu',
  'unsupported-runtime',
  'price-too-low',
  'terms-changed',
  'duration-too-long',
  'not-enough-balance',
  'not-a-delegate',
  'unsecured-limit',
  'bad-signature',
  'expired',
  'wrong-network',
  'chain-unavailable',
  'draining',
  'malformed',
])
export type RefusalCode = z.output<typeof refusalCode>

/** Why a lease ended by a peer's choice. */
export const endingCode = z.enum([
  'closed',
  'drained',
  'expired',
  'payment-stopped',
  'requester-lost',
  'not-opened',
  'restarted',
  'misbehaved',
  'unknown-lease',
])
export type EndingCode = z.output<typeof endingCode>

const ack = count()
const attemptId = text(96)
/** Small blocks that ride along; each is verified against the address that names it. */
const inline = z.array(bytes(LIMITS.inlineBytes)).max(LIMITS.runAttempts * 4)

const negotiation = [
  z.strictObject({
    t: z.literal('demand'),
    demand,
    requester: address,
    voucherSigner: address,
    predecessor: digest.nullable(),
  }),
  z.strictObject({ t: z.literal('quote'), quote, terms }),
  z.strictObject({ t: z.literal('refused'), code: refusalCode, message: text(512) }),
  z.strictObject({ t: z.literal('accept'), quote, terms, signature }),
  z.strictObject({
    t: z.literal('started'),
    signature,
    boot: bootId,
    credit: count(LIMITS.credit),
    /** True while the provider computes but holds results back until the opening is mined (PROTOCOL §6). */
    held: z.boolean(),
  }),
] as const

/** Whether capacity is still kept, leased by who reserved it, or let go. */
export const holdState = z.enum(['held', 'claimed', 'over'])
export type HoldState = z.output<typeof holdState>

/** Of reservations, which have no channel: each is answered on the stream that it came on (PROTOCOL §15). */
const reservation = [
  z.strictObject({
    t: z.literal('reserve'),
    demand,
    requester: address,
    voucherSigner: address,
    /** Unix seconds from which the capacity is wanted. */
    from: count(2 ** 40 - 1),
    /** For how many seconds. */
    seconds: count(LIMITS.reserveSeconds).min(1),
  }),
  /** A voucher for a reservation; the last one again asks how it stands. */
  z.strictObject({
    t: z.literal('hold'),
    lease: digest,
    cumulative: uint(96),
    ackFrom: count(2 ** 40 - 1),
    ackUntil: count(2 ** 40 - 1),
    signature,
  }),
  z.strictObject({ t: z.literal('holds'), lease: digest, state: holdState, cumulative: uint(96) }),
  /** The requester's signature over `Close{lease, paid}` of a reservation; answered by `ended`. */
  z.strictObject({ t: z.literal('unhold'), lease: digest, paid: uint(96), signature }),
] as const

const resumption = [
  z.strictObject({ t: z.literal('resume'), lease: digest, ack, boot: bootId }),
  z.strictObject({
    t: z.literal('resumed'),
    ack,
    boot: bootId,
    credit: count(LIMITS.credit),
    /** The newest voucher the provider holds. */
    cumulative: uint(96),
    running: z.array(attemptId).max(LIMITS.credit),
  }),
] as const

/** One execution of a task: `n` rises with every attempt of the same replica slot (fencing). */
export const attempt = z.strictObject({
  id: attemptId,
  n: count(1_000_000),
  task,
  /** Milliseconds of execution after which the provider stops it; failure `deadline`. */
  deadlineMs: count(86_400_000),
})
export type Attempt = z.output<typeof attempt>

/** One leaf of a result batch with what it commits to. */
export const result = z.strictObject({ attempt: attemptId, task: digest, output })
export type Result = z.output<typeof result>

const durable = [
  z.strictObject({
    t: z.literal('run'),
    seq: count(),
    ack,
    attempts: z.array(attempt).min(1).max(LIMITS.runAttempts),
    inline,
  }),
  z.strictObject({
    t: z.literal('cancel'),
    seq: count(),
    ack,
    attempts: z.array(attemptId).max(LIMITS.credit),
  }),
  z.strictObject({ t: z.literal('close'), seq: count(), ack, paid: uint(96), signature }),
  z.strictObject({
    t: z.literal('results'),
    seq: count(),
    ack,
    results: z.array(result).min(1).max(LIMITS.batchLeaves),
    signature,
    inline,
  }),
  z.strictObject({ t: z.literal('drain'), seq: count(), ack, seconds: count(86_400) }),
  z.strictObject({
    t: z.literal('ended'),
    seq: count(),
    ack,
    code: endingCode,
    message: text(512),
    /** The sender's signature over `Ending{lease, code}`. */
    signature,
    /** The provider's signature over `Close{lease, paid}` where both agreed. */
    close: signature.nullable(),
  }),
] as const

const ephemeral = [
  z.strictObject({
    t: z.literal('beat'),
    ack,
    /** Rises with each beat of one process. */
    n: count(),
    boot: bootId,
    credit: count(LIMITS.credit),
    running: z.array(attemptId).max(LIMITS.credit),
    /** Those of them whose programs run, from the provider; not there where none does. */
    executing: z.array(attemptId).max(LIMITS.credit).optional(),
    /** Share of the leased cores in use, thousandths. */
    load: count(1_000),
    /** The lease's GPUs, from its provider. */
    gpus: z.array(gpuHealth).max(LIMITS.offerGpus),
  }),
  z.strictObject({
    t: z.literal('voucher'),
    ack,
    cumulative: uint(96),
    ackFrom: count(2 ** 40 - 1),
    ackUntil: count(2 ** 40 - 1),
    signature,
  }),
  z.strictObject({
    t: z.literal('sources'),
    ack,
    /** The other providers of the job: they may have its content, and may have it. */
    peers: z
      .array(z.strictObject({ peerId: text(128), addresses: z.array(text(256)).max(LIMITS.offerAddresses) }))
      .max(LIMITS.sources),
  }),
  z.strictObject({
    t: z.literal('secrets'),
    ack,
    /** What tasks of this lease that read secrets find (PROTOCOL §9.2). */
    files: secretFiles,
  }),
  z.strictObject({
    t: z.literal('checkpoint'),
    ack,
    attempt: attemptId,
    /** Names the folder that the running program saved. */
    cid,
    /** Bytes of its files together. */
    bytes: count(LIMITS.fileBytes),
  }),
  /** The requester is done with a checkpoint that it was told of, whatever became of it: it may be told of the next. */
  z.strictObject({ t: z.literal('taken'), ack, attempt: attemptId, cid }),
  /** An attempt that goes on from this checkpoint may come: its content can be fetched now. */
  z.strictObject({ t: z.literal('ahead'), ack, cid }),
  z.strictObject({
    t: z.literal('failed'),
    ack,
    attempt: attemptId,
    code: failureCode,
    message: text(1024),
  }),
] as const

/** Every message of the lease channel (PROTOCOL §6, PROTOCOL §6). */
export const frame = z.discriminatedUnion('t', [
  ...negotiation,
  ...reservation,
  ...resumption,
  ...durable,
  ...ephemeral,
])
export type Frame = z.output<typeof frame>
export type FrameOf<T extends Frame['t']> = Extract<Frame, { t: T }>
export type DurableFrame = FrameOf<'run' | 'cancel' | 'close' | 'results' | 'drain' | 'ended'>
export type EphemeralFrame = FrameOf<
  'beat' | 'voucher' | 'sources' | 'secrets' | 'checkpoint' | 'taken' | 'ahead' | 'failed'
>

const plainCodec = codec('lease frame', frame, LIMITS.frameBytes)

/** Encodes a frame once for journal and stream: a frame is not changed once it was encoded. */
export const frameCodec: Codec<Frame> = { ...plainCodec, encode: oncePerObject(plainCodec.encode) }
