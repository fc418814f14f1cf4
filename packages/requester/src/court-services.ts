import type { Answer } from '@souk/engine'
import { fetchVote, type PeerTarget, type SoukNode } from '@souk/network'
import { errorCode, type Hex, type NetworkId, type Quote } from '@souk/protocol'
import type { ChainLink, CourtLink } from '@souk/settlement'

/** What claims and disputes need from the process around them. */
export interface CourtServices {
  readonly court: CourtLink
  readonly chain: Pick<ChainLink, 'sender' | 'reader'>
  readonly node: SoukNode
  readonly network: NetworkId
  /** Returns where the process with this key was last known to be. */
  find(key: Hex): PeerTarget | undefined
  /** Returns the name of the lease that a quote opens. */
  leaseOf(quote: Quote): Hex
  /** Monotonic milliseconds. */
  clock(): number
  random(bytes: number): Uint8Array
  onProblem(sentence: string, error: unknown): void
}

/** Milliseconds for a watcher or juror to answer. */
const ANSWER_MS = 5_000

/** Asks whoever has `key` for its vote on a subject; `null` for none, for whatever reason. */
export async function askVote({ node, find }: CourtServices, key: Hex, subject: Hex): Promise<Answer | null> {
  const target = find(key)
  if (target === undefined) return null
  return fetchVote(node, target, subject, { timeoutMs: ANSWER_MS }).catch(() => null)
}

/** Sends a call to the court; tells whether it went out. */
export async function sendToCourt(
  { chain, court, onProblem }: CourtServices,
  purpose: string,
  data: Hex,
): Promise<boolean> {
  try {
    await chain.sender.submit({ purpose, to: court.id.court, data })
    return true
  } catch (error) {
    onProblem(`${purpose}: not sent (${errorCode(error)})`, error)
    return false
  }
}
