export { type OpenedAnnouncement, openAnnouncement, sealAnnouncement } from './announcement.ts'
export type { FoundAnnouncement, Via } from './announcement-judge.ts'
export { BOUNDS } from './bounds.ts'
export { connectedAddresses, dialledAddresses } from './dialled-addresses.ts'
export { NetworkError, type NetworkErrorCode } from './errors.ts'
export { fetchBlocks, type Taker } from './fetch-blocks.ts'
export { type FetchOptions, type FetchProgress, fetchContent } from './fetch-content.ts'
export type { FetchSources } from './fetch-peers.ts'
export type { FrameStream, StreamEnding } from './frame-stream.ts'
export {
  type AskedProof,
  askGpuProof,
  type GrantProof,
  type OpenRow,
  type ProofRefusal,
  ProofRefused,
  type ProofRow,
  type ReadyProof,
  type RemoteProof,
  serveGpuProofs,
} from './gpu-proof.ts'
export { handleLeaseStreams, openLeaseStream } from './lease-streams.ts'
export { prefixed, splitMessages } from './length-prefix.ts'
export { type NodeOptions, type SoukNode, startNode } from './node.ts'
export { loadNodeKey } from './node-key.ts'
export { type DirectoryFilter, directoryFilter } from './offer-directory.ts'
export { type OfferExchange, type OfferExchangeOptions, startOfferExchange } from './offer-exchange.ts'
export {
  announceInterval,
  announcementTtl,
  bucketCount,
  bucketOf,
  classesOf,
  MAX_TTL_SECONDS,
  OFFER_CLASSES,
  type OfferClass,
} from './offer-topics.ts'
export type { AskOptions } from './one-answer.ts'
export { type PeerTarget, targetPeerId } from './peer-target.ts'
export { probePeer, serveProbes } from './probe.ts'
export { askReach, type ReachDesk, serveReach } from './reach.ts'
export { measureRoundTrip } from './round-trip.ts'
export { type ServedBlocks, serveBlocks } from './serve-blocks.ts'
export { SessionError, type SessionErrorCode, sessionCodeOf, sessionError } from './session-error.ts'
export { openSession, type Session, type SessionOptions, type SessionWish } from './session-open.ts'
export type { SessionLink } from './session-pipe.ts'
export {
  type GrantSession,
  handleSessions,
  type ServedSession,
  type SessionGrant,
  type SessionRefusal,
  type SessionRequest,
} from './session-serve.ts'
export { fetchUptimePage, serveUptimeBook } from './uptime-book.ts'
export {
  type AnnouncementFault,
  makeBindingCache,
  type Validation,
  type ValidationContext,
  type Verdict,
  validateAnnouncement,
} from './validate-announcement.ts'
export { fetchVote, type SignedVote, serveVotes, type VoteAsker } from './votes.ts'
