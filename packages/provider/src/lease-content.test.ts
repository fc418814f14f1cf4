import { randomBytes } from 'node:crypto'
import { fetchContent, type SoukNode, serveBlocks } from '@souk/network'
import { LIMITS, toHex } from '@souk/protocol'
import { type BlockStore, contentBlocks, createMemoryBlocks, missingBlocks, putContent } from '@souk/storage'
import { afterEach, describe, expect, it } from 'vitest'
import { testNetwork, testNode } from '../../network/src/testing/market.ts'
import { FREE_CONTENT_BYTES } from './content-quota.ts'
import { LeaseContent } from './lease-content.ts'

describe('the content of a lease', () => {
  const network = testNetwork()
  const nodes: SoukNode[] = []
  const never = new AbortController().signal
  afterEach(async () => {
    await Promise.all(nodes.splice(0).map((node) => node.stop()))
  })

  const peer = async () => {
    const node = await testNode(network)
    nodes.push(node)
    return { node, blocks: createMemoryBlocks(), asked: [] as string[] }
  }
  type Peer = Awaited<ReturnType<typeof peer>>
  const serve = ({ node, blocks, asked }: Peer, authorize: (peerId: string, cid: string) => boolean) => {
    const get = (cid: string) => {
      asked.push(cid)
      return blocks.get(cid)
    }
    return serveBlocks(node, { blocks: { get }, authorize })
  }
  const targetOf = ({ node }: Peer) => ({ peerId: node.peerId, addresses: node.addresses() })
  const leaseOn = ({ node, blocks }: Peer, requester: Peer, diskBytes: number = 64 * LIMITS.blockBytes) => {
    const lease = toHex(randomBytes(32))
    return new LeaseContent({ lease, node, blocks, requester: requester.node.peerId, diskBytes })
  }
  /** A requester that serves everyone, and two providers with a lease each that know it. */
  const market = async () => {
    const [requester, first, second] = [await peer(), await peer(), await peer()]
    await serve(requester, () => true)
    const [one, other] = [leaseOn(first, requester), leaseOn(second, requester)]
    await serve(first, (peerId, cid) => one.authorizes(peerId, cid))
    await serve(second, (peerId, cid) => other.authorizes(peerId, cid))
    for (const { node } of [first, second]) await node.dial(targetOf(requester))
    return { requester, first, second, one, other }
  }
  const keep = (blocks: BlockStore, bytes: number) => putContent(blocks, new Uint8Array(randomBytes(bytes)))

  it('is fetched once, whoever waits for it, and not again', async () => {
    const { requester, one } = await market()
    const { cid } = await keep(requester.blocks, 3 * LIMITS.blockBytes)
    await Promise.all([one.fetch(cid, never), one.fetch(cid, never), one.fetch(cid, never)])
    expect(requester.asked).toHaveLength(4)
    await one.fetch(cid, never)
    expect(requester.asked).toHaveLength(4)
  })

  it('comes for the others when one of them no longer wants it, and comes anew after all gave up', async () => {
    const { requester, first, one } = await market()
    const { cid } = await keep(requester.blocks, 3 * LIMITS.blockBytes)
    const [impatient, also] = [new AbortController(), new AbortController()]
    const given = one.fetch(cid, impatient.signal)
    const kept = one.fetch(cid, never)
    impatient.abort()
    await expect(given).rejects.toBeDefined()
    await kept
    expect(await missingBlocks(first.blocks, cid)).toEqual([])
    const { cid: next } = await keep(requester.blocks, 2 * LIMITS.blockBytes)
    const left = one.fetch(next, also.signal)
    also.abort()
    const again = one.fetch(next, never)
    await expect(left).rejects.toBeDefined()
    await again
    expect(await missingBlocks(first.blocks, next)).toEqual([])
  })

  it('is shared with members of the job, and with nobody else', async () => {
    const { requester, first, second, one, other } = await market()
    const { cid } = await keep(requester.blocks, 20 * LIMITS.blockBytes)
    const private_ = await keep(first.blocks, 2 * LIMITS.blockBytes)
    const stranger = await peer()
    await one.fetch(cid, never)
    one.told({ t: 'sources', ack: 0, peers: [targetOf(second)] })
    other.told({ t: 'sources', ack: 0, peers: [targetOf(first)] })
    await other.fetch(cid, never)
    expect(await missingBlocks(second.blocks, cid)).toEqual([])
    expect(first.asked.length).toBeGreaterThan(0)
    const steal = (thief: Peer, address: string) =>
      fetchContent(thief.node, targetOf(first), address, createMemoryBlocks())
    await expect(steal(stranger, cid)).rejects.toMatchObject({ code: 'NOT_AUTHORISED' })
    // What else lies in the cache is no member's business either.
    await expect(steal(second, private_.cid)).rejects.toMatchObject({ code: 'NOT_AUTHORISED' })
  })

  it('stays while the lease does, whatever else comes into a full cache', async () => {
    const { requester } = await market()
    const node = (await peer()).node
    const blocks = createMemoryBlocks({ maxBytes: 6 * LIMITS.blockBytes })
    await node.dial(targetOf(requester))
    const lease = toHex(randomBytes(32))
    const content = new LeaseContent({ lease, node, blocks, requester: requester.node.peerId, diskBytes: 0 })
    const { cid } = await keep(requester.blocks, 3 * LIMITS.blockBytes)
    await content.fetch(cid, never)
    for (let n = 0; n < 6; n++) await keep(blocks, LIMITS.blockBytes)
    expect(await missingBlocks(blocks, cid)).toEqual([])
    await blocks.unpin(lease)
    for (let n = 0; n < 6; n++) await keep(blocks, LIMITS.blockBytes)
    expect(await missingBlocks(blocks, cid)).not.toEqual([])
  })

  it('is as much as the lease has disk, and what goes beyond is not even begun', async () => {
    const { requester, first } = await market()
    const lease = leaseOn(first, requester, 20 * LIMITS.blockBytes)
    const [large, small] = [
      await keep(requester.blocks, 19 * LIMITS.blockBytes),
      await keep(requester.blocks, 2 * LIMITS.blockBytes),
    ]
    await lease.fetch(large.cid, never)
    requester.asked.length = 0
    await expect(lease.fetch(small.cid, never)).rejects.toMatchObject({ code: 'OVER_QUOTA' })
    expect(requester.asked).toEqual([small.cid])
    // What is here already costs nothing, whoever brought it.
    await lease.fetch(large.cid, never)
    await leaseOn(first, requester, 0).fetch(large.cid, never)
  })

  it('of several fetches at a time comes up to the disk of the lease together', async () => {
    const { requester, first } = await market()
    const lease = leaseOn(first, requester, 0)
    const all = await Promise.all([9, 9].map((mib) => keep(requester.blocks, mib * LIMITS.blockBytes)))
    const fetched = await Promise.allSettled(all.map(({ cid }) => lease.fetch(cid, never)))
    expect(fetched.some(({ status }) => status === 'rejected')).toBe(true)
    const blocks = (await Promise.all(all.map(({ cid }) => contentBlocks(requester.blocks, cid)))).flat()
    const here = await Promise.all(blocks.map((cid) => first.blocks.get(cid)))
    const bytes = here.reduce((sum, block) => sum + (block?.byteLength ?? 0), 0)
    expect(bytes).toBeLessThanOrEqual(FREE_CONTENT_BYTES)
  })

  it('is taken from what is here already: the next lease asks for nothing', async () => {
    const { requester, first, one } = await market()
    const { cid } = await keep(requester.blocks, 3 * LIMITS.blockBytes)
    await one.fetch(cid, never)
    requester.asked.length = 0
    await leaseOn(first, requester).fetch(cid, never)
    expect(requester.asked).toEqual([])
  })
})
