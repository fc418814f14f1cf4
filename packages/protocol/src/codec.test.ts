import * as cbor from '@ipld/dag-cbor'
import fc from 'fast-check'
import { CID } from 'multiformats/cid'
import { identity } from 'multiformats/hashes/identity'
import { describe, expect, test } from 'vitest'
import { frames, offer, output, task, terms, tombstone } from './arbitraries.fixture.ts'
import { fromHex } from './bytes.ts'
import type { Codec } from './codec.ts'
import { linkNodeCodec, rawCid } from './content.ts'
import { type Frame, frame, frameCodec } from './frames.ts'
import { LIMITS } from './limits.ts'
import { announcementCodec } from './offer.ts'
import { outputCodec } from './output.ts'
import { termsCodec } from './quote.ts'
import { taskCodec } from './task.ts'

const cid = fc.uint8Array({ maxLength: 8 }).map(rawCid)
const linkNode = fc.record({
  v: fc.constant(1 as const),
  bytes: fc.integer({ min: 0, max: LIMITS.fileBytes }),
  leaves: fc.array(cid, { maxLength: 5 }),
})

type Row = [name: string, codec: Codec<object>, values: fc.Arbitrary<object>, maxBytes: number]

const codecs: Row[] = [
  row('offer', announcementCodec, offer, LIMITS.offerBytes),
  row('tombstone', announcementCodec, tombstone, LIMITS.offerBytes),
  row('task', taskCodec, task, LIMITS.objectBytes),
  row('output', outputCodec, output, LIMITS.objectBytes),
  row('terms', termsCodec, terms, LIMITS.objectBytes),
  row('link node', linkNodeCodec, linkNode, LIMITS.blockBytes),
  ...Object.entries(frames).map(([t, values]) =>
    row(`${t} frame`, frameCodec, values as fc.Arbitrary<Frame>, LIMITS.frameBytes),
  ),
]

/** Fields that may be absent: what some providers do not tell, and what reservations alone have. */
const OPTIONAL: ReadonlySet<string> = new Set(['leased', 'reserved', 'hold', 'executing'])

describe.each(codecs)('%s', (_, codec, values, maxBytes) => {
  const { encode } = codec
  const [sample] = fc.sample(values, { numRuns: 1, seed: 7 })
  if (sample === undefined) throw new Error('one sample')

  test('comes back as it was, and encodes to the same bytes again', () => {
    fc.assert(
      fc.property(values, (value) => {
        const bytes = encode(value)
        const decoded = codec.decode(bytes)
        expect(decoded).toEqual(value)
        expect(encode(decoded)).toEqual(bytes)
      }),
      { numRuns: 40 },
    )
  })

  test('with an unknown, a missing or a wrong field is malformed', () => {
    const wire = cbor.decode<Record<string, unknown>>(encode(sample))
    const malformed = expect.objectContaining({ code: 'MALFORMED' })
    expect(() => codec.decode(cbor.encode({ ...wire, extra: 1 }))).toThrow(malformed)
    expect(() => encode({ ...sample, extra: 1 })).toThrow(malformed)
    for (const key of Object.keys(wire)) {
      const { [key]: _gone, ...rest } = wire
      if (OPTIONAL.has(key)) expect(codec.decode(cbor.encode(rest))).not.toHaveProperty(key)
      else expect(() => codec.decode(cbor.encode(rest))).toThrow(malformed)
      expect(() => codec.decode(cbor.encode({ ...wire, [key]: 1.5 }))).toThrow(malformed)
    }
  })

  test('is refused above its bound before it is parsed', () => {
    const tooLarge = expect.objectContaining({ code: 'TOO_LARGE' })
    expect(() => codec.decode(new Uint8Array(maxBytes + 1))).toThrow(tooLarge)
    expect(() => codec.decode(new Uint8Array(maxBytes))).toThrow(
      expect.objectContaining({ code: 'MALFORMED' }),
    )
  })
})

test('every type of frame has an arbitrary here', () => {
  expect(Object.keys(frames).toSorted()).toEqual(frame.options.map((each) => each.shape.t.value).toSorted())
})

test.each<[string, Uint8Array]>([
  ['nothing', new Uint8Array()],
  ['text', cbor.encode('demand')],
  ['null', cbor.encode(null)],
  ['an array', cbor.encode([])],
  ['an unknown type', cbor.encode({ t: 'gossip' })],
  ['a type from the prototype', cbor.encode({ t: 'constructor' })],
  ['two values', Uint8Array.of(0xf6, 0xf6)],
  ['an indefinite map', Uint8Array.of(0xbf, 0xff)],
  ['a repeated key', fromHex('0xa26174646265617461746462656174')],
  ['a tag that is no link', Uint8Array.of(0xc1, 0x00)],
])('%s is no frame', (_, bytes) => {
  expect(() => frameCodec.decode(bytes)).toThrow(
    expect.objectContaining({ code: 'MALFORMED', name: 'WireError' }),
  )
})

test('an object of ours above its bound is not sent', () => {
  const [base] = fc.sample(offer, { numRuns: 1, seed: 3 })
  if (base === undefined) throw new Error('one sample')
  const fat = { ...base, addresses: Array(8).fill('a'.repeat(256)) }
  expect(() => announcementCodec.encode(fat)).toThrow(expect.objectContaining({ code: 'TOO_LARGE' }))
  const lean = { ...base, addresses: Array(9).fill('a') }
  expect(() => announcementCodec.encode(lean)).toThrow(expect.objectContaining({ code: 'MALFORMED' }))
})

test('a frame of ours above its bound is not sent', () => {
  const [run] = fc.sample(frames.run, { numRuns: 1, seed: 3 })
  if (run === undefined) throw new Error('one sample')
  const block = new Uint8Array(LIMITS.inlineBytes)
  expect(frameCodec.decode(frameCodec.encode({ ...run, inline: [block] }))).toMatchObject({ t: 'run' })
  expect(() => frameCodec.encode({ ...run, inline: Array(8).fill(block) })).toThrow(
    expect.objectContaining({ code: 'TOO_LARGE' }),
  )
  const tooLong = new Uint8Array(LIMITS.inlineBytes + 1)
  expect(() => frameCodec.encode({ ...run, inline: [tooLong] })).toThrow(
    expect.objectContaining({ code: 'MALFORMED' }),
  )
})

test('only CIDv1 with SHA-256 names content', () => {
  const [base] = fc.sample(task, { numRuns: 1, seed: 3 })
  if (base === undefined) throw new Error('one sample')
  const wire = cbor.decode<Record<string, unknown>>(taskCodec.encode(base))
  const inlined = CID.createV1(0x55, identity.digest(Uint8Array.of(1)))
  const version0 = CID.createV0(CID.parse(rawCid(Uint8Array.of(1))).multihash as never)
  for (const program of [inlined, version0, rawCid(Uint8Array.of(1)), null]) {
    expect(() => taskCodec.decode(cbor.encode({ ...wire, program }))).toThrow(
      expect.objectContaining({ code: 'MALFORMED' }),
    )
  }
})

/** Forgets which type a codec is for: every row is tested alike. */
function row<T extends object>(
  name: string,
  typed: Codec<T>,
  values: fc.Arbitrary<T>,
  maxBytes: number,
): Row {
  return [name, typed as unknown as Codec<object>, values, maxBytes]
}
