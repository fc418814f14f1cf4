import { randomBytes } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { sealAnnouncement } from './announcement.ts'
import type { SoukNode } from './node.ts'
import { offerTopic } from './offer-topics.ts'
import { parsePeerId } from './peer-target.ts'
import { type TestPeer, testExchange, testNetwork, testNode, testOffer, until } from './testing/market.ts'

describe('gossip from hostile peers', () => {
  const nodes: SoukNode[] = []
  afterEach(async () => {
    await Promise.all(nodes.splice(0).map((node) => node.stop()))
  })
  /** Starts a victim and an honest seller that know each other, and a hostile node in the same topic. */
  const start = async () => {
    const network = testNetwork()
    const topic = offerTopic(network, 'cpu', 0)
    const victimNode = await testNode(network)
    const [honestNode, hostile] = await Promise.all([
      testNode(network, victimNode.addresses()),
      testNode(network, victimNode.addresses()),
    ])
    nodes.push(victimNode, honestNode, hostile)
    const ways = { directory: false, dht: false }
    const victim = await testExchange(victimNode, false, ways)
    const honest = await testExchange(honestNode, true, ways)
    hostile.libp2p.services.gossip.subscribe(topic)
    await until('the hostile node is in the mesh', () =>
      hostile.libp2p.services.gossip
        .getSubscribers(topic)
        .some((peer) => peer.toString() === victimNode.peerId),
    )
    const shout = async (bytes: Uint8Array) => {
      await hostile.libp2p.services.gossip.publish(topic, bytes)
    }
    return { victim, honest, hostile, shout }
  }
  const stillHears = async (victim: TestPeer, honest: TestPeer) => {
    await until('the victim heard the honest seller', () => victim.offers().has(honest.node.peerId))
    const before = victim.found.length
    await honest.exchange.announce()
    await until('the victim hears news', () => victim.found.length > before)
  }

  it('cuts off a peer that sends garbage and messages above the bound, for a while', async () => {
    const { victim, honest, hostile, shout } = await start()
    // Two of a kind would not yet cost the connection: both kinds must count.
    for (const bytes of [200, 4_000, 200, 4_000]) await shout(new Uint8Array(randomBytes(bytes)))
    await until('the hostile peer is cut off', () => !victim.node.peers().includes(hostile.peerId))
    const back = { peerId: victim.node.peerId, addresses: victim.node.addresses() }
    await hostile.dial(back).catch(() => undefined)
    await until('it did not come back', () => !victim.node.peers().includes(hostile.peerId))
    await stillHears(victim, honest)
  })

  it('cuts off a peer that relays forged offers, and lists none of them', async () => {
    const { victim, honest, hostile, shout } = await start()
    for (let i = 0; i < 6; i += 1) {
      // Bound by nobody: the signature is that of another peer's binding.
      const offer = testOffer(hostile)
      const forged = { ...offer, binding: testOffer(honest.node).binding }
      await shout(await sealAnnouncement(hostile.privateKey, forged))
    }
    await until('the hostile peer is cut off', () => !victim.node.peers().includes(hostile.peerId))
    expect(victim.offers()).not.toContain(hostile.peerId)
    await stillHears(victim, honest)
  })

  it('keeps a peer that relays what is merely old', async () => {
    const { victim, honest, hostile, shout } = await start()
    for (let i = 0; i < 8; i += 1) {
      await shout(await sealAnnouncement(hostile.privateKey, testOffer(hostile, -10 - i)))
    }
    await stillHears(victim, honest)
    expect(victim.node.peers()).toContain(hostile.peerId)
    expect(victim.offers()).not.toContain(hostile.peerId)
  })

  it('survives a bundle that claims ten megabytes on the gossip protocol itself', async () => {
    const { victim, honest, hostile } = await start()
    const raw = await hostile.libp2p.dialProtocol(parsePeerId(victim.node.peerId), '/meshsub/1.1.0')
    raw.send(Uint8Array.of(0x80, 0xad, 0xe2, 0x04))
    raw.send(new Uint8Array(100_000))
    await until('the stream is cut off', () => raw.status !== 'open' || raw.remoteWriteStatus === 'closed')
    await stillHears(victim, honest)
  })
})
