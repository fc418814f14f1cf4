import { afterEach, describe, expect, it } from 'vitest'
import type { SoukNode } from './node.ts'
import { type TestPeer, testExchange, testNetwork, testNode, until } from './testing/market.ts'

describe('offer exchange', () => {
  const nodes: SoukNode[] = []
  afterEach(async () => {
    await Promise.all(nodes.splice(0).map((node) => node.stop()))
  })
  const start = async (network = testNetwork(), bootstrap: readonly string[] = [], more = {}) => {
    const node = await testNode(network, bootstrap, more)
    nodes.push(node)
    return node
  }
  const sellers = async (count: number): Promise<TestPeer[]> => {
    const first = await start()
    const rest = await Promise.all(
      Array.from({ length: count - 1 }, () => start(first.network, first.addresses())),
    )
    return Promise.all([first, ...rest].map((node) => testExchange(node, true)))
  }
  const foundAll = (peer: TestPeer, others: readonly TestPeer[]) =>
    others.every((other) => other === peer || peer.offers().has(other.node.peerId))

  it('lets six peers with one bootstrap address find each other by gossip alone', async () => {
    const first = await start()
    const rest = await Promise.all(Array.from({ length: 5 }, () => start(first.network, first.addresses())))
    const peers = await Promise.all(
      [first, ...rest].map((node) => testExchange(node, true, { directory: false, dht: false })),
    )
    await until('all know all', () => peers.every((peer) => foundAll(peer, peers)))
    expect(new Set(peers.flatMap((peer) => peer.found.map((found) => found.via)))).toEqual(
      new Set(['gossip']),
    )
  })

  it('tells a late joiner everything through a directory', async () => {
    const peers = await sellers(4)
    await until('all know all', () => peers.every((peer) => foundAll(peer, peers)))
    const late = await testExchange(await start(peers[0]?.node.network, peers[0]?.node.addresses()), false, {
      gossip: false,
      dht: false,
    })
    await until('the late one knows all', () => foundAll(late, peers))
    expect(new Set(late.found.map((found) => found.via))).toEqual(new Set(['directory']))
  })

  it('lets a buyer that hears no gossip find all offers through the DHT', async () => {
    const peers = await sellers(5)
    const deaf = await testExchange(await start(peers[0]?.node.network, peers[0]?.node.addresses()), false, {
      gossip: false,
      directory: false,
    })
    await until('the deaf one knows all', () => foundAll(deaf, peers))
    expect(new Set(deaf.found.map((found) => found.via))).toEqual(new Set(['dht']))
  })

  it('takes an offer back at once with a tombstone', async () => {
    const peers = await sellers(3)
    await until('all know all', () => peers.every((peer) => foundAll(peer, peers)))
    const [leaver, ...others] = peers
    await leaver?.exchange.stop()
    await leaver?.node.stop()
    await until('nobody lists the leaver', () =>
      others.every((peer) => !peer.offers().has(leaver?.node.peerId ?? '')),
    )
    expect(others.map((peer) => peer.found.at(-1)?.announcement.kind)).toEqual(['tombstone', 'tombstone'])
  })

  it('finds the living although the DHT still names the dead', async () => {
    const peers = await sellers(4)
    await until('all know all', () => peers.every((peer) => foundAll(peer, peers)))
    const [dead, ...living] = peers.slice(1)
    const [first] = peers
    if (dead === undefined || first === undefined) throw new Error('four sellers were started')
    await dead.node.stop()
    const deaf = await testExchange(await start(first.node.network, first.node.addresses()), false, {
      gossip: false,
      directory: false,
    })
    await until('the deaf one knows the living', () => foundAll(deaf, [first, ...living]))
    expect(deaf.offers()).not.toContain(dead.node.peerId)
  })
})
