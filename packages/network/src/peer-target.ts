import type { PeerId } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { NetworkError } from './errors.ts'

/** Whom to reach: a peer id, or a peer id with addresses to try (of an offer, say). */
export type PeerTarget = string | { readonly peerId: string; readonly addresses: readonly string[] }

/** Returns the peer id of a target as text. */
export function targetPeerId(target: PeerTarget): string {
  return typeof target === 'string' ? target : target.peerId
}

/** Parses a peer id; throws {@link NetworkError} `BAD_ADDRESS`. */
export function parsePeerId(text: string): PeerId {
  try {
    return peerIdFromString(text)
  } catch (cause) {
    throw badAddress('a peer id', text, cause)
  }
}

/** Parses a multiaddr that ends in `/p2p/<peer id>`; throws {@link NetworkError} `BAD_ADDRESS`. */
export function parsePeerAddress(text: string): { peerId: string; address: Multiaddr } {
  const address = parseAddress(text)
  const peerId = addressPeer(address)
  if (peerId === undefined) throw badAddress('an address that ends in /p2p/<peer id>', text)
  return { peerId, address }
}

/** Returns the usable addresses of a target, each with its peer id; those of other peers are left out. */
export function targetAddresses(target: PeerTarget): Multiaddr[] {
  if (typeof target === 'string') return []
  return target.addresses.flatMap((text) => addressOf(text, target.peerId))
}

function addressOf(text: string, peerId: string): Multiaddr[] {
  try {
    const address = multiaddr(text)
    const named = addressPeer(address)
    if (named === undefined) return [address.encapsulate(`/p2p/${peerId}`)]
    return named === peerId ? [address] : []
  } catch {
    // A peer may list an address kind that this version cannot read; the others still count.
    return []
  }
}

function parseAddress(text: string): Multiaddr {
  try {
    return multiaddr(text)
  } catch (cause) {
    throw badAddress('a multiaddr', text, cause)
  }
}

function addressPeer(address: Multiaddr): string | undefined {
  return address
    .getComponents()
    .filter((part) => part.name === 'p2p')
    .at(-1)?.value
}

function badAddress(expected: string, text: string, cause?: unknown): NetworkError {
  return new NetworkError(
    `expected ${expected}, got ${JSON.stringify(text.slice(0, 256))}; check the configuration`,
    { code: 'BAD_ADDRESS' },
    { cause },
  )
}
