import type { GossipsubOpts } from '@chainsafe/libp2p-gossipsub'
import { LIMITS, type NetworkId, sha256, utf8 } from '@souk/protocol'
import { concat } from 'uint8arrays/concat'
import { allTopics } from './offer-topics.ts'

/** Score below which we end the connection: four invalid messages within a minute. */
export const DISCONNECT_SCORE = -80

/** Bytes of one gossip message bundle: 64 offers with their topics, or subscriptions to every bucket. */
const RPC_BYTES = 64 * (LIMITS.offerBytes + 256)

/** Score of one topic: a good deliverer earns little, an invalid message costs much and is forgotten slowly. */
const TOPIC_SCORE = {
  topicWeight: 1,
  timeInMeshWeight: 0.001,
  timeInMeshQuantum: 1_000,
  timeInMeshCap: 3_600,
  firstMessageDeliveriesWeight: 0.1,
  firstMessageDeliveriesDecay: 0.9,
  firstMessageDeliveriesCap: 20,
  // Quiet topics are normal here: an unchanged offer is announced every 30 s at most.
  meshMessageDeliveriesWeight: 0,
  meshMessageDeliveriesDecay: 0.5,
  meshMessageDeliveriesCap: 1,
  meshMessageDeliveriesThreshold: 1,
  meshMessageDeliveriesWindow: 10,
  meshMessageDeliveriesActivation: 1_000,
  meshFailurePenaltyWeight: 0,
  meshFailurePenaltyDecay: 0.5,
  // The square of the count of invalid messages, which halves in a minute.
  invalidMessageDeliveriesWeight: -6,
  invalidMessageDeliveriesDecay: 0.989,
}

/** Returns gossip settings for the offer topics of `network`: each deviates from a default that failed in a test of this package. */
export function gossipSettings(network: NetworkId): Partial<GossipsubOpts> {
  const topics = allTopics(network)
  return {
    // Announcements carry their own signature: a second one would only cost bytes and time.
    globalSignaturePolicy: 'StrictNoSign',
    // One announcement goes to several topics; each must be passed on in each.
    msgIdFn: (message) => sha256(concat([utf8(`${message.topic}\n`), message.data])),
    allowPublishToZeroTopicPeers: true,
    ignoreDuplicatePublishError: true,
    emitSelf: false,
    floodPublish: false,
    doPX: false,
    fallbackToFloodsub: false,
    // One bundle of a peer at a time: a flood then waits in its own stream.
    awaitRpcHandler: true,
    awaitRpcMessageHandler: true,
    runOnLimitedConnection: true,
    maxInboundStreams: 2,
    maxOutboundStreams: 2,
    maxInboundDataLength: RPC_BYTES,
    maxOutboundBufferSize: 16 * RPC_BYTES,
    allowedTopics: topics,
    decodeRpcLimits: {
      maxSubscriptions: 256,
      maxMessages: 128,
      maxIhaveMessageIDs: 2_048,
      maxIwantMessageIDs: 2_048,
      maxIdontwantMessageIDs: 512,
      maxControlMessages: 256,
      maxPeerInfos: 0,
    },
    scoreParams: {
      topics: Object.fromEntries(topics.map((topic) => [topic, TOPIC_SCORE])),
      topicScoreCap: 20,
      IPColocationFactorThreshold: 16,
      IPColocationFactorWhitelist: new Set(['127.0.0.1', '::1']),
    },
    scoreThresholds: {
      gossipThreshold: -20,
      publishThreshold: -40,
      graylistThreshold: DISCONNECT_SCORE,
      acceptPXThreshold: 10,
      opportunisticGraftThreshold: 5,
    },
  }
}
