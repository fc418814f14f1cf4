import type { Ed25519PrivateKey } from '@libp2p/interface'
import { peerIdFromPublicKey } from '@libp2p/peer-id'
import { RecordEnvelope } from '@libp2p/peer-record'
import { type Announcement, announcementCodec, LIMITS, utf8 } from '@souk/protocol'
import { equals } from 'uint8arrays/equals'
import { asNetworkError, NetworkError } from './errors.ts'

/** What keeps our signatures apart from every other use of a node key (PROTOCOL §5). */
const DOMAIN = 'souk announcement 1'
/** Says how the envelope's payload is to be read. */
const PAYLOAD_TYPE = utf8('/souk/announcement/1')

/** An announcement with the peer that its envelope names. */
export interface OpenedAnnouncement {
  readonly peerId: string
  readonly announcement: Announcement
}

/** An opened envelope whose signature was not checked yet. */
export interface UncheckedAnnouncement extends OpenedAnnouncement {
  /** Checks the envelope's signature. */
  isSigned(): Promise<boolean>
}

/**
 * Signs an announcement with the node key, as a libp2p envelope with its own domain.
 *
 * Throws {@link NetworkError} `TOO_LARGE` above `LIMITS.offerBytes` with the envelope.
 */
export async function sealAnnouncement(
  privateKey: Ed25519PrivateKey,
  announcement: Announcement,
): Promise<Uint8Array> {
  const payload = announcementCodec.encode(announcement)
  const record = { domain: DOMAIN, codec: PAYLOAD_TYPE, marshal: () => payload, equals: () => false }
  const sealed = (await RecordEnvelope.seal(record, privateKey)).marshal()
  if (sealed.byteLength <= LIMITS.offerBytes) return sealed
  throw new NetworkError(
    `expected an announcement of at most ${LIMITS.offerBytes} bytes, got ${sealed.byteLength}; list fewer addresses or GPUs`,
    { code: 'TOO_LARGE' },
  )
}

/** Opens an announcement and checks its signature; throws {@link NetworkError} `MALFORMED` or `TOO_LARGE`. */
export async function openAnnouncement(bytes: Uint8Array): Promise<OpenedAnnouncement> {
  const { peerId, announcement, isSigned } = readAnnouncement(bytes)
  if (await isSigned()) return { peerId, announcement }
  throw new NetworkError(
    `expected an announcement signed by ${peerId}, its signature does not fit; dropped`,
    {
      code: 'MALFORMED',
      peer: peerId,
    },
  )
}

/** Opens an announcement without checking its signature; throws like {@link openAnnouncement}. */
export function readAnnouncement(bytes: Uint8Array): UncheckedAnnouncement {
  if (bytes.byteLength > LIMITS.offerBytes) {
    throw new NetworkError(`expected at most ${LIMITS.offerBytes} bytes, got ${bytes.byteLength}`, {
      code: 'TOO_LARGE',
    })
  }
  try {
    return read(bytes)
  } catch (error) {
    throw asNetworkError(error, 'MALFORMED', 'expected a signed announcement')
  }
}

function read(bytes: Uint8Array): UncheckedAnnouncement {
  const envelope = RecordEnvelope.createFromProtobuf(bytes)
  // The envelope's own encoding is not signed: one announcement must not come in many forms.
  if (!equals(envelope.marshal(), bytes)) throw new Error('an envelope in another encoding')
  if (!equals(envelope.payloadType, PAYLOAD_TYPE)) throw new Error('an envelope of another kind')
  // Other key types make names that are not keys, or signatures that take long to check.
  if (envelope.publicKey.type !== 'Ed25519') throw new Error('an envelope of another key type')
  return {
    peerId: peerIdFromPublicKey(envelope.publicKey).toString(),
    announcement: announcementCodec.decode(envelope.payload),
    isSigned: () => envelope.validate(DOMAIN),
  }
}
