import { sha256 as portableSha256 } from '@noble/hashes/sha2.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { utf8 } from './bytes.ts'
import { isLinkNode, linkNodeCodec, rawCid, requireContent, sha256, toBlocks } from './content.ts'
import { LIMITS } from './limits.ts'
import { networkPath, protocolId, requireNetwork } from './network-id.ts'

const MIB = LIMITS.blockBytes

test('SHA-256 and the address of fixed bytes are what everyone else computes', () => {
  expect(Buffer.from(sha256(utf8('abc'))).toString('hex')).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  )
  expect(rawCid(new Uint8Array())).toBe('bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku')
})

test.each([
  [0, 1],
  [MIB, 1],
  [MIB + 1, 3],
  [3 * MIB, 4],
])('%i bytes are %i blocks, the root first', (length, count) => {
  const { content, blocks } = toBlocks(new Uint8Array(length))
  expect(blocks).toHaveLength(count)
  expect(blocks[0]?.cid).toBe(content.cid)
  expect(content.bytes).toBe(length)
  expect(isLinkNode(content.cid)).toBe(count > 1)
  for (const block of blocks) requireContent(block.cid, block.bytes)
  if (count === 1) return
  const node = linkNodeCodec.decode(blocks[0]?.bytes ?? new Uint8Array())
  expect(node).toEqual({ v: 1, bytes: length, leaves: blocks.slice(1).map((block) => block.cid) })
  for (const leaf of blocks.slice(1, -1)) expect(leaf.bytes.byteLength).toBe(MIB)
})

test('a block that its address does not name is refused', () => {
  expect(() => requireContent(rawCid(utf8('a')), utf8('b'))).toThrow(
    expect.objectContaining({ code: 'WRONG_CONTENT' }),
  )
})

test('networks never mix', () => {
  const network = { name: 'dev', chainId: 1, escrow: '0xABcd' as const }
  expect(networkPath(network)).toBe('dev/1/0xabcd')
  expect(protocolId(network, 'lease')).toBe('/souk/dev/1/0xabcd/lease/1')
  requireNetwork(network, 'dev/1/0xabcd')
  for (const other of ['dev/2/0xabcd', 'dev2/1/0xabcd', 'dev/1/0xabce', '']) {
    expect(() => requireNetwork(network, other)).toThrow(expect.objectContaining({ code: 'WRONG_NETWORK' }))
  }
})

test('the digest is the same whether the machine or portable code computes it', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2_000 }), (bytes) => {
      expect(sha256(bytes)).toEqual(portableSha256(bytes))
    }),
  )
})
