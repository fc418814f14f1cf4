import { bytes, type Codec, cid, codec, LIMITS } from '@souk/protocol'
import { z } from 'zod'

/** Name of the protocol in protocol ids (PROTOCOL §7). */
export const BLOCKS_PROTOCOL = 'blocks'

/** Bytes around the block in an answer: keys, address and lengths. */
const ENVELOPE_BYTES = 256

/** Asks for blocks; one request per stream, answered in this order. */
export const blockRequest = z.strictObject({
  v: z.literal(1),
  blocks: z.array(cid).min(1).max(LIMITS.blocksPerRequest),
})
export type BlockRequest = z.output<typeof blockRequest>

/** One block, or why it is not given. */
export const blockAnswer = z.union([
  z.strictObject({ cid, block: bytes(LIMITS.blockBytes) }),
  z.strictObject({ cid, refused: z.enum(['missing', 'not-authorised']) }),
])
export type BlockAnswer = z.output<typeof blockAnswer>

export const BLOCK_REQUEST_BYTES = LIMITS.blocksPerRequest * 64 + ENVELOPE_BYTES
export const BLOCK_ANSWER_BYTES = LIMITS.blockBytes + ENVELOPE_BYTES

export const blockRequestCodec: Codec<BlockRequest> = codec(
  'block request',
  blockRequest,
  BLOCK_REQUEST_BYTES,
)
export const blockAnswerCodec: Codec<BlockAnswer> = codec('block answer', blockAnswer, BLOCK_ANSWER_BYTES)
