import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LIMITS, rawCid, utf8 } from '@souk/protocol'
import fc from 'fast-check'
import { base58btc } from 'multiformats/bases/base58'
import { CID } from 'multiformats/cid'
import { afterAll, describe, expect, test } from 'vitest'
import type { BlockStore, BlockStoreOptions } from './block-store.ts'
import { createMemoryBlocks } from './memory-blocks.ts'
import { type DiskBlocksPaths, openDiskBlocks } from './node/disk-blocks.ts'

const root = mkdtempSync(join(tmpdir(), 'souk-blocks-'))
let files = 0
afterAll(() => rmSync(root, { recursive: true }))

const stores: [string, (options?: BlockStoreOptions) => BlockStore][] = [
  ['in memory', createMemoryBlocks],
  ['on disk', (options) => openDiskBlocks(place(), options)],
]

/** Returns a place for a store of its own. */
function place(): DiskBlocksPaths {
  const name = join(root, `${files++}`)
  return { rows: `${name}.sqlite`, files: name }
}

/** Ten bytes that differ by number, and their address. */
function numbered(n: number) {
  const bytes = utf8(String(n).padStart(10, '0'))
  return { cid: rawCid(bytes), bytes }
}

describe.each(stores)('a block store %s', (_, open) => {
  test('gives back what was put, also the empty block', async () => {
    const blocks = open()
    for (const bytes of [new Uint8Array(), utf8('text'), new Uint8Array(LIMITS.blockBytes)]) {
      const cid = rawCid(bytes)
      expect(await blocks.get(cid)).toBeUndefined()
      await blocks.put(cid, bytes)
      await blocks.put(cid, bytes)
      expect(await blocks.has(cid)).toBe(true)
      expect(await blocks.get(cid)).toEqual(bytes)
    }
    await blocks.delete(rawCid(utf8('text')))
    expect(await blocks.has(rawCid(utf8('text')))).toBe(false)
    await blocks.close()
  })

  test('refuses what its address does not name', async () => {
    const blocks = open()
    const cid = rawCid(utf8('a'))
    await expect(blocks.put(cid, utf8('b'))).rejects.toMatchObject({ code: 'WRONG_CONTENT' })
    await expect(blocks.put('nonsense', utf8('b'))).rejects.toMatchObject({ code: 'MALFORMED' })
    const otherBase = CID.parse(cid).toString(base58btc)
    await expect(blocks.put(otherBase, utf8('a'))).rejects.toMatchObject({ code: 'MALFORMED' })
    const huge = new Uint8Array(LIMITS.blockBytes + 1)
    await expect(blocks.put(rawCid(huge), huge)).rejects.toMatchObject({ code: 'TOO_LARGE' })
    expect(await blocks.has(cid)).toBe(false)
    await blocks.close()
  })

  test('drops the least recently used first and pinned ones never', async () => {
    const blocks = open({ maxBytes: 30 })
    const [a, b, c, d, e] = [1, 2, 3, 4, 5].map(numbered)
    if (!a || !b || !c || !d || !e) throw new Error('five blocks')
    await blocks.pin('job', [b.cid])
    for (const block of [a, b, c]) await blocks.put(block.cid, block.bytes)
    await blocks.get(a.cid)
    await blocks.put(d.cid, d.bytes)
    expect(await present(blocks, [a, b, c, d])).toEqual([true, true, false, true])
    await blocks.unpin('job')
    await blocks.put(e.cid, e.bytes)
    expect(await present(blocks, [a, b, d, e])).toEqual([true, false, true, true])
    await blocks.close()
  })

  test('keeps a block pinned until its last owner lets go, and says when pins fill it', async () => {
    const blocks = open({ maxBytes: 10 })
    const [a, b] = [numbered(1), numbered(2)]
    await blocks.put(a.cid, a.bytes)
    await blocks.pin('one', [a.cid])
    await blocks.pin('two', [a.cid])
    await blocks.pin('two', [a.cid])
    expect((await blocks.owners()).sort()).toEqual(['one', 'two'])
    await blocks.unpin('one')
    expect(await blocks.owners()).toEqual(['two'])
    await expect(blocks.put(b.cid, b.bytes)).rejects.toMatchObject({
      data: { code: 'STORE_FULL', maxBytes: 10 },
    })
    expect(await present(blocks, [a, b])).toEqual([true, false])
    await blocks.unpin('two')
    await blocks.put(b.cid, b.bytes)
    expect(await present(blocks, [a, b])).toEqual([false, true])
    await blocks.close()
  })

  test('agrees with a slow model of use, pins and size', async () => {
    const step = fc.record({ kind: fc.constantFrom('put', 'get', 'pin', 'unpin', 'delete'), n: fc.nat(7) })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const blocks = open({ maxBytes: 40 })
        const model = new Model(4)
        for (const { kind, n } of steps) {
          const { cid, bytes } = numbered(n)
          if (kind === 'put') {
            const outcome = await blocks.put(cid, bytes).then(
              () => true,
              () => false,
            )
            expect(outcome).toBe(model.put(n))
          }
          if (kind === 'get') expect((await blocks.get(cid)) !== undefined).toBe(model.get(n))
          if (kind === 'pin') await blocks.pin('owner', [cid]).then(() => model.pinned.add(n))
          if (kind === 'unpin') await blocks.unpin('owner').then(() => model.pinned.clear())
          if (kind === 'delete') await blocks.delete(cid).then(() => model.delete(n))
          expect(await present(blocks, [0, 1, 2, 3, 4, 5, 6, 7].map(numbered))).toEqual(model.present(8))
        }
        await blocks.close()
      }),
      { numRuns: 30 },
    )
  })
})

test('blocks on disk remember use and pins over a restart', async () => {
  const path = place()
  const [a, b, c] = [numbered(1), numbered(2), numbered(3)]
  const first = openDiskBlocks(path, { maxBytes: 20 })
  for (const block of [a, b]) await first.put(block.cid, block.bytes)
  await first.get(a.cid)
  await first.close()
  const second = openDiskBlocks(path, { maxBytes: 20 })
  await second.put(c.cid, c.bytes)
  expect(await present(second, [a, b, c])).toEqual([true, false, true])
  await second.close()
})

/** Counts blocks instead of bytes; an array in order of use. */
class Model {
  readonly pinned = new Set<number>()
  private order: number[] = []
  private readonly capacity: number

  constructor(capacity: number) {
    this.capacity = capacity
  }

  put(n: number): boolean {
    // A repeated put counts as a use.
    if (this.get(n)) return true
    if (this.order.length === this.capacity) {
      const victim = this.order.find((each) => !this.pinned.has(each))
      if (victim === undefined) return false
      this.delete(victim)
    }
    this.order.push(n)
    return true
  }

  get(n: number): boolean {
    if (!this.order.includes(n)) return false
    this.delete(n)
    this.order.push(n)
    return true
  }

  delete(n: number): void {
    this.order = this.order.filter((each) => each !== n)
  }

  present(count: number): boolean[] {
    return Array.from({ length: count }, (_, n) => this.order.includes(n))
  }
}

function present(blocks: BlockStore, wanted: readonly { cid: string }[]): Promise<boolean[]> {
  return Promise.all(wanted.map(({ cid }) => blocks.has(cid)))
}
