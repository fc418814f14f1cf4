import {
  type Announcement,
  errorCode,
  type NetworkId,
  networkPath,
  type Offer,
  requireSigned,
  WireError,
} from '@souk/protocol'
import { equals } from 'uint8arrays/equals'
import { readAnnouncement, type UncheckedAnnouncement } from './announcement.ts'
import { BOUNDS } from './bounds.ts'
import type { KnownAnnouncement } from './known-announcements.ts'
import { MAX_TTL_SECONDS } from './offer-topics.ts'

/** Seconds that honest clocks may differ. */
const CLOCK_SKEW_SECONDS = 120

/**
 * What to do with an announcement: `accept` uses it and passes it on, `ignore` drops it, `reject` also blames
 * whoever sent it.
 */
export type Verdict = 'accept' | 'ignore' | 'reject'

/** The rule that an announcement broke. */
export type AnnouncementFault =
  | 'too-large'
  | 'malformed'
  | 'wrong-network'
  | 'wrong-peer'
  | 'expired'
  | 'too-far-ahead'
  | 'stale'
  | 'binding-expired'
  | 'bad-signature'
  | 'bad-binding'

/** What the validator says. */
export type Validation =
  | {
      readonly verdict: 'accept'
      readonly peerId: string
      readonly announcement: Announcement
      /** True for the very announcement that is known already: nothing new for the index. */
      readonly repeated: boolean
    }
  | { readonly verdict: 'ignore' | 'reject'; readonly code: AnnouncementFault }

/** What the rules compare with. */
export interface ValidationContext {
  readonly network: NetworkId
  /** Unix seconds. */
  readonly nowSeconds: number
  /** Returns the newest announcement known of a peer. */
  known(peerId: string): KnownAnnouncement | undefined
  /** Remembers bindings that were verified; see {@link makeBindingCache}. */
  readonly bindings: BindingCache
  /** The peer that must have signed, where it was asked directly. */
  readonly expectedPeer?: string
}

/** Verified bindings by their fields, so that each is verified once. */
export type BindingCache = Set<string>

/** Makes an empty binding cache. */
export function makeBindingCache(): BindingCache {
  return new Set()
}

interface Rule {
  readonly code: AnnouncementFault
  readonly verdict: 'ignore' | 'reject'
  holds(opened: UncheckedAnnouncement, context: ValidationContext): boolean | Promise<boolean>
}

/**
 * Every rule after size and form, cheapest first, signatures last. Time and order are ignored, not rejected:
 * an honest relay cannot know our clock or what we have seen.
 */
const RULES: readonly Rule[] = [
  // PROTOCOL §5.1: the announcement names this network.
  {
    code: 'wrong-network',
    verdict: 'reject',
    holds: ({ announcement }, { network }) => announcement.network === networkPath(network),
  },
  // PROTOCOL §5.2: an answer is signed by the peer that was asked.
  {
    code: 'wrong-peer',
    verdict: 'reject',
    holds: ({ peerId }, { expectedPeer }) => expectedPeer === undefined || expectedPeer === peerId,
  },
  // PROTOCOL §5.3: it has not expired; a withdrawal lives as long as any offer could.
  {
    code: 'expired',
    verdict: 'ignore',
    holds: ({ announcement }, { nowSeconds }) => expiry(announcement) > nowSeconds,
  },
  // PROTOCOL §5.4: it does not outlive the longest time to live.
  {
    code: 'too-far-ahead',
    verdict: 'ignore',
    holds: ({ announcement }, { nowSeconds }) =>
      expiry(announcement) <= nowSeconds + MAX_TTL_SECONDS + CLOCK_SKEW_SECONDS,
  },
  // PROTOCOL §5.5: it is newer than what is known of its peer.
  {
    code: 'stale',
    verdict: 'ignore',
    holds: ({ peerId, announcement }, { known }) =>
      announcement.seq > (known(peerId)?.announcement.seq ?? -1),
  },
  // PROTOCOL §5.6: the delegate's binding is still valid.
  {
    code: 'binding-expired',
    verdict: 'ignore',
    holds: ({ announcement }, { nowSeconds }) =>
      announcement.kind === 'tombstone' || announcement.binding.expires > nowSeconds,
  },
  // PROTOCOL §5.7: the envelope is signed by the peer it names (Ed25519, about a tenth of a millisecond).
  { code: 'bad-signature', verdict: 'reject', holds: ({ isSigned }) => isSigned() },
  // PROTOCOL §5.8: the subject signed the binding of this peer to the account (secp256k1, about a millisecond).
  {
    code: 'bad-binding',
    verdict: 'reject',
    holds: ({ peerId, announcement }, context) =>
      announcement.kind === 'tombstone' || isBound(peerId, announcement, context),
  },
]

/** Judges a sealed announcement, however it came: by gossip, fetched, or from a directory. Never throws. */
export async function validateAnnouncement(
  bytes: Uint8Array,
  context: ValidationContext,
): Promise<Validation> {
  const opened = tryRead(bytes)
  if (typeof opened === 'string') return { verdict: 'reject', code: opened }
  const { peerId, announcement } = opened
  const accepted = { verdict: 'accept', peerId, announcement } as const
  const known = context.known(peerId)
  if (known !== undefined && equals(known.sealed, bytes)) return { ...accepted, repeated: true }
  for (const rule of RULES) {
    if (!(await rule.holds(opened, context))) return { verdict: rule.verdict, code: rule.code }
  }
  return { ...accepted, repeated: false }
}

function tryRead(bytes: Uint8Array): UncheckedAnnouncement | 'too-large' | 'malformed' {
  try {
    return readAnnouncement(bytes)
  } catch (error) {
    return errorCode(error) === 'TOO_LARGE' ? 'too-large' : 'malformed'
  }
}

/** Unix seconds. A withdrawal carries only the milliseconds of its sequence number. */
function expiry(announcement: Announcement): number {
  return announcement.kind === 'offer' ? announcement.expires : announcement.seq / 1_000 + MAX_TTL_SECONDS
}

function isBound(peerId: string, offer: Offer, { network, bindings }: ValidationContext): boolean {
  const { account, subject, binding } = offer
  const key = [peerId, account, subject, binding.expires, binding.signature].join(' ')
  if (bindings.has(key)) return true
  try {
    requireSigned(
      network,
      'PeerBinding',
      { peerId, account, expires: binding.expires },
      binding.signature,
      subject,
    )
  } catch (error) {
    if (error instanceof WireError) return false
    throw error
  }
  remember(bindings, key)
  return true
}

function remember(bindings: BindingCache, key: string): void {
  bindings.add(key)
  const oldest = bindings.values().next().value
  if (bindings.size > BOUNDS.knownBindings && oldest !== undefined) bindings.delete(oldest)
}
