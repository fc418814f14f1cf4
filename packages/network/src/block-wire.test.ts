import { LIMITS, rawCid, utf8 } from '@souk/protocol'
import fc from 'fast-check'
import { concat } from 'uint8arrays/concat'
import { describe, expect, it } from 'vitest'
import { type BlockAnswer, blockAnswerCodec } from './block-messages.ts'
import { decodeBlockAnswer, encodeBlockAnswer } from './block-wire.ts'

const lengths = [0, 1, 23, 24, 255, 256, 65_535, 65_536, LIMITS.blockBytes]
const blockOf = (length: number) => new Uint8Array(length).fill(length & 0xff)

describe('answers with blocks on the wire', () => {
  it.each(lengths)('with %i bytes are what the codec writes and reads', (length) => {
    const block = blockOf(length)
    const answer: BlockAnswer = { cid: rawCid(block), block }
    const wire = concat(encodeBlockAnswer(answer))
    expect(Buffer.compare(wire, blockAnswerCodec.encode(answer))).toBe(0)
    const decoded = decodeBlockAnswer(wire)
    expect(decoded.cid).toBe(answer.cid)
    expect('block' in decoded && Buffer.compare(decoded.block, block)).toBe(0)
  })

  it('are refusals as well', () => {
    const answer: BlockAnswer = { cid: rawCid(utf8('x')), refused: 'missing' }
    expect(decodeBlockAnswer(concat(encodeBlockAnswer(answer)))).toEqual(answer)
  })

  it('are read as the codec reads them, or refused as it does, whatever comes', () => {
    const block = blockOf(40)
    const wire = concat(encodeBlockAnswer({ cid: rawCid(block), block }))
    const attempt = (decode: (bytes: Uint8Array) => BlockAnswer, bytes: Uint8Array) => {
      try {
        const found = decode(bytes)
        return 'block' in found ? { ...found, block: [...found.block] } : found
      } catch (error) {
        return (error as { code?: string }).code
      }
    }
    const same = (bytes: Uint8Array) => {
      expect(attempt(decodeBlockAnswer, bytes)).toEqual(attempt(blockAnswerCodec.decode, bytes))
    }
    fc.assert(
      fc.property(fc.nat(wire.byteLength - 1), fc.nat(255), (at, byte) =>
        same(Uint8Array.from(wire, (old, i) => (i === at ? byte : old))),
      ),
    )
    fc.assert(fc.property(fc.nat(wire.byteLength), (end) => same(wire.slice(0, end))))
    fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (more) => same(concat([wire, more]))))
  })

  it('do not carry more than a block', () => {
    const block = new Uint8Array(LIMITS.blockBytes + 1)
    expect(() => encodeBlockAnswer({ cid: rawCid(block), block })).toThrowError(
      expect.objectContaining({ code: expect.stringMatching(/TOO_LARGE|MALFORMED/) }),
    )
  })
})
