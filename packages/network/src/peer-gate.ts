import type { ConnectionGater } from '@libp2p/interface'
import { BOUNDS } from './bounds.ts'

/** Peers that are refused for a while because they misbehaved. */
export interface PeerGate {
  ban(peerId: string): void
  isBanned(peerId: string): boolean
  readonly gater: ConnectionGater
}

/** Makes an empty gate; `now` returns milliseconds. */
export function makePeerGate(now: () => number = Date.now): PeerGate {
  const bannedUntil = new Map<string, number>()
  const isBanned = (peerId: string) => (bannedUntil.get(peerId) ?? 0) > now()
  return {
    isBanned,
    ban(peerId) {
      bannedUntil.delete(peerId)
      bannedUntil.set(peerId, now() + BOUNDS.banMs)
      const oldest = bannedUntil.keys().next().value
      if (bannedUntil.size > BOUNDS.bannedPeers && oldest !== undefined) bannedUntil.delete(oldest)
    },
    gater: {
      denyDialMultiaddr: () => false,
      denyDialPeer: (peer) => isBanned(peer.toString()),
      denyInboundEncryptedConnection: (peer) => isBanned(peer.toString()),
      denyOutboundEncryptedConnection: (peer) => isBanned(peer.toString()),
    },
  }
}
