import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { LIMITS, toBlocks } from '@souk/protocol'
import { createMemoryBlocks, missingBlocks } from '@souk/storage'
import { afterEach, describe, expect, it } from 'vitest'
import { fetchContent } from './fetch-content.ts'
import type { SoukNode } from './node.ts'
import { serveBlocks } from './serve-blocks.ts'
import { testNetwork, testNode } from './testing/market.ts'

type Get = (cid: string) => Promise<Uint8Array | undefined>

/** Milliseconds that a slow peer takes for a block; the others take none. */
const SLOW_MS = 60

describe('fetching from several peers', () => {
  const network = testNetwork()
  const nodes: SoukNode[] = []
  afterEach(async () => {
    await Promise.all(nodes.splice(0).map((node) => node.stop()))
  })
  const start = async () => {
    const node = await testNode(network)
    nodes.push(node)
    return node
  }
  const serving = async (get: Get, authorize = async (_peer: string, _cid: string) => true) => {
    const node = await start()
    const given: string[] = []
    const blocks = {
      get: async (cid: string) => {
        const block = await get(cid)
        if (block !== undefined) given.push(cid)
        return block
      },
    }
    await serveBlocks(node, { blocks, authorize })
    return { node, given, target: { peerId: node.peerId, addresses: node.addresses() } }
  }
  const contentOf = (bytes: number) => {
    const { content, blocks } = toBlocks(new Uint8Array(randomBytes(bytes)))
    return { content, blocks: new Map(blocks.map((block) => [block.cid, block.bytes])) }
  }

  it('gives a slow peer less, and asks for little twice', async () => {
    const { content, blocks } = contentOf(40 * LIMITS.blockBytes)
    const fast = await serving(async (cid) => {
      await pause(SLOW_MS / 6)
      return blocks.get(cid)
    })
    const slow = await serving(async (cid) => {
      await pause(SLOW_MS)
      return blocks.get(cid)
    })
    const into = createMemoryBlocks()
    await fetchContent(await start(), [fast.target, slow.target], content.cid, into)
    expect(await missingBlocks(into, content.cid)).toEqual([])
    expect(slow.given.length).toBeGreaterThan(0)
    expect(slow.given.length).toBeLessThan(fast.given.length)
    expect(slow.given.length + fast.given.length).toBeLessThan(41 + 12)
  })

  it('leaves a peer that gives other bytes, and finishes with the rest', async () => {
    const { content, blocks } = contentOf(12 * LIMITS.blockBytes)
    const honest = await serving(async (cid) => blocks.get(cid))
    const liar = await serving(async (cid) => (cid === content.cid ? blocks.get(cid) : randomBytes(1_000)))
    const into = createMemoryBlocks()
    await fetchContent(await start(), [honest.target, liar.target], content.cid, into)
    expect(await missingBlocks(into, content.cid)).toEqual([])
    // One request each way in, and none after the first lie.
    expect(liar.given.length).toBeLessThanOrEqual(3)
  })

  it('says what the first peer did wrong when nobody is left', async () => {
    const { content, blocks } = contentOf(3 * LIMITS.blockBytes)
    const liar = await serving(async (cid) => (cid === content.cid ? blocks.get(cid) : randomBytes(1_000)))
    const gone = await serving(async (cid) => blocks.get(cid))
    await gone.node.stop()
    const fetching = fetchContent(
      await start(),
      [liar.target, gone.target],
      content.cid,
      createMemoryBlocks(),
    )
    await expect(fetching).rejects.toMatchObject({ code: 'WRONG_CONTENT' })
  })

  it('dials a peer again that broke off, and fetches nothing twice', async () => {
    const { content, blocks } = contentOf(24 * LIMITS.blockBytes)
    let cut: (() => Promise<void>) | undefined
    const server = await serving(async (cid) => blocks.get(cid))
    const client = await start()
    const stored: string[] = []
    const memory = createMemoryBlocks()
    const into = {
      ...memory,
      async put(cid: string, block: Uint8Array) {
        stored.push(cid)
        await memory.put(cid, block)
        if (stored.length === 7) await cut?.()
      },
    }
    cut = () => server.node.disconnect(client.peerId)
    await fetchContent(client, server.target, content.cid, into)
    expect(await missingBlocks(into, content.cid)).toEqual([])
    expect(new Set(stored).size).toBe(stored.length)
  })

  it('goes on with the others when a peer dies', async () => {
    const { content, blocks } = contentOf(16 * LIMITS.blockBytes)
    const living = await serving(async (cid) => {
      await pause(5)
      return blocks.get(cid)
    })
    const dying = await serving(async (cid) => {
      if (dying.given.length === 2) void dying.node.stop()
      return blocks.get(cid)
    })
    const into = createMemoryBlocks()
    await fetchContent(await start(), [living.target, dying.target], content.cid, into)
    expect(await missingBlocks(into, content.cid)).toEqual([])
  })

  it('asks a peer again that is still fetching itself, or not yet told whom it may serve', async () => {
    const { content, blocks } = contentOf(40 * LIMITS.blockBytes)
    const first = await serving(async (cid) => {
      await pause(SLOW_MS)
      return blocks.get(cid)
    })
    const startedMs = performance.now()
    const isReady = () => performance.now() - startedMs > 4 * SLOW_MS
    const late = await serving(
      async (cid) => blocks.get(cid),
      async () => isReady(),
    )
    const into = createMemoryBlocks()
    await fetchContent(await start(), [first.target, late.target], content.cid, into)
    expect(await missingBlocks(into, content.cid)).toEqual([])
    expect(late.given.length).toBeGreaterThan(10)
  })

  it('takes in peers that it hears of while it goes on', async () => {
    const { content, blocks } = contentOf(40 * LIMITS.blockBytes)
    const first = await serving(async (cid) => {
      await pause(SLOW_MS)
      return blocks.get(cid)
    })
    const late = await serving(async (cid) => blocks.get(cid))
    const sources = () => (first.given.length > 2 ? [first.target, late.target] : [first.target])
    const into = createMemoryBlocks()
    await fetchContent(await start(), sources, content.cid, into)
    expect(await missingBlocks(into, content.cid)).toEqual([])
    expect(late.given.length).toBeGreaterThan(10)
  })

  it('asks the next peer for the root where the first does not give it', async () => {
    const { content, blocks } = contentOf(1_000)
    const [empty, full] = await Promise.all([
      serving(async () => undefined),
      serving(async (cid) => blocks.get(cid)),
    ])
    const into = createMemoryBlocks()
    await fetchContent(await start(), [empty.target, full.target], content.cid, into)
    expect(await into.has(content.cid)).toBe(true)
    await expect(fetchContent(await start(), [], content.cid, createMemoryBlocks())).rejects.toMatchObject({
      code: 'UNREACHABLE',
    })
  })

  it('ends when no peer gives a block', async () => {
    const { content, blocks } = contentOf(8 * LIMITS.blockBytes)
    const lost = [...blocks.keys()].at(-1)
    const get: Get = async (cid) => (cid === lost ? undefined : blocks.get(cid))
    const peers = await Promise.all([serving(get), serving(get)])
    const targets = peers.map((peer) => peer.target)
    await expect(
      fetchContent(await start(), targets, content.cid, createMemoryBlocks()),
    ).rejects.toMatchObject({ code: 'BLOCK_MISSING', data: { cid: lost } })
  })

  it('waits its turn where more is fetched of one peer than that answers at once', async () => {
    const many = Array.from({ length: 40 }, () => contentOf(2 * LIMITS.blockBytes - 1))
    const all = new Map(many.flatMap(({ blocks }) => [...blocks]))
    const server = await serving(async (cid) => all.get(cid))
    const client = await start()
    const into = createMemoryBlocks()
    await Promise.all(many.map(({ content }) => fetchContent(client, server.target, content.cid, into)))
    for (const { content } of many) expect(await missingBlocks(into, content.cid)).toEqual([])
  })

  it('stops at what cannot be stored', async () => {
    const { content, blocks } = contentOf(6 * LIMITS.blockBytes)
    const server = await serving(async (cid) => blocks.get(cid))
    const into = createMemoryBlocks({ maxBytes: 3 * LIMITS.blockBytes })
    await into.pin('test', [...blocks.keys()])
    await expect(fetchContent(await start(), server.target, content.cid, into)).rejects.toMatchObject({
      code: 'STORE_FULL',
    })
  })
})
