/**
 * Every bound of this package that is not part of the wire protocol (those are `LIMITS` of @souk/protocol),
 * with its unit and the failure it stops.
 */

const KIB = 1024
const MIB = 1024 * KIB
const MINUTE_MS = 60_000

export const BOUNDS = {
  /** Bytes buffered per stream before the peer must wait; one frame and a bit. */
  readAheadBytes: 512 * KIB,
  /** Yamux receive window per stream: what a paused reader can be sent; below `streamReadBytes`. */
  streamWindowBytes: 1 * MIB,
  /** Bytes libp2p keeps for a paused stream before it resets it. */
  streamReadBytes: 4 * MIB,
  /** Bytes libp2p queues for a peer that does not read before it resets the stream. */
  streamWriteBytes: 4 * MIB,
  /** Streams a peer may hold open towards us on one connection, all protocols. */
  streamsPerConnection: 256,
  /** Lease streams a peer may hold open towards us: one per lease. */
  leaseStreamsPerPeer: 64,
  /** Block, offer or directory streams a peer may hold open towards us; more is a flood. */
  requestStreamsPerPeer: 16,
  /** Pings of one peer at the same time, each way: detector, market and routing ask without knowing of each other. */
  pingStreams: 8,
  /** Frames waiting to be sent on one lease stream: an outbox re-sent on resume, twice over. */
  sendQueueFrames: 2_048,
  /** Bytes waiting to be sent on one lease stream; a peer that reads nothing stops us here. */
  sendQueueBytes: 16 * MIB,
  /** Bytes joined into one write: more would only delay the first of them. */
  writeBatchBytes: 64 * KIB,
  /**
   * Bytes of a large message in one frame of Yamux, which the peer hands on only once it is whole: four messages of Noise,
   * less the frame's head. With a whole block in one frame a transfer takes a third longer.
   */
  writePieceBytes: 4 * 65_519 - 12,
  /** Milliseconds a peer may accept no byte of what we write before its stream is reset. */
  writeStallMs: 15_000,
  /** Milliseconds for dialling and protocol selection together. */
  openMs: 8_000,
  /** Milliseconds for a peer to answer our closing of a stream. */
  closeMs: 2_000,
  /** Milliseconds for stopping a node before its connections are cut. */
  stopMs: 3_000,
  /** Milliseconds for one offer or directory request; a dead provider record costs at most this. */
  requestMs: 4_000,
  /** Milliseconds a provider record lives: records of dead providers go after two hours instead of two days. */
  recordMs: 120 * MINUTE_MS,
  /** Milliseconds before its end at which a record is placed again. */
  recordRenewalMs: 80 * MINUTE_MS,
  /** Milliseconds between two looks at which records need that. */
  recordCheckMs: 20 * MINUTE_MS,
  /** Milliseconds an address is kept: one forgotten provider of a key empties a server's whole answer. */
  addressMs: 180 * MINUTE_MS,
  /** Milliseconds a peer without addresses is kept. */
  peerMs: 360 * MINUTE_MS,
  /** Milliseconds for one query of the DHT. */
  queryMs: 10_000,
  /** Offers fetched at the same time. */
  parallelFetches: 8,
  /** Providers of one key that are looked at in one round: one bucket and its neighbours' leftovers. */
  providersPerKey: 512,
  /** Block requests to one peer in flight, for all content; below `requestStreamsPerPeer`, or it resets some. */
  blockRequestsPerPeer: 8,
  /**
   * Milliseconds in which changes of our own offer gather into one announcement: a burst of leases must not
   * become a burst of gossip, nor an announcement delay the lease that caused it.
   */
  announceGatherMs: 200,
  /** Announcements remembered for their sequence numbers; the longest unchanged goes first. */
  knownAnnouncements: 16_384,
  /** Verified peer bindings remembered, so that a repeated offer costs one signature check, not two. */
  knownBindings: 16_384,
  /** Peers refused after misbehaviour. */
  bannedPeers: 1_024,
  /** Milliseconds a banned peer is refused. */
  banMs: 600_000,
  /** Connections of a node unless told otherwise: a bucket of 256 offers and some. */
  connections: 400,
} as const
