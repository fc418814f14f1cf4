import { pause } from './deadline.ts'
import type { OfferGossip } from './offer-gossip.ts'
import { announceInterval } from './offer-topics.ts'
import type { OfferVoice } from './offer-voice.ts'

/** Milliseconds between extra announcements for newcomers, and up to how many listeners they are made. */
const NEWCOMER = { everyMs: 750, listeners: 16 } as const

/** What announcing depends on. */
export interface AnnouncingScope {
  readonly gossip: OfferGossip | undefined
  /** Returns the topics we announce in now. */
  topics(): readonly string[]
  /** Returns the number of bonded offers of one topic. */
  count(): number
  /** Brings subscriptions in line with the number of offers. */
  hear(): void
  /** Takes what went wrong with one announcement; the next is tried all the same. */
  onError(error: unknown): void
  readonly signal: AbortSignal
}

/**
 * Announces now, then with jitter every interval of `announceInterval`, until the signal aborts.
 *
 * While a topic has few listeners, a new one hears us within seconds instead of at the next interval; in a large
 * market directory and DHT do that, and announcing for each newcomer would flood it.
 */
export async function keepAnnouncing(voice: OfferVoice, scope: AnnouncingScope): Promise<void> {
  const { gossip, signal } = scope
  let hurry = new AbortController()
  const onStop = () => hurry.abort()
  const forget = gossip?.onListener((topic) => {
    if (scope.topics().includes(topic) && gossip.listeners(topic) <= NEWCOMER.listeners) hurry.abort()
  })
  signal.addEventListener('abort', onStop, { once: true })
  while (!signal.aborted) {
    scope.hear()
    hurry = new AbortController()
    await voice.announce().catch(scope.onError)
    await pause(NEWCOMER.everyMs, signal)
    await pause(announceInterval(scope.count()) * 1_000 * (0.8 + Math.random() * 0.4), hurry.signal)
  }
  forget?.()
}
