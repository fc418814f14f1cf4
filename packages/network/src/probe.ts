import { type Codec, codec, digest, type Hex, signature } from '@souk/protocol'
import { z } from 'zod'
import type { SoukNode } from './node.ts'
import { type AskOptions, askOne, serveAnswers } from './one-answer.ts'
import type { PeerTarget } from './peer-target.ts'

/** Name of the protocol in protocol ids (PROTOCOL §12.4). */
const PROBE_PROTOCOL = 'probe'

/** Bytes of a probe and of its answer. */
const PROBE_BYTES = 128

const request = z.strictObject({ v: z.literal(1), nonce: digest })
const answer = z.strictObject({ v: z.literal(1), signature })

const requestCodec: Codec<z.output<typeof request>> = codec('probe', request, PROBE_BYTES)
const answerCodec: Codec<z.output<typeof answer>> = codec('probe answer', answer, PROBE_BYTES)

/** Answers probes: `sign` gives this subject's compact signature over `Probe{nonce}`. */
export function serveProbes(
  node: SoukNode,
  sign: (nonce: Hex) => Hex | Promise<Hex>,
): Promise<() => Promise<void>> {
  return serveAnswers(node, PROBE_PROTOCOL, PROBE_BYTES, async (bytes) => {
    const { nonce } = requestCodec.decode(bytes)
    return answerCodec.encode({ v: 1, signature: await sign(nonce) })
  })
}

/**
 * Probes a peer with 32 random bytes, dialling it first where needed, and returns its signature, unchecked.
 *
 * Throws `NetworkError` as {@link askOne}; whatever it throws, the subject did not answer.
 */
export function probePeer(
  node: SoukNode,
  target: PeerTarget,
  nonce: Hex,
  options: AskOptions = {},
): Promise<Hex> {
  const decode = (bytes: Uint8Array) => answerCodec.decode(bytes).signature
  const bytes = requestCodec.encode({ v: 1, nonce })
  return askOne(node, target, PROBE_PROTOCOL, bytes, { bytes: PROBE_BYTES, decode }, options)
}
