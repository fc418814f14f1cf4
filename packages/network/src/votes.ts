import { type Codec, codec, digest, type Hex, signature } from '@souk/protocol'
import { z } from 'zod'
import type { SoukNode } from './node.ts'
import { type AskOptions, askOne, serveAnswers } from './one-answer.ts'
import type { PeerTarget } from './peer-target.ts'

/** Name of the protocol in protocol ids (PROTOCOL §12.5). */
const VOTES_PROTOCOL = 'votes'

/** Bytes of a request for a vote and of its answer. */
const VOTE_BYTES = 256

const request = z.strictObject({ v: z.literal(1), subject: digest, plea: signature.nullable() })
const signedVote = z.strictObject({ value: digest, signature })
const answer = z.strictObject({ v: z.literal(1), vote: signedVote.nullable() })

/** What a watcher or juror signed about a subject. */
export type SignedVote = z.output<typeof signedVote>

const requestCodec: Codec<z.output<typeof request>> = codec('vote request', request, VOTE_BYTES)
const answerCodec: Codec<z.output<typeof answer>> = codec('vote', answer, VOTE_BYTES)

/** Who asks for a vote, and the signature by which it says that it serves what the dispute is about; unchecked. */
export interface VoteAsker {
  readonly peerId: string
  readonly plea: Hex | null
}

/**
 * Gives votes and ballots to whoever asks; `find` returns what is on disk for a subject, or `null`. It hears who asks:
 * whoever wants a verdict serves the data for it.
 */
export function serveVotes(
  node: SoukNode,
  find: (subject: Hex, asker: VoteAsker) => SignedVote | null | Promise<SignedVote | null>,
): Promise<() => Promise<void>> {
  return serveAnswers(node, VOTES_PROTOCOL, VOTE_BYTES, async (bytes, peerId) => {
    const { subject, plea } = requestCodec.decode(bytes)
    const found = await find(subject, { peerId, plea })
    const vote = found && { value: found.value, signature: found.signature }
    return answerCodec.encode({ v: 1, vote })
  })
}

/**
 * Asks a peer for its vote on a subject, unchecked; `null` when it has none now. `plea` is the signature over
 * `Plea(subject, our peer id)` of whoever brought the subject before the court.
 *
 * Throws `NetworkError` as {@link askOne}.
 */
export function fetchVote(
  node: SoukNode,
  target: PeerTarget,
  subject: Hex,
  { plea = null, ...options }: AskOptions & { readonly plea?: Hex | null } = {},
): Promise<SignedVote | null> {
  const decode = (bytes: Uint8Array) => answerCodec.decode(bytes).vote
  const bytes = requestCodec.encode({ v: 1, subject, plea })
  return askOne(node, target, VOTES_PROTOCOL, bytes, { bytes: VOTE_BYTES, decode }, options)
}
