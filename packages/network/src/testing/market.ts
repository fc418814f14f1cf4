import { randomBytes } from 'node:crypto'
import { generateKeyPair } from '@libp2p/crypto/keys'
import { addressOf, type NetworkId, networkPath, type Offer, signStruct, toHex } from '@souk/protocol'
import { sealAnnouncement } from '../announcement.ts'
import type { FoundAnnouncement } from '../announcement-judge.ts'
import { type NodeOptions, type SoukNode, startNode } from '../node.ts'
import { type OfferExchange, type OfferExchangeOptions, startOfferExchange } from '../offer-exchange.ts'

/** A network of its own for each test file. */
export function testNetwork(name = 'test'): NetworkId {
  return { name, chainId: 31_337, escrow: toHex(randomBytes(20)) }
}

/** Starts a node on loopback. */
export async function testNode(
  network: NetworkId,
  bootstrap: readonly string[] = [],
  more: Partial<NodeOptions> = {},
): Promise<SoukNode> {
  const privateKey = await generateKeyPair('Ed25519')
  return startNode({ network, privateKey, listen: ['/ip4/127.0.0.1/tcp/0'], bootstrap, dev: true, ...more })
}

let lastSeq = 0

/** Returns a valid offer of a node, bound by a fresh delegate. */
export function testOffer(
  node: Pick<SoukNode, 'network' | 'peerId' | 'addresses'>,
  ttlSeconds = 90,
  change: Partial<Offer> = {},
): Offer {
  const delegate = randomBytes(32)
  const account = toHex(randomBytes(20))
  const nowSeconds = Math.floor(Date.now() / 1_000)
  const expires = nowSeconds + 86_400
  lastSeq = Math.max(Date.now(), lastSeq + 1)
  return {
    kind: 'offer',
    network: networkPath(node.network),
    seq: lastSeq,
    expires: nowSeconds + ttlSeconds,
    account,
    subject: addressOf(delegate),
    binding: {
      expires,
      signature: signStruct(delegate, node.network, 'PeerBinding', { peerId: node.peerId, account, expires }),
    },
    addresses: node.addresses().slice(0, 8),
    free: { millicores: 1_000, memoryBytes: 2 ** 30, diskBytes: 2 ** 30, gpus: [] },
    coreMibPerSecond: 200,
    prices: { startFee: 1n, coreSecondE12: 10n ** 12n, gibSecondE12: 10n ** 11n, gpuSecondE12: 0n },
    gpuClasses: [],
    runtimes: [{ name: 'wasm/1', sandbox: 'process' }],
    region: null,
    ...change,
  }
}

/** A node that sells and hears. */
export interface TestPeer {
  readonly node: SoukNode
  readonly exchange: OfferExchange
  readonly found: FoundAnnouncement[]
  /** Returns the peers whose offers were found and not withdrawn. */
  offers(): Set<string>
}

/** Starts an exchange on a node: a seller with `sells`, else a buyer. */
export async function testExchange(
  node: SoukNode,
  sells: boolean,
  more: Partial<OfferExchangeOptions> = {},
): Promise<TestPeer> {
  const found: FoundAnnouncement[] = []
  const exchange = await startOfferExchange(node, {
    publish: sells ? ['cpu'] : [],
    hear: ['cpu'],
    onAnnouncement: (announcement) => found.push(announcement),
    ...(sells && { current: (ttl) => sealAnnouncement(node.privateKey, testOffer(node, ttl)) }),
    ...more,
  })
  const offers = () => {
    const newest = new Map(found.map(({ peerId, announcement }) => [peerId, announcement.kind]))
    return new Set([...newest].filter(([, kind]) => kind === 'offer').map(([peerId]) => peerId))
  }
  return { node, exchange, found, offers }
}

/** Waits until `condition` holds; throws with `what` after `ms`. */
export async function until(what: string, condition: () => boolean, ms = 10_000): Promise<void> {
  const end = performance.now() + ms
  while (!condition()) {
    if (performance.now() > end) throw new Error(`waited ${ms} ms in vain until ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
