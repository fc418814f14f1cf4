import { LIMITS, linkNodeCid, linkNodeCodec, rawCid, toBlocks, utf8 } from '@souk/protocol'
import { expect, test } from 'vitest'
import { contentBlocks, missingBlocks, putContent, readContent } from './content-store.ts'
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
