import { address, type Codec, codec, digest, type Hex, signature } from '@souk/protocol'
import { z } from 'zod'
import { NetworkError } from './errors.ts'
import type { SoukNode } from './node.ts'
import { type AskOptions, askOne, serveAnswers } from './one-answer.ts'
import type { PeerTarget } from './peer-target.ts'

/** Name of the protocol in protocol ids (PROTOCOL §6.10). */
const REACH_PROTOCOL = 'reach'

/** Bytes of a question and of its answer. */
const REACH_BYTES = 160

const request = z.strictObject({ v: z.literal(1), subject: address, nonce: digest })
const answer = z.strictObject({ v: z.literal(1), signature: signature.nullable() })

const requestCodec: Codec<z.output<typeof request>> = codec('reach question', request, REACH_BYTES)
const answerCodec: Codec<z.output<typeof answer>> = codec('reach answer', answer, REACH_BYTES)

/** Who is helped, and how. */
export interface ReachDesk {
  /** Tells whether a peer may ask: one that leases from us. */
  serves(peer: string): boolean
  /**
   * Probes a subject: its signature over `Probe{nonce}`, null where it did not answer, `undefined` where that says
   * nothing of it, because nobody here knows where it is or because we were held up ourselves.
   */
  probe(subject: Hex, nonce: Hex): Promise<Hex | null | undefined>
}

/** Answers peers that ask whether we reach a subject; the stream of one that is not helped is reset. */
export function serveReach(node: SoukNode, desk: ReachDesk): Promise<() => Promise<void>> {
  return serveAnswers(node, REACH_PROTOCOL, REACH_BYTES, async (bytes, peer) => {
    if (!desk.serves(peer)) throw notHelped(peer, 'a peer that holds a lease')
    const { subject, nonce } = requestCodec.decode(bytes)
    const found = await desk.probe(subject, nonce)
    if (found === undefined) throw notHelped(peer, 'a subject that is known here')
    return answerCodec.encode({ v: 1, signature: found })
  })
}

/**
 * Asks a peer whether it reaches a subject; returns the subject's signature over `Probe{nonce}`, unchecked, or null
 * where it did not answer that peer.
 *
 * Throws `NetworkError` as {@link askOne}; whatever it throws, nothing is known of the subject.
 */
export function askReach(
  node: SoukNode,
  helper: PeerTarget,
  subject: Hex,
  nonce: Hex,
  options: AskOptions = {},
): Promise<Hex | null> {
  const decode = (bytes: Uint8Array) => answerCodec.decode(bytes).signature
  const bytes = requestCodec.encode({ v: 1, subject, nonce })
  return askOne(node, helper, REACH_PROTOCOL, bytes, { bytes: REACH_BYTES, decode }, options)
}

function notHelped(peer: string, expected: string): NetworkError {
  return new NetworkError(`expected ${expected}; the question is not answered, ask another peer`, {
    code: 'UNSUPPORTED',
    peer,
  })
}
