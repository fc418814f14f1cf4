import type { Ed25519PrivateKey, Libp2p } from '@libp2p/interface'
import type { NetworkId } from '@souk/protocol'
import { keepConnected } from './bootstrap.ts'
import { BOUNDS } from './bounds.ts'
import { startDeadline } from './deadline.ts'
import { asNetworkError, NetworkError } from './errors.ts'
import { DISCONNECT_SCORE } from './gossip-settings.ts'
import { createNode, type Services } from './libp2p-settings.ts'
import { makePeerGate, type PeerGate } from './peer-gate.ts'
import {
  type PeerTarget,
  parsePeerAddress,
  parsePeerId,
  targetAddresses,
  targetPeerId,
} from './peer-target.ts'

/** How a node joins a network. */
export interface NodeOptions {
  readonly network: NetworkId
  /** Names the peer and signs its offers; see {@link loadNodeKey}. */
  readonly privateKey: Ed25519PrivateKey
  /** Multiaddrs to listen on, TCP or WebSocket, such as `/ip4/127.0.0.1/tcp/0` and `/ip4/0.0.0.0/tcp/9000/ws`. */
  readonly listen: readonly string[]
  /** Multiaddrs with `/p2p/<peer id>` of peers to stay connected to. */
  readonly bootstrap: readonly string[]
  /** True on loopback networks, where every peer shares one address. */
  readonly dev: boolean
  /** Whether to keep routing records for others; default: when listening. */
  readonly dhtServer?: boolean
  readonly maxConnections?: number
  /** Aborts the start. */
  readonly signal?: AbortSignal
}

/** A running peer of one network. */
export interface SoukNode {
  readonly network: NetworkId
  readonly peerId: string
  readonly privateKey: Ed25519PrivateKey
  /** Aborts when the node stops, and with it whatever runs on it. */
  readonly signal: AbortSignal
  /** The node underneath, for the other parts of this package and for benchmarks. */
  readonly libp2p: Libp2p<Services>
  /** Returns the addresses others can dial, each with `/p2p/<peer id>`. */
  addresses(): string[]
  /** Returns the peers we are connected to. */
  peers(): string[]
  /** Connects to a peer and returns its id; throws {@link NetworkError} `UNREACHABLE`, `TIMEOUT`, `BAD_ADDRESS`. */
  dial(target: PeerTarget | { readonly address: string }, options?: { signal?: AbortSignal }): Promise<string>
  /** Calls back whenever the last connection to `peerId` ends, by either side or by loss; returns the undo. */
  onDisconnect(peerId: string, callback: () => void): () => void
  /** Calls back whenever a first connection to any peer opens; returns the undo. */
  onConnect(callback: (peerId: string) => void): () => void
  /** Cuts all connections to a peer. */
  disconnect(peerId: string): Promise<void>
  /** Cuts a peer off and refuses it for a while: for proven misbehaviour only. */
  ban(peerId: string): void
  /** Ends all streams and connections and closes the listeners; may be called again. */
  stop(): Promise<void>
}

/**
 * Starts a peer: TCP and WebSockets, noise, yamux, identify, ping, a DHT and gossip of its own network.
 *
 * Returns once it listens; bootstrap peers are dialled in the background for as long as it runs. Throws
 * {@link NetworkError} `BAD_ADDRESS` for a bootstrap address without peer id, `ABORTED` by the signal.
 */
export async function startNode(options: NodeOptions): Promise<SoukNode> {
  const bootstrap = options.bootstrap.map(parsePeerAddress)
  const gate = makePeerGate()
  const libp2p = await createNode({
    network: options.network,
    privateKey: options.privateKey,
    listen: options.listen,
    dev: options.dev,
    dhtServer: options.dhtServer ?? options.listen.length > 0,
    maxConnections: options.maxConnections ?? BOUNDS.connections,
    gater: gate.gater,
  })
  const life = new AbortController()
  const node = makeNode(options, libp2p, gate, life)
  if (options.signal?.aborted) {
    await node.stop()
    throw new NetworkError('stopped by its caller while starting', { code: 'ABORTED' })
  }
  disconnectBadScores(libp2p, node, life.signal)
  for (const peer of bootstrap) void keepConnected(node, peer, life.signal)
  return node
}

function makeNode(
  { network, privateKey }: NodeOptions,
  libp2p: Libp2p<Services>,
  gate: PeerGate,
  life: AbortController,
): SoukNode {
  let stopped: Promise<void> | undefined
  const node: SoukNode = {
    network,
    privateKey,
    libp2p,
    signal: life.signal,
    peerId: libp2p.peerId.toString(),
    addresses: () => libp2p.getMultiaddrs().map((address) => address.toString()),
    peers: () => libp2p.getPeers().map((peer) => peer.toString()),
    dial: (target, { signal } = {}) => dial(libp2p, target, signal),
    onDisconnect: (peerId, callback) =>
      listen(libp2p, 'peer:disconnect', (peer) => {
        if (peer === peerId) callback()
      }),
    onConnect: (callback) => listen(libp2p, 'peer:connect', callback),
    disconnect: (peerId) => libp2p.hangUp(parsePeerId(peerId)),
    ban(peerId) {
      gate.ban(peerId)
      for (const connection of libp2p.getConnections(parsePeerId(peerId))) {
        connection.abort(new NetworkError('peer banned', { code: 'ABORTED', peer: peerId }))
      }
    },
    stop() {
      life.abort()
      stopped ??= stop(libp2p)
      return stopped
    },
  }
  return node
}

async function dial(
  libp2p: Libp2p<Services>,
  target: PeerTarget | { readonly address: string },
  signal?: AbortSignal,
): Promise<string> {
  if (typeof target === 'object' && 'address' in target) {
    const { peerId } = parsePeerAddress(target.address)
    return await dial(libp2p, { peerId, addresses: [target.address] }, signal)
  }
  const peerId = targetPeerId(target)
  const peer = parsePeerId(peerId)
  if (libp2p.getConnections(peer).some((connection) => connection.status === 'open')) return peerId
  const addresses = targetAddresses(target)
  const deadline = startDeadline(BOUNDS.openMs, signal)
  try {
    await libp2p.dial(addresses.length > 0 ? addresses : peer, { signal: deadline.signal })
    return peerId
  } catch (error) {
    const reason = deadline.signal.reason
    throw asNetworkError(
      deadline.signal.aborted && reason instanceof NetworkError ? reason : error,
      'UNREACHABLE',
      `expected to reach ${peerId}`,
      peerId,
    )
  } finally {
    deadline.clear()
  }
}

function listen(
  libp2p: Libp2p<Services>,
  name: 'peer:connect' | 'peer:disconnect',
  callback: (peerId: string) => void,
): () => void {
  const listener = (event: CustomEvent) => callback(String(event.detail))
  libp2p.addEventListener(name, listener)
  return () => libp2p.removeEventListener(name, listener)
}

/** Bans peers whose gossip score fell too low: gossipsub itself only stops listening to them. */
function disconnectBadScores(libp2p: Libp2p<Services>, node: SoukNode, signal: AbortSignal): void {
  const gossip = libp2p.services.gossip
  const check = () => {
    for (const peer of gossip.getPeers().map(String)) {
      if (gossip.getScore(peer) < DISCONNECT_SCORE) node.ban(peer)
    }
  }
  gossip.addEventListener('gossipsub:heartbeat', check)
  signal.addEventListener('abort', () => gossip.removeEventListener('gossipsub:heartbeat', check))
}

/** Stops within a bound: a peer that never answers a close must not keep us running. */
async function stop(libp2p: Libp2p<Services>): Promise<void> {
  const cut = setTimeout(() => {
    for (const connection of libp2p.getConnections()) {
      connection.abort(new NetworkError('node stopped', { code: 'ABORTED' }))
    }
  }, BOUNDS.stopMs)
  try {
    await libp2p.stop()
  } finally {
    clearTimeout(cut)
  }
}
