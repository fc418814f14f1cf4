import { networkPath, type Tombstone } from '@souk/protocol'
import { openAnnouncement, sealAnnouncement } from './announcement.ts'
import type { SoukNode } from './node.ts'
import { announcementTtl } from './offer-topics.ts'

/** Our own offer as it was last announced. */
export interface OwnOffer {
  readonly sealed: Uint8Array
  readonly seq: number
  /** Unix seconds. */
  readonly expires: number
}

/** What the voice speaks through. */
export interface VoiceOutlets {
  /** Returns a newly sealed offer valid for `ttlSeconds`, or null. */
  current(ttlSeconds: number): Uint8Array | null | Promise<Uint8Array | null>
  /** Returns the number of bonded offers, which sets the time to live. */
  count(): number
  /** Sends a sealed offer or withdrawal to everyone who hears us. */
  publish(sealed: Uint8Array, kind: 'offer' | 'tombstone'): Promise<void>
}

/** Tells the network about our own offer. */
export interface OfferVoice {
  /** Announces the current offer, or withdraws the last one when there is none any more. */
  announce(): Promise<void>
  /** Returns the offer last announced while it is valid for a while, else a new one; null when there is none. */
  own(): Promise<Uint8Array | null>
  /** Returns the offer last announced, if it is still valid. */
  last(): Uint8Array | null
  /** Withdraws what was announced. */
  withdraw(): Promise<void>
}

/** Makes a silent voice. Announcements never overlap: the newest sequence number is always sent last. */
export function makeVoice(node: SoukNode, outlets: VoiceOutlets): OfferVoice {
  let offer: OwnOffer | undefined
  let last = Promise.resolve()
  const inOrder = (work: () => Promise<void>) => {
    const done = last.then(work)
    last = done.catch(() => undefined)
    return done
  }

  async function renew(): Promise<void> {
    const sealed = await outlets.current(announcementTtl(outlets.count()))
    if (sealed === null) return await withdraw()
    offer = await readOwn(sealed)
    await outlets.publish(sealed, 'offer')
  }

  async function withdraw(): Promise<void> {
    if (offer === undefined) return
    const seq = Math.max(Date.now(), offer.seq + 1)
    const tombstone: Tombstone = { kind: 'tombstone', network: networkPath(node.network), seq }
    offer = undefined
    await outlets.publish(await sealAnnouncement(node.privateKey, tombstone), 'tombstone')
  }

  const lasts = (seconds: number) => offer !== undefined && offer.expires > Date.now() / 1_000 + seconds
  return {
    announce: () => inOrder(renew),
    withdraw: () => inOrder(withdraw),
    last: () => (lasts(0) ? (offer?.sealed ?? null) : null),
    async own() {
      if (!lasts(announcementTtl(outlets.count()) / 3)) await inOrder(renew)
      return offer?.sealed ?? null
    },
  }
}

async function readOwn(sealed: Uint8Array): Promise<OwnOffer> {
  const { announcement } = await openAnnouncement(sealed)
  const expires = announcement.kind === 'offer' ? announcement.expires : 0
  return { sealed, seq: announcement.seq, expires }
}
