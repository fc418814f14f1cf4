import { randomBytes } from 'node:crypto'
import { type SoukNode, serveBlocks } from '@souk/network'
import { type Folder, folderCodec, LIMITS, type TaskLimits } from '@souk/protocol'
import { createMemoryBlocks, missingBlocks, putContent } from '@souk/storage'
import { afterEach, describe, expect, it } from 'vitest'
import { testNetwork, testNode } from '../../network/src/testing/market.ts'
import { CheckpointDesk, checkpointOwner, forgetCheckpoints } from './checkpoint-desk.ts'

const MIB = LIMITS.blockBytes
const TASK: TaskLimits = { fuel: 0n, pages: 16, depth: 0, outputBytes: 8 * MIB, files: 3 }

describe('the checkpoints of a job', () => {
  const nodes: SoukNode[] = []
  afterEach(async () => {
    await Promise.all(nodes.splice(0).map((node) => node.stop()))
  })

  /** A provider that serves what it says it saved, and the desk of a requester. */
  const setUp = async () => {
    const network = testNetwork()
    const [provider, node] = [await testNode(network), await testNode(network)]
    nodes.push(provider, node)
    const [theirs, blocks] = [createMemoryBlocks(), createMemoryBlocks()]
    const asked: string[] = []
    const get = (cid: string) => {
      asked.push(cid)
      return theirs.get(cid)
    }
    await serveBlocks(provider, { blocks: { get }, authorize: () => true })
    await node.dial({ peerId: provider.peerId, addresses: provider.addresses() })
    const desk = new CheckpointDesk({ node, blocks, job: 'job', isContent: () => false })
    /** Saves files of these sizes; returns what the provider tells of them. */
    const save = async (
      sizes: readonly number[],
      lie: (files: Folder['files']) => Folder['files'] = (one) => one,
    ) => {
      const files: Folder['files'] = []
      for (const [i, bytes] of sizes.entries()) {
        const content = await putContent(theirs, new Uint8Array(randomBytes(bytes)))
        files.push([`${i}`, content.cid, content.bytes])
      }
      const told = lie(files)
      const { cid } = await putContent(theirs, folderCodec.encode({ v: 1, files: told }))
      const bytes = told.reduce((sum, [, , size]) => sum + size, 0)
      return { peerId: provider.peerId, attempt: 'job.0.0.1', index: 0, cid, bytes, limits: TASK }
    }
    /** What the job says of one that came: it must stay. */
    const kept = (cid: string) => () => desk.keepOnly(0, [cid])
    return { desk, blocks, theirs, asked, save, kept }
  }

  it('come whole, are served, and go when the job no longer needs them', async () => {
    const { desk, blocks, save, kept } = await setUp()
    const told = await save([3 * MIB, 10])
    expect(await desk.take(told, kept(told.cid))).toBe(true)
    const { files } = folderCodec.decode((await blocks.get(told.cid)) ?? new Uint8Array())
    for (const [, file] of files) expect(await missingBlocks(blocks, file)).toEqual([])
    expect(files.every(([, file]) => desk.serves(file))).toBe(true)
    expect(await blocks.owners()).toEqual([checkpointOwner('job', 0, told.cid)])
    await desk.keepOnly(0, [])
    expect(desk.serves(told.cid)).toBe(false)
    expect(await blocks.owners()).toEqual([])
  })

  it('bring only what the last one did not have', async () => {
    const { desk, asked, save, kept } = await setUp()
    let large: Folder['files'] = []
    const first = await save([2 * MIB], (files) => {
      large = files
      return files
    })
    await desk.take(first, kept(first.cid))
    asked.length = 0
    const second = await save([20], (files) => [...large, ...renamed(files, '9')])
    expect(await desk.take(second, kept(second.cid))).toBe(true)
    expect(asked).toHaveLength(2)
  })

  it('of an attempt give way to a newer one, and one that is under way is not begun again', async () => {
    const { desk, blocks, save, kept } = await setUp()
    const [older, newer] = [await save([4 * MIB]), await save([10])]
    const taken = [desk.take(older, kept(older.cid)), desk.take(older, kept(older.cid))]
    const last = desk.take(newer, kept(newer.cid))
    expect(await Promise.all([...taken, last])).toEqual([false, false, true])
    expect(await blocks.owners()).toEqual([checkpointOwner('job', 0, newer.cid)])
  })

  it.each([
    ['sizes other than its files have', [10, 20], enlarged, {}, 'OTHER_SIZE'],
    ['more files than the task may write', [1, 2, 3, 4], same, {}, 'TOO_MANY_FILES'],
    ['more bytes than the task may write', [5 * MIB, 4 * MIB], same, {}, 'TOO_LARGE'],
    ['another sum than was told', [10], same, { bytes: 11 }, 'OTHER_SIZE'],
  ] as const)('are refused with %s, and leave nothing behind', async (_, sizes, lie, change, code) => {
    const { desk, blocks, save, kept } = await setUp()
    const told = { ...(await save(sizes, lie)), ...change }
    await expect(desk.take(told, kept(told.cid))).rejects.toMatchObject({ code })
    expect(await blocks.owners()).toEqual([])
    expect(desk.serves(told.cid)).toBe(false)
  })

  it('are refused where they are no folder, or are not to be had', async () => {
    const { desk, blocks, theirs, save, kept } = await setUp()
    const told = await save([10])
    const { cid: noise } = await putContent(theirs, new Uint8Array(randomBytes(100)))
    const { cid: large } = await putContent(theirs, new Uint8Array(randomBytes(2 * MIB)))
    for (const cid of [noise, large]) {
      await expect(desk.take({ ...told, cid }, kept(cid))).rejects.toMatchObject({ code: 'NOT_A_FOLDER' })
    }
    const [file] = folderCodec.decode((await theirs.get(told.cid)) ?? new Uint8Array()).files
    await theirs.delete(file?.[1] ?? '')
    await expect(desk.take(told, kept(told.cid))).rejects.toMatchObject({ code: 'BLOCK_MISSING' })
    expect(await blocks.owners()).toEqual([])
  })

  it('never give away what else is here: who names it must have it', async () => {
    const { desk, blocks, theirs, save, kept } = await setUp()
    const told = await save([10])
    const [file] = folderCodec.decode((await theirs.get(told.cid)) ?? new Uint8Array()).files
    const address = file?.[1] ?? ''
    await blocks.put(address, (await theirs.get(address)) ?? new Uint8Array())
    await theirs.delete(address)
    await expect(desk.take(told, kept(told.cid))).rejects.toMatchObject({ code: 'BLOCK_MISSING' })
    expect(desk.serves(address)).toBe(false)
  })

  it('are taken up after a restart, and all that nobody needs goes', async () => {
    const { desk, blocks, save, kept } = await setUp()
    const told = await save([3 * MIB])
    await desk.take(told, kept(told.cid))
    await blocks.pin(checkpointOwner('job', 1, told.cid), [told.cid])
    await blocks.pin('another job', [told.cid])
    const owner = checkpointOwner('job', 0, told.cid)
    await forgetCheckpoints(blocks, new Set([owner]))
    expect([...(await blocks.owners())].sort()).toEqual(['another job', owner])
    const again = new CheckpointDesk({ node: await idle(), blocks, job: 'job', isContent: () => false })
    expect(await again.recover(0, told.cid)).toBe(true)
    expect(again.serves(told.cid)).toBe(true)
    const lost = await save([10])
    expect(await again.recover(0, lost.cid)).toBe(false)
  })

  async function idle(): Promise<SoukNode> {
    const node = await testNode(testNetwork())
    nodes.push(node)
    return node
  }
})

function renamed(files: Folder['files'], name: string): Folder['files'] {
  return files.map(([, cid, bytes]) => [name, cid, bytes])
}

function enlarged(files: Folder['files']): Folder['files'] {
  return files.map(([path, cid, bytes]) => [path, cid, bytes + 1])
}

function same(files: Folder['files']): Folder['files'] {
  return files
}
