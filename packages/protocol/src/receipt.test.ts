import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromHex, type Hex, toHex } from './bytes.ts'
import { sha256 } from './content.ts'
import { LIMITS } from './limits.ts'
import { merklePath, merkleRoot, type Receipt, resultLeaf, rootOfPath, verifyReceipt } from './receipt.ts'
import { addressOf, signStruct } from './signature.ts'

const NETWORK = {
  name: 'dev',
  chainId: 31_337,
  escrow: '0x50c0000000000000000000000000000000000712' as const,
}
const KEY = fromHex(`0x${'22'.repeat(32)}`)
const LEASE: Hex = `0x${'33'.repeat(32)}`
const MALFORMED = expect.objectContaining({ code: 'MALFORMED' })
const BAD_SIGNATURE = expect.objectContaining({ code: 'BAD_SIGNATURE' })

const sizes = [...Array(70).keys()].map((i) => i + 1)

test.each([...sizes, 255, 256, 257, LIMITS.batchLeaves])('every leaf of %i leads to the root', (size) => {
  const leaves = leavesOf(size)
  const root = toHex(slowRoot(leaves))
  expect(merkleRoot(leaves)).toBe(root)
  const indices = size <= 70 ? leaves.keys() : [0, 1, size >> 1, size - 2, size - 1]
  for (const index of indices) {
    const path = merklePath(leaves, index)
    expect(path.length).toBeLessThanOrEqual(10)
    expect(rootOfPath(leaves[index] ?? new Uint8Array(), index, size, path)).toBe(root)
  }
})

test('no other leaf, index or sibling leads to the root', () => {
  const shape = fc
    .integer({ min: 2, max: 70 })
    .chain((size) => fc.record({ size: fc.constant(size), index: fc.nat(size - 1) }))
  fc.assert(
    fc.property(shape, ({ size, index }) => {
      const leaves = leavesOf(size)
      const root = merkleRoot(leaves)
      const path = merklePath(leaves, index)
      const leaf = leaves[index] ?? new Uint8Array()
      expect(rootOfPath(sha256(leaf), index, size, path)).not.toBe(root)
      for (const i of path.keys()) {
        const forged = path.with(i, toHex(sha256(fromHex(path[i] ?? '0x'))))
        expect(rootOfPath(leaf, index, size, forged)).not.toBe(root)
        expect(() => rootOfPath(leaf, index, size, path.toSpliced(i, 1))).toThrow(MALFORMED)
      }
      expect(() => rootOfPath(leaf, index, size, [...path, root])).toThrow(MALFORMED)
      const beside = index ^ 1
      if (beside < size) expect(rootOfPath(leaf, beside, size, path)).not.toBe(root)
    }),
  )
})

test('a batch has 1 to 1,024 leaves', () => {
  for (const size of [0, LIMITS.batchLeaves + 1]) {
    expect(() => merkleRoot(leavesOf(size))).toThrow(expect.objectContaining({ name: 'InvariantError' }))
  }
  expect(() => merklePath(leavesOf(3), 3)).toThrow(expect.objectContaining({ name: 'InvariantError' }))
})

test('a receipt holds its signer to exactly one result', () => {
  const receipts = batch(5)
  const signer = addressOf(KEY)
  for (const receipt of receipts) verifyReceipt(NETWORK, receipt, signer)
  const [receipt] = receipts
  if (receipt === undefined) throw new Error('five receipts')
  const other: Hex = `0x${'44'.repeat(32)}`
  for (const forged of [
    { ...receipt, output: other },
    { ...receipt, task: other },
    { ...receipt, lease: other },
    { ...receipt, index: 1 },
  ]) {
    expect(() => verifyReceipt(NETWORK, forged, signer)).toThrow(BAD_SIGNATURE)
  }
  for (const path of [receipt.path.slice(1), [...receipt.path, other], receipt.path.with(0, '0x44')]) {
    expect(() => verifyReceipt(NETWORK, { ...receipt, path }, signer)).toThrow(MALFORMED)
  }
  expect(() => verifyReceipt(NETWORK, receipt, NETWORK.escrow)).toThrow(BAD_SIGNATURE)
})

test('a receipt outside the bounds of a batch is malformed', () => {
  const [receipt] = batch(1)
  if (receipt === undefined) throw new Error('one receipt')
  for (const forged of [
    { ...receipt, size: 0 },
    { ...receipt, size: LIMITS.batchLeaves + 1 },
    { ...receipt, index: 1 },
    { ...receipt, index: -1 },
    { ...receipt, path: Array(11).fill(LEASE) },
  ]) {
    expect(() => verifyReceipt(NETWORK, forged, addressOf(KEY))).toThrow(MALFORMED)
  }
})

function batch(size: number): Receipt[] {
  const results = [...Array(size).keys()].map((i) => ({ task: word(i), output: word(100 + i) }))
  const leaves = results.map(({ task, output }) => resultLeaf(LEASE, task, output))
  const signature = signStruct(KEY, NETWORK, 'ResultBatch', { lease: LEASE, root: merkleRoot(leaves) })
  return results.map((result, index) => {
    return { lease: LEASE, ...result, index, size, path: merklePath(leaves, index), signature }
  })
}

/** The definition, without levels: pair neighbours until one is left. */
function slowRoot(nodes: readonly Uint8Array[]): Uint8Array {
  if (nodes.length === 1) return nodes[0] ?? new Uint8Array()
  const above: Uint8Array[] = []
  for (let i = 0; i < nodes.length; i += 2) {
    const pair = nodes.slice(i, i + 2)
    above.push(pair.length === 2 ? sha256(Buffer.concat([Uint8Array.of(1), ...pair])) : Buffer.concat(pair))
  }
  return slowRoot(above)
}

function leavesOf(size: number): Uint8Array[] {
  return Array.from({ length: size }, (_, i) => resultLeaf(LEASE, word(i), word(i + 1)))
}

function word(n: number): Hex {
  return `0x${n.toString(16).padStart(64, '0')}`
}
