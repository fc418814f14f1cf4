import { z } from 'zod'
import { type Codec, codec } from './codec.ts'
import { LIMITS } from './limits.ts'
import { bootId, bytes, count, digest, text } from './schema.ts'

/** Bytes of one piece of a byte stream inside a session: small enough that a resize does not wait behind it. */
export const SESSION_CHUNK_BYTES = 65_536
/** Bytes of one session frame: a piece and what is around it. */
export const SESSION_FRAME_BYTES = 66_560
/** Bytes of what opens a session: a command line, at the most. */
export const SESSION_OPEN_BYTES = 65_536

/** Bytes of what a call sends to its service: it is whole in memory on both sides. */
export const CALL_BODY_BYTES = 16 * 1024 * 1024
/** Milliseconds that one call of a service may run. */
export const CALL_DEADLINE_MS = 3_600_000

const port = count(65_535).min(1)
const terminal = z.strictObject({ columns: count(65_535).min(1), rows: count(65_535).min(1) })
const path = text(LIMITS.stringLength).min(1)
const attempt = text(96)

/** What a session is for (PROTOCOL §13.2). */
export const sessionPurpose = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('logs'), follow: z.boolean() }),
  z.strictObject({
    kind: z.literal('exec'),
    command: z.array(text(LIMITS.stringLength)).min(1).max(LIMITS.taskStrings),
    terminal: terminal.nullable(),
  }),
  z.strictObject({ kind: z.literal('forward'), port }),
  z.strictObject({ kind: z.literal('read'), path }),
  z.strictObject({ kind: z.literal('write'), path }),
  z.strictObject({
    kind: z.literal('call'),
    env: z.array(text(LIMITS.stringLength)).max(LIMITS.taskStrings),
    deadlineMs: count(CALL_DEADLINE_MS).min(1),
  }),
])
export type SessionPurpose = z.output<typeof sessionPurpose>

/** The first message of a session's stream, by the requester: a new session, or one whose stream was lost. */
export const sessionOpening = z.discriminatedUnion('t', [
  z.strictObject({
    t: z.literal('open'),
    v: z.literal(1),
    lease: digest,
    session: bootId,
    attempt: attempt.nullable(),
    purpose: sessionPurpose,
  }),
  z.strictObject({ t: z.literal('resume'), v: z.literal(1), session: bootId, received: count() }),
])
export type SessionOpening = z.output<typeof sessionOpening>

/** Why a provider opens no session, or ends one. */
export const sessionCode = z.enum([
  'unknown-lease',
  'unknown-session',
  'no-attempt',
  'ambiguous',
  'not-running',
  'not-supported',
  'too-many',
  'not-started',
  'no-listener',
  'no-such-path',
  'too-large',
  'crashed',
  'ended',
  'lost',
  'internal',
])
export type SessionCode = z.output<typeof sessionCode>

/** The provider's answer to {@link sessionOpening}. */
export const sessionAnswer = z.discriminatedUnion('t', [
  z.strictObject({ t: z.literal('accepted'), attempt, received: count() }),
  z.strictObject({ t: z.literal('refused'), code: sessionCode, message: text(512) }),
])
export type SessionAnswer = z.output<typeof sessionAnswer>

const channel = z.enum(['stdin', 'stdout', 'stderr'])
export type SessionChannel = z.output<typeof channel>

/** Frames that are counted, kept and sent again on a new stream (PROTOCOL §13.3). */
const counted = [
  z.strictObject({ t: z.literal('data'), channel, bytes: bytes(SESSION_CHUNK_BYTES) }),
  z.strictObject({ t: z.literal('end'), channel }),
  z.strictObject({ t: z.literal('resize'), ...terminal.shape }),
  z.strictObject({ t: z.literal('gap'), bytes: count() }),
  z.strictObject({ t: z.literal('exit'), code: count(2 ** 32 - 1) }),
  z.strictObject({ t: z.literal('failed'), code: sessionCode, message: text(512) }),
] as const

/** Frames that belong to one stream. */
const passing = [
  z.strictObject({ t: z.literal('taken'), frames: count() }),
  z.strictObject({ t: z.literal('hang-up') }),
] as const

const countedFrame = z.discriminatedUnion('t', counted)
export const sessionFrame = z.discriminatedUnion('t', [...counted, ...passing])
export type SessionFrame = z.output<typeof sessionFrame>
/** A frame that survives the loss of a stream. */
export type CountedFrame = z.output<typeof countedFrame>

export const sessionOpeningCodec: Codec<SessionOpening> = codec(
  'session opening',
  sessionOpening,
  SESSION_OPEN_BYTES,
)
export const sessionAnswerCodec: Codec<SessionAnswer> = codec(
  'session answer',
  sessionAnswer,
  SESSION_FRAME_BYTES,
)
export const sessionFrameCodec: Codec<SessionFrame> = codec(
  'session frame',
  sessionFrame,
  SESSION_FRAME_BYTES,
)
