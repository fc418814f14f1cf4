import { LIMITS, linkNodeCid, linkNodeCodec, rawCid, toBlocks, utf8 } from '@souk/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  contentBlocks,
  contentLength,
  missingBlocks,
  pinnedStore,
  putContent,
  putStream,
  readContent,
  readPiece,
} from './content-store.ts'
import { createMemoryBlocks } from './memory-blocks.ts'

const MIB = LIMITS.blockBytes

test.each([0, 1, MIB - 1, MIB, MIB + 1, 2 * MIB, 2 * MIB + 5])(
  '%i bytes come back as they went in',
  async (length) => {
    const blocks = createMemoryBlocks()
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 12)) & 0xff)
    const content = await putContent(blocks, bytes)
    expect(content.bytes).toBe(length)
    expect(await missingBlocks(blocks, content.cid)).toEqual([])
    expect(Buffer.compare(await readContent(blocks, content.cid), bytes)).toBe(0)
  },
)

test('missing blocks are named: first the root, then each leaf once', async () => {
  const blocks = createMemoryBlocks()
  const { content, blocks: split } = toBlocks(new Uint8Array(3 * MIB + 7))
  const [root, leaf, , , last] = split
  if (!root || !leaf || !last) throw new Error('a root and four leaves')
  expect(await missingBlocks(blocks, content.cid)).toEqual([root.cid])
  await expect(readContent(blocks, content.cid)).rejects.toMatchObject({
    data: { code: 'MISSING_BLOCKS', missing: [root.cid] },
  })
  await blocks.put(root.cid, root.bytes)
  // Three leaves of zeros are one block.
  expect(await missingBlocks(blocks, content.cid)).toEqual([leaf.cid, last.cid])
  await blocks.put(leaf.cid, leaf.bytes)
  await expect(readContent(blocks, content.cid)).rejects.toMatchObject({
    data: { code: 'MISSING_BLOCKS', missing: [last.cid] },
  })
  await blocks.put(last.cid, last.bytes)
  expect((await readContent(blocks, content.cid)).byteLength).toBe(content.bytes)
  expect(await contentBlocks(blocks, content.cid)).toEqual([root.cid, leaf.cid, last.cid])
})

test('content above the caller’s bound is refused before it is read', async () => {
  const blocks = createMemoryBlocks()
  const small = await putContent(blocks, utf8('four'))
  const large = await putContent(blocks, new Uint8Array(MIB + 1))
  for (const [{ cid }, max] of [[small, 3] as const, [large, MIB] as const]) {
    await expect(readContent(blocks, cid, max)).rejects.toMatchObject({
      data: { code: 'TOO_LARGE', maxBytes: max },
    })
  }
})

test('a link node that lies about its leaves is malformed', async () => {
  const blocks = createMemoryBlocks()
  const short = utf8('short')
  const full = new Uint8Array(MIB)
  for (const leaf of [short, full]) await blocks.put(rawCid(leaf), leaf)
  const nested = linkNodeCodec.encode({ v: 1, bytes: 2 * MIB, leaves: [rawCid(full), rawCid(full)] })
  await blocks.put(linkNodeCid(nested), nested)
  const lies = [
    { v: 1 as const, bytes: 5, leaves: [rawCid(short)] },
    { v: 1 as const, bytes: 2 * MIB, leaves: [rawCid(full)] },
    { v: 1 as const, bytes: 2 * MIB, leaves: [rawCid(short), rawCid(full)] },
    { v: 1 as const, bytes: MIB + 1, leaves: [rawCid(full), rawCid(short)] },
    { v: 1 as const, bytes: 2 * MIB, leaves: [rawCid(full), linkNodeCid(nested)] },
  ]
  for (const node of [...lies.map((lie) => linkNodeCodec.encode(lie)), utf8('not cbor')]) {
    const cid = linkNodeCid(node)
    await blocks.put(cid, node)
    await expect(readContent(blocks, cid)).rejects.toMatchObject({ data: { code: 'MALFORMED_CONTENT', cid } })
  }
})

/** Bytes that differ from place to place, and from length to length. */
function patterned(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 12) + length) & 0xff)
}

async function* inChunks(bytes: Uint8Array, chunk: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += chunk) yield bytes.subarray(at, at + chunk)
}

test('bytes that come bit by bit have the address and the blocks of the whole, and are pinned', async () => {
  const length = fc.oneof(fc.nat(3 * MIB), fc.constantFrom(0, 1, MIB - 1, MIB, MIB + 1, 2 * MIB))
  await fc.assert(
    fc.asyncProperty(length, fc.integer({ min: 1_000, max: 2 * MIB }), async (bytes, chunk) => {
      const whole = patterned(bytes)
      const blocks = createMemoryBlocks()
      const content = await putStream(blocks, inChunks(whole, chunk), { owner: 'job' })
      expect(content).toEqual(toBlocks(whole).content)
      expect(Buffer.compare(await readContent(blocks, content.cid), whole)).toBe(0)
      expect(await contentLength(blocks, content.cid)).toBe(bytes)
      expect(await blocks.owners()).toEqual(['job'])
    }),
    { numRuns: 20 },
  )
})

test('a stream longer than allowed is refused when it crosses the bound', async () => {
  const blocks = createMemoryBlocks()
  const options = { owner: 'job', maxBytes: 2 * MIB }
  await expect(putStream(blocks, inChunks(patterned(2 * MIB + 1), 50_000), options)).rejects.toMatchObject({
    code: 'TOO_LARGE',
  })
})

test.each([0, 5, MIB, 2 * MIB + 5])('content of %i bytes is read piece by piece', async (length) => {
  const blocks = createMemoryBlocks()
  const whole = patterned(length)
  const { cid } = await putContent(blocks, whole)
  const pieces: Uint8Array[] = []
  for (let at = 0; ; ) {
    const piece = await readPiece(blocks, cid, at)
    if (piece.byteLength === 0) break
    pieces.push(piece)
    at += piece.byteLength
  }
  expect(Buffer.compare(Buffer.concat(pieces), whole)).toBe(0)
})

test('a store for one transfer pins all that it asks for or puts, and says what is here', async () => {
  const blocks = createMemoryBlocks({ maxBytes: 3 * MIB })
  const [old, fresh, later] = [1, 2, 3].map((n) => new Uint8Array(MIB).fill(n))
  if (!old || !fresh || !later) throw new Error('three blocks')
  await blocks.put(rawCid(old), old)
  const here: string[] = []
  const store = pinnedStore(blocks, 'lease', (cid) => here.push(cid))
  expect(await store.has(rawCid(old))).toBe(true)
  expect(await store.get(rawCid(later))).toBeUndefined()
  await store.put(rawCid(fresh), fresh)
  expect(here).toEqual([rawCid(old), rawCid(fresh)])
  // Two MiB of three are pinned: only strangers are evicted.
  for (const n of [4, 5]) await putContent(blocks, new Uint8Array(MIB).fill(n))
  expect([await blocks.has(rawCid(old)), await blocks.has(rawCid(fresh))]).toEqual([true, true])
})
