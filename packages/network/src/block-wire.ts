import { LIMITS, rawCid, WireError } from '@souk/protocol'
import { concat } from 'uint8arrays/concat'
import { equals } from 'uint8arrays/equals'
import { type BlockAnswer, blockAnswerCodec } from './block-messages.ts'

/** First byte of a byte string in CBOR, and of an empty one (RFC 8949, section 3). */
const BYTES = 0x40
const NOTHING = new Uint8Array()
/** Bytes before the length of the block: the same for every address of ours. */
const BEFORE = blockAnswerCodec.encode({ cid: rawCid(NOTHING), block: NOTHING }).byteLength - 1

/** Encodes an answer as `blockAnswerCodec` does, in parts, so that a block is not copied on its way out. */
export function encodeBlockAnswer(answer: BlockAnswer): Uint8Array[] {
  if (!('block' in answer) || answer.block.byteLength > LIMITS.blockBytes) {
    return [blockAnswerCodec.encode(answer)]
  }
  const { cid, block } = answer
  const empty = blockAnswerCodec.encode({ cid, block: NOTHING })
  return [concat([empty.subarray(0, -1), lengthOf(block.byteLength)]), block]
}

/** Decodes an answer as `blockAnswerCodec` does; a block is a view of the message. Throws as that codec. */
export function decodeBlockAnswer(message: Uint8Array): BlockAnswer {
  return readBlock(message) ?? blockAnswerCodec.decode(message)
}

/** Reads an answer with a block to the end of the message; undefined for anything else. */
function readBlock(message: Uint8Array): BlockAnswer | undefined {
  const start = blockStart(message)
  if (start === undefined) return undefined
  try {
    const empty = blockAnswerCodec.decode(concat([message.subarray(0, BEFORE), Uint8Array.of(BYTES)]))
    return 'block' in empty ? { cid: empty.cid, block: message.subarray(start) } : undefined
  } catch (error) {
    if (error instanceof WireError) return undefined
    throw error
  }
}

/** Returns where the block begins whose length says that it ends with the message. */
function blockStart(message: Uint8Array): number | undefined {
  for (const head of [1, 2, 3, 5]) {
    const start = BEFORE + head
    const bytes = message.byteLength - start
    if (bytes < 0 || bytes > LIMITS.blockBytes) continue
    if (equals(message.subarray(BEFORE, start), lengthOf(bytes))) return start
  }
  return undefined
}

/** Returns the head of a byte string, as short as it can be. */
function lengthOf(bytes: number): Uint8Array {
  if (bytes < 24) return Uint8Array.of(BYTES | bytes)
  if (bytes < 0x100) return Uint8Array.of(BYTES | 24, bytes)
  const isShort = bytes < 0x10000
  const view = new DataView(new ArrayBuffer(isShort ? 3 : 5))
  view.setUint8(0, BYTES | (isShort ? 25 : 26))
  if (isShort) view.setUint16(1, bytes)
  else view.setUint32(1, bytes)
  return new Uint8Array(view.buffer)
}
