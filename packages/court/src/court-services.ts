import type { Answer, SignedVote } from '@souk/engine'
import { fetchVote, type PeerTarget, type SoukNode } from '@souk/network'
import { errorCode, type Hex, type NetworkId, type Quote } from '@souk/protocol'
import type { ChainLink, CourtLink } from '@souk/settlement'

/** What a dispute needs from the process around it. */
export interface DisputeServices {
  readonly court: CourtLink
  readonly chain: Pick<ChainLink, 'sender' | 'reader' | 'head'>
  readonly node: SoukNode
  readonly network: NetworkId
  /** Returns where the process with this key was last known to be. */
  find(key: Hex): PeerTarget | undefined
  /** Signs that this process serves what the dispute about `subject` needs. */
  plead(subject: Hex): Hex
  /** Monotonic milliseconds. */
  clock(): number
  /** Runs work that must not run beside other such work. */
  exclusively<T>(work: () => Promise<T>): Promise<T>
  /** Hears each vote that is given, before anybody looked at its signature. */
  given(vote: SignedVote): void
  onProblem(sentence: string, error: unknown): void
}

/** What claims need beside that. */
export interface CourtServices extends DisputeServices {
  /** Returns the name of the lease that a quote opens. */
  leaseOf(quote: Quote): Hex
  random(bytes: number): Uint8Array
}

/** Milliseconds for a watcher or juror to answer. */
const ANSWER_MS = 5_000

/**
 * Asks whoever has `key` for its vote on a subject, with a plea that says who serves what it is about; `null` for none,
 * for whatever reason.
 */
export async function askVote(
  { node, find, given }: Pick<DisputeServices, 'node' | 'find' | 'given'>,
  key: Hex,
  subject: Hex,
  plea: Hex | null = null,
): Promise<Answer | null> {
  const target = find(key)
  if (target === undefined) return null
  const vote = await fetchVote(node, target, subject, { timeoutMs: ANSWER_MS, plea }).catch(() => null)
  if (vote !== null) given({ subject, key, ...vote })
  return vote
}

/** A call to the court. */
export interface CourtCall {
  /** What it does, for people. */
  readonly purpose: string
  /** What it is about: while a transaction about the same is under way, also one of an earlier run, none is added. */
  readonly part: string
  readonly data: Hex
}

/** Sends a call to the court, unless it is under way, and waits for it to be `sent` or `mined`; tells whether it was. */
export async function sendToCourt(
  { chain, court, onProblem }: Pick<DisputeServices, 'chain' | 'court' | 'onProblem'>,
  { purpose, part, data }: CourtCall,
  until: 'sent' | 'mined' = 'sent',
): Promise<boolean> {
  try {
    if (chain.sender.carried(chain.head()?.number ?? 0).has(part)) return true
    const { id } = await chain.sender.submit({ purpose, to: court.id.court, data, parts: [part] })
    if (until === 'mined') await chain.sender.wait(id)
    return true
  } catch (error) {
    onProblem(`${purpose}: not sent (${errorCode(error)})`, error)
    return false
  }
}
