import { concat } from 'uint8arrays/concat'
import { fromHex, type Hex, toHex } from './bytes.ts'
import { sha256 } from './content.ts'
import { assert, WireError } from './errors.ts'
import { LIMITS } from './limits.ts'
import type { NetworkId } from './network-id.ts'
import { readHex } from './read-hex.ts'
import { requireSigned } from './signature.ts'

const LEAF = Uint8Array.of(0)
const NODE = Uint8Array.of(1)
const HASH_SIZE = 32

/** Everything the court needs to hold a provider to one result. */
export interface Receipt {
  readonly lease: Hex
  readonly task: Hex
  readonly output: Hex
  readonly index: number
  /** Number of leaves of the batch. */
  readonly size: number
  readonly path: readonly Hex[]
  readonly signature: Hex
}

/** Returns the leaf of one result: SHA-256(0x00 ‖ lease ‖ task ‖ output). */
export function resultLeaf(lease: Hex, task: Hex, output: Hex): Uint8Array {
  const bytes = new Uint8Array(1 + 3 * HASH_SIZE)
  const parts = [lease, task, output]
  if (parts.every((part, i) => readHex(part, bytes, 1 + i * HASH_SIZE, HASH_SIZE))) return sha256(bytes)
  return sha256(concat([LEAF, fromHex(lease), fromHex(task), fromHex(output)]))
}

/** Returns the Merkle root of 1 to `most` leaves, those of a batch unless told; an odd node moves up unchanged. */
export function merkleRoot(leaves: readonly Uint8Array[], most: number = LIMITS.batchLeaves): Hex {
  return toHex(levels(leaves, most).at(-1)?.[0] ?? new Uint8Array(32))
}

/** Returns the sibling hashes from leaf `index` to the root; levels where it moves up give none. */
export function merklePath(leaves: readonly Uint8Array[], index: number): Hex[] {
  assert(index >= 0 && index < leaves.length, 'the index is one of the leaves')
  return pathIn(levels(leaves), index)
}

/** Returns the root of 1 to `most` leaves and the path of each, for the work of one tree. */
export function merkleTree(
  leaves: readonly Uint8Array[],
  most: number = LIMITS.batchLeaves,
): { root: Hex; paths: Hex[][] } {
  const tree = levels(leaves, most)
  const root = toHex(tree.at(-1)?.[0] ?? new Uint8Array(32))
  return { root, paths: leaves.map((_, index) => pathIn(tree, index)) }
}

function pathIn(tree: readonly (readonly Uint8Array[])[], index: number): Hex[] {
  const path: Hex[] = []
  for (const [height, level] of tree.entries()) {
    const sibling = level[(index >> height) ^ 1]
    if (sibling !== undefined) path.push(toHex(sibling))
  }
  return path
}

/**
 * Returns the root that a path leads to from `leaf` at `index` in a tree of `size` leaves.
 *
 * Throws {@link WireError} `MALFORMED` for a path that is too short or too long: each result has one receipt.
 */
export function rootOfPath(leaf: Uint8Array, index: number, size: number, path: readonly Hex[]): Hex {
  let node = leaf
  let at = index
  let used = 0
  for (let width = size; width > 1; width = Math.ceil(width / 2), at >>= 1) {
    if ((at ^ 1) >= width) continue
    const sibling = siblingOf(path, used++)
    node = at % 2 === 0 ? parent(node, sibling) : parent(sibling, node)
  }
  if (used !== path.length) throw badPath(`${used} hashes`, `${path.length}`)
  return toHex(node)
}

function siblingOf(path: readonly Hex[], at: number): Uint8Array {
  const sibling = path[at]
  if (sibling?.length === 66) return fromHex(sibling)
  throw badPath('32-byte hashes up to the root', sibling ?? 'none')
}

/** Throws {@link WireError} unless `receipt` proves that `signer` committed to its result. */
export function verifyReceipt(network: NetworkId, receipt: Receipt, signer: Hex): void {
  const { lease, task, output, index, size, path, signature } = receipt
  if (size < 1 || size > LIMITS.batchLeaves || index < 0 || index >= size || path.length > 10) {
    throw new WireError(
      `expected a leaf of a batch of at most ${LIMITS.batchLeaves}, got index ${index} of ${size}`,
      { code: 'MALFORMED', what: 'receipt' },
    )
  }
  const root = rootOfPath(resultLeaf(lease, task, output), index, size, path)
  requireSigned(network, 'ResultBatch', { lease, root }, signature, signer)
}

function levels(leaves: readonly Uint8Array[], most: number = LIMITS.batchLeaves): Uint8Array[][] {
  assert(leaves.length > 0 && leaves.length <= most, 'a tree has 1 leaf to as many as are allowed')
  const all = [[...leaves]]
  for (let level = [...leaves]; level.length > 1; ) {
    level = pairUp(level)
    all.push(level)
  }
  return all
}

function pairUp(level: readonly Uint8Array[]): Uint8Array[] {
  const up: Uint8Array[] = []
  for (let i = 0; i < level.length; i += 2) {
    const [left, right] = [level[i], level[i + 1]]
    if (left !== undefined) up.push(right === undefined ? left : parent(left, right))
  }
  return up
}

function parent(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(concat([NODE, left, right]))
}

function badPath(expected: string, got: string): WireError {
  return new WireError(`expected a Merkle path of ${expected}, got ${got}; receipt refused`, {
    code: 'MALFORMED',
    what: 'receipt',
  })
}
