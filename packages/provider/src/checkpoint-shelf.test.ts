import { randomBytes } from 'node:crypto'
import { type SoukNode, serveBlocks } from '@souk/network'
import { folderCodec, LIMITS, toHex, utf8 } from '@souk/protocol'
import { createMemoryBlocks, missingBlocks, putContent } from '@souk/storage'
import { afterEach, describe, expect, it } from 'vitest'
import { testNetwork, testNode } from '../../network/src/testing/market.ts'
import { CheckpointShelf, checkpointOwner, type ShelvedCheckpoint } from './checkpoint-shelf.ts'
import { StandbyContent } from './standby-content.ts'

const MIB = LIMITS.blockBytes
const LEASE = toHex(randomBytes(32))

function fileOf(path: string, bytes: Uint8Array = utf8(path)) {
  return { path, bytes }
}

describe('the checkpoints of a lease', () => {
  function setUp(maxBytes = 64 * MIB) {
    const blocks = createMemoryBlocks({ maxBytes })
    const problems: unknown[] = []
    const shelf = new CheckpointShelf(LEASE, blocks, (error) => problems.push(error))
    /** Saves and waits until that is stored. */
    const save = (files: ReturnType<typeof fileOf>[]) =>
      new Promise<ShelvedCheckpoint>((resolve) => shelf.take('a', files, resolve))
    return { blocks, shelf, problems, save }
  }

  it('are stored with a folder that names every file, pinned and served until they are let go', async () => {
    const { blocks, shelf, save } = setUp()
    const { cid, bytes } = await save([fileOf('state'), fileOf('more/deep', new Uint8Array(2 * MIB + 1))])
    expect(bytes).toBe(5 + 2 * MIB + 1)
    const { files } = folderCodec.decode((await blocks.get(cid)) ?? new Uint8Array())
    expect(files.map(([path]) => path)).toEqual(['more/deep', 'state'])
    for (const [, file] of files) expect(await missingBlocks(blocks, file)).toEqual([])
    expect(shelf.serves(cid) && files.every(([, file]) => shelf.serves(file))).toBe(true)
    expect(await blocks.owners()).toEqual([checkpointOwner(LEASE, 'a', cid)])
    await shelf.keepOnly('a', [])
    expect(shelf.serves(cid)).toBe(false)
    expect(await blocks.owners()).toEqual([])
  })

  it('that come while one is stored wait for it, and only the newest of them is stored', async () => {
    const { shelf, blocks } = setUp()
    const told: string[] = []
    const done = new Promise<void>((resolve) => {
      for (const name of ['1', '2', '3']) {
        shelf.take('a', [fileOf(name)], ({ cid }) => {
          told.push(cid)
          if (told.length === 2) resolve()
        })
      }
    })
    await done
    const names = await Promise.all(
      told.map(async (cid) => folderCodec.decode((await blocks.get(cid)) ?? new Uint8Array()).files[0]?.[0]),
    )
    expect(names).toEqual(['1', '3'])
  })

  it('that cannot be stored or named are passed over, and the next is taken', async () => {
    const { shelf, problems, blocks, save } = setUp(3 * MIB)
    shelf.take('a', [fileOf('large', new Uint8Array(randomBytes(4 * MIB)))], () => {})
    shelf.take('b', [fileOf('back\\slash')], () => {})
    const { cid } = await save([fileOf('state')])
    expect(shelf.serves(cid)).toBe(true)
    expect(problems).toMatchObject([{ code: 'MALFORMED' }, { code: 'STORE_FULL' }])
    expect(await blocks.owners()).toEqual([checkpointOwner(LEASE, 'a', cid)])
  })
})

describe('what a standby may need', () => {
  const nodes: SoukNode[] = []
  afterEach(async () => {
    await Promise.all(nodes.splice(0).map((node) => node.stop()))
  })

  async function setUp(diskBytes = 1024 * MIB) {
    const network = testNetwork()
    const [requester, node] = [await testNode(network), await testNode(network)]
    nodes.push(requester, node)
    const [theirs, blocks] = [createMemoryBlocks(), createMemoryBlocks()]
    await serveBlocks(requester, { blocks: theirs, authorize: () => true })
    await node.dial({ peerId: requester.peerId, addresses: requester.addresses() })
    const standby = new StandbyContent({
      lease: LEASE,
      node,
      blocks,
      requester: requester.peerId,
      diskBytes,
    })
    const save = async (bytes: number, stated = bytes) => {
      const file = await putContent(theirs, new Uint8Array(randomBytes(bytes)))
      const folder = folderCodec.encode({ v: 1, files: [['state', file.cid, stated]] })
      return { file: file.cid, cid: (await putContent(theirs, folder)).cid }
    }
    const isHere = async ({ cid, file }: { cid: string; file: string }) =>
      (await blocks.has(cid)) && (await missingBlocks(blocks, file)).length === 0
    return { standby, blocks, save, isHere }
  }

  it('is fetched ahead; the newest takes the place of the one before, and the end of the lease of that', async () => {
    const { standby, blocks, save, isHere } = await setUp()
    const [first, second] = [await save(3 * MIB), await save(10)]
    await standby.fetch(first.cid)
    expect(await isHere(first)).toBe(true)
    await standby.fetch(second.cid)
    expect(await isHere(second)).toBe(true)
    expect(await blocks.owners()).toEqual([checkpointOwner(LEASE, 'ahead', second.cid)])
    await standby.stop()
    expect(await blocks.owners()).toEqual([])
  })

  it.each([
    ['than is fetched ahead', 1024 * MIB, 256 * MIB],
    ["than the lease's disk", 32 * MIB, 32 * MIB],
  ])('is not brought where it says to be larger %s', async (_what, diskBytes, mostBytes) => {
    const { standby, save, isHere } = await setUp(diskBytes)
    const [fits, large] = [await save(10, mostBytes), await save(11, mostBytes + 1)]
    await standby.fetch(fits.cid)
    expect(await isHere(fits)).toBe(true)
    await standby.fetch(large.cid)
    expect(await isHere(large)).toBe(false)
  })

  it('is not brought where a file is larger than it is said to be', async () => {
    const { standby, save, isHere } = await setUp()
    const lie = await save(20 * MIB, 10)
    await standby.fetch(lie.cid)
    expect(await isHere(lie)).toBe(false)
  })
})
