import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Hex } from './bytes.ts'
import { slotsInside } from './court-time.ts'
import { merklePath, merkleRoot, resultLeaf, rootOfPath } from './receipt.ts'
import { tally } from './vote-tally.ts'

interface Golden {
  readonly slots: readonly {
    readonly slotBlocks: number
    readonly epoch: number
    readonly from: number
    readonly to: number
    readonly inside: number
  }[]
  readonly tallies: readonly {
    readonly quorum: number
    readonly downs: readonly number[]
    readonly found: number
  }[]
  readonly results: readonly {
    readonly lease: Hex
    readonly leaves: readonly { readonly task: Hex; readonly output: Hex }[]
    readonly root: Hex
    readonly paths: readonly (readonly Hex[])[]
  }[]
}

const file = new URL('../../../test/golden/eip712.json', import.meta.url)
const golden = (JSON.parse(readFileSync(file, 'utf8')) as { court: Golden }).court

test.each(golden.slots)('slots of epoch $epoch inside [$from, $to) as the contract counts', (given) => {
  expect(slotsInside(given, given.epoch, given.from, given.to)).toBe(given.inside)
})

test.each(golden.tallies)('a quorum of $quorum finds what the contract finds', (given) => {
  expect(tally(given.downs, given.quorum)).toBe(given.found)
})

test.each(golden.results)('a tree of results as the contract walks it, root $root', (given) => {
  const leaves = given.leaves.map(({ task, output }) => resultLeaf(given.lease, task, output))
  expect(merkleRoot(leaves)).toBe(given.root)
  for (const [index, leaf] of leaves.entries()) {
    const path = given.paths[index]
    expect(merklePath(leaves, index)).toEqual(path)
    expect(rootOfPath(leaf, index, leaves.length, path ?? [])).toBe(given.root)
  }
})

test('vectors of each kind are there', () => {
  expect(golden.slots.length).toBeGreaterThanOrEqual(9)
  expect(golden.tallies).toHaveLength(3)
  expect(golden.results.map(({ leaves }) => leaves.length)).toEqual([1, 2, 5, 13])
  expect(golden.results.every(({ paths, leaves }) => paths.length === leaves.length)).toBe(true)
})
