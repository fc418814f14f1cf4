import { type GossipSub, gossipsub } from '@chainsafe/libp2p-gossipsub'
import { type Identify, identify, identifyPush } from '@libp2p/identify'
import type { ConnectionGater, Ed25519PrivateKey, Libp2p } from '@libp2p/interface'
import { type KadDHT, kadDHT, passthroughMapper } from '@libp2p/kad-dht'
import { noise } from '@libp2p/noise'
import { type Ping, ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import { type NetworkId, protocolId } from '@souk/protocol'
import { createLibp2p } from 'libp2p'
import { BOUNDS } from './bounds.ts'
import { gossipSettings } from './gossip-settings.ts'
import { joinWrites } from './join-writes.ts'

/** The libp2p services a node runs. */
export type Services = {
  identify: Identify
  identifyPush: unknown
  ping: Ping
  dht: KadDHT
  gossip: GossipSub & { getScore(peerId: string): number }
}

/** What differs from node to node. */
export interface Libp2pSettings {
  readonly network: NetworkId
  readonly privateKey: Ed25519PrivateKey
  readonly listen: readonly string[]
  readonly dhtServer: boolean
  readonly dev: boolean
  readonly maxConnections: number
  readonly gater: ConnectionGater
}

/** Creates and starts the libp2p node; every deviation from a default has its reason beside it. */
export function createNode(settings: Libp2pSettings): Promise<Libp2p<Services>> {
  return createLibp2p<Services>({
    privateKey: settings.privateKey,
    addresses: { listen: [...settings.listen] },
    transports: [tcp(), webSockets()],
    connectionEncrypters: [joinWrites(noise())],
    streamMuxers: [muxer()],
    connectionGater: settings.gater,
    connectionManager: {
      maxConnections: settings.maxConnections,
      // All peers of a dev network share one address, and connect at once.
      inboundConnectionThreshold: settings.dev ? 1_000 : 5,
      maxIncomingPendingConnections: settings.dev ? 200 : 20,
      dialTimeout: BOUNDS.openMs,
      addressDialTimeout: BOUNDS.requestMs,
    },
    // Our own detector decides who is dead; a late ping must not cut a working lease.
    connectionMonitor: { abortConnectionOnPingFailure: false },
    // Addresses outlive the provider records that point to them, or lookups come back empty.
    peerStore: { maxAddressAge: BOUNDS.addressMs, maxPeerAge: BOUNDS.peerMs },
    services: {
      identify: identify(),
      // Protocols are registered after the first connections; without a push peers never learn of them.
      identifyPush: identifyPush({ debounce: 50 }),
      ping: ping({ maxInboundStreams: BOUNDS.pingStreams, maxOutboundStreams: BOUNDS.pingStreams }),
      dht: dht(settings),
      gossip: (components) => gossipsub(gossipSettings(settings.network))(components) as Services['gossip'],
    },
  })
}

function muxer() {
  return yamux({
    maxInboundStreams: BOUNDS.streamsPerConnection,
    maxOutboundStreams: BOUNDS.streamsPerConnection,
    streamOptions: {
      maxStreamWindowSize: BOUNDS.streamWindowBytes,
      maxReadBufferLength: BOUNDS.streamReadBytes,
      maxWriteBufferLength: BOUNDS.streamWriteBytes,
      inactivityTimeout: Number.MAX_SAFE_INTEGER,
    },
  })
}

function dht({ network, dhtServer }: Libp2pSettings) {
  return kadDHT({
    protocol: protocolId(network, 'kad'),
    clientMode: !dhtServer,
    peerInfoMapper: passthroughMapper,
    initialQuerySelfInterval: 100,
    reprovide: {
      validity: BOUNDS.recordMs,
      threshold: BOUNDS.recordRenewalMs,
      interval: BOUNDS.recordCheckMs,
    },
  })
}
