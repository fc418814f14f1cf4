import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { LIMITS, linkNodeCid, linkNodeCodec, rawCid, toBlocks } from '@souk/protocol'
import { createMemoryBlocks } from '@souk/storage'
import { equals } from 'uint8arrays/equals'
import { afterEach, describe, expect, it } from 'vitest'
import { fetchBlocks } from './fetch-blocks.ts'
import { fetchContent } from './fetch-content.ts'
import type { SoukNode } from './node.ts'
import { serveBlocks } from './serve-blocks.ts'
import { testNetwork, testNode, until } from './testing/market.ts'

describe('fetching content', () => {
  const nodes: SoukNode[] = []
  afterEach(async () => {
    await Promise.all(nodes.splice(0).map((node) => node.stop()))
  })
  type Get = (cid: string) => Promise<Uint8Array | undefined>
  const serving = async (get: Get, authorize: (peerId: string) => boolean = () => true) => {
    const network = testNetwork()
    const [server, client] = [await testNode(network), await testNode(network)]
    nodes.push(server, client)
    const asked: string[] = []
    await serveBlocks(server, {
      blocks: {
        get: (cid) => {
          asked.push(cid)
          return get(cid)
        },
      },
      authorize,
    })
    return { client, asked, target: { peerId: server.peerId, addresses: server.addresses() } }
  }
  const contentOf = (bytes: number) => {
    const { content, blocks } = toBlocks(new Uint8Array(randomBytes(bytes)))
    return { content, blocks: new Map(blocks.map((block) => [block.cid, block.bytes])) }
  }

  it('fetches a large file in parallel and says how far it is', async () => {
    const { content, blocks } = contentOf(5 * LIMITS.blockBytes + 17)
    const { client, target } = await serving(async (cid) => blocks.get(cid))
    const into = createMemoryBlocks()
    const progress: number[] = []
    await fetchContent(client, target, content.cid, into, {
      onProgress: ({ haveBytes }) => progress.push(haveBytes),
    })
    for (const [cid, bytes] of blocks) {
      expect(equals((await into.get(cid)) ?? new Uint8Array(), bytes)).toBe(true)
    }
    expect(progress).toHaveLength(7)
    expect(progress.at(-1)).toBe(content.bytes)
  })

  it('goes on where it was broken off', async () => {
    const { content, blocks } = contentOf(6 * LIMITS.blockBytes)
    const leaves = [...blocks.keys()].slice(1)
    const threeStored = Promise.withResolvers<void>()
    let broken = true
    const { client, asked, target } = await serving(async (cid) => {
      if (!broken || leaves.indexOf(cid) < 3) return blocks.get(cid)
      await threeStored.promise
      return undefined
    })
    const into = createMemoryBlocks()
    const first = fetchContent(client, target, content.cid, into, {
      onProgress: ({ haveBytes }) => haveBytes === 3 * LIMITS.blockBytes && threeStored.resolve(),
    })
    await expect(first).rejects.toMatchObject({ code: 'BLOCK_MISSING' })
    expect(await into.has(content.cid)).toBe(false)
    broken = false
    const had: string[] = []
    for (const cid of blocks.keys()) if (await into.has(cid)) had.push(cid)
    asked.length = 0
    await fetchContent(client, target, content.cid, into)
    expect(had).toEqual(leaves.slice(0, 3))
    expect(asked.filter((cid) => had.includes(cid))).toEqual([])
    expect(await into.has(content.cid)).toBe(true)
  })

  it('notices content that is not what was asked for', async () => {
    const { content } = contentOf(1_000)
    const { client, target } = await serving(async () => randomBytes(1_000))
    const into = createMemoryBlocks()
    await expect(fetchContent(client, target, content.cid, into)).rejects.toMatchObject({
      code: 'WRONG_CONTENT',
    })
    expect(await into.has(content.cid)).toBe(false)
  })

  it('notices a link node that lies about its leaves', async () => {
    const leaf = randomBytes(500)
    const node = linkNodeCodec.encode({ v: 1, bytes: LIMITS.blockBytes, leaves: [rawCid(leaf)] })
    const root = linkNodeCid(node)
    const { client, target } = await serving(async (cid) => (cid === root ? node : leaf))
    await expect(fetchContent(client, target, root, createMemoryBlocks())).rejects.toMatchObject({
      code: 'MALFORMED',
    })
  })

  it('keeps a block as it came while it is stored, also where the peer refuses the one behind it', async () => {
    const three = Array.from({ length: 3 }, () => new Uint8Array(randomBytes(512 * 1024)))
    const cids = three.map((bytes) => rawCid(bytes))
    const [first = '', missing = '', last = ''] = cids
    const { client, asked, target } = await serving(async (cid) =>
      cid === missing ? undefined : three[cids.indexOf(cid)],
    )
    const stored = new Map<string, Uint8Array>()
    const refused: string[] = []
    await fetchBlocks(client, target, cids, {
      async block(cid, bytes) {
        // A slow disk: by then everything that was asked for is on its way.
        await until('the last is asked for', () => asked.includes(last))
        await pause(100)
        stored.set(cid, bytes.slice())
      },
      refused: (cid) => void refused.push(cid),
    })
    expect(refused).toEqual([missing])
    expect([...stored].map(([cid, bytes]) => cid === rawCid(bytes))).toEqual([true, true])
    expect([...stored.keys()]).toEqual([first, last])
  })

  it('is refused what it may not have', async () => {
    const { content, blocks } = contentOf(1_000)
    const { client, target } = await serving(
      async (cid) => blocks.get(cid),
      () => false,
    )
    await expect(fetchContent(client, target, content.cid, createMemoryBlocks())).rejects.toMatchObject({
      code: 'NOT_AUTHORISED',
    })
  })

  it('stops when its caller does', async () => {
    const { content } = contentOf(1_000)
    const { client, target } = await serving(() => new Promise(() => undefined))
    const caller = new AbortController()
    const fetching = fetchContent(client, target, content.cid, createMemoryBlocks(), {
      signal: caller.signal,
    })
    setTimeout(() => caller.abort(), 100)
    await expect(fetching).rejects.toMatchObject({ code: 'ABORTED' })
  })
})
