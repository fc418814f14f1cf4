import { type Finding, type HealthLevel, WELL } from './health-gauge.ts'

/** Milliseconds by which date and monotonic clock may part between two looks: more is a jump. */
const JUMP_MS = 5_000
/** Milliseconds that a clock must be steady after it jumped. */
const STEADY_MS = 60_000
/** Milliseconds by which the date may be off from the chain's, or the peers', and from which it is right again. */
const OFF_MS = 60_000
const RIGHT_MS = 30_000
/** Milliseconds for which what the chain or a peer said of the time counts. */
const WITNESS_MS = 15 * 60_000
/** Heads remembered, and peers: enough to outvote a late one. */
const MOST_HEADS = 16
const MOST_PEERS = 64
/** Peers that must agree, and announcements by which one counts: a first may have been kept for long by somebody. */
const LEAST_PEERS = 3
const LEAST_ANNOUNCEMENTS = 2

/** Two clocks read together. */
export interface Instant {
  readonly monotonicMs: number
  readonly dateMs: number
}

/** What is known of the date; positive where it is ahead of others, `null` where nobody says. */
export interface ClockReading {
  /** The last jump within the time that it must be steady; 0 for none. */
  readonly jumpMs: number
  readonly aheadOfChainMs: number | null
  readonly aheadOfPeersMs: number | null
}

/** Says whether the date can be trusted: offers with a wrong one are old before they are read, or never run out. */
export function judgeClock(before: HealthLevel, reading: ClockReading): Finding {
  const bound = before === 'failing' ? RIGHT_MS : OFF_MS
  const { jumpMs, aheadOfChainMs: chain, aheadOfPeersMs: peers } = reading
  if (chain !== null && Math.abs(chain) > bound) return { level: 'failing', why: off(chain, 'the chain') }
  // Peers cost next to nothing, blocks do not: where the chain says that the date is right, they are not asked.
  if (chain === null && peers !== null && Math.abs(peers) > bound)
    return { level: 'failing', why: off(peers, 'the peers') }
  if (jumpMs === 0) return WELL
  return { level: 'degraded', why: `the clock jumped by ${seconds(jumpMs)} s`, isCertain: true }
}

/** Gathers what date, chain and peers say of the time. */
export class ClockBook {
  #last: Instant
  #jump: { readonly ms: number; readonly atMs: number } | null = null
  #newest = -1
  #heads: { readonly aheadMs: number; readonly atMs: number }[] = []
  readonly #peers = new Map<string, { aheadMs: number; count: number; atMs: number }>()

  constructor(now: Instant) {
    this.#last = now
  }

  /** Reads both clocks again; what others said before a jump was about another date. */
  look(now: Instant): void {
    const ms = now.dateMs - this.#last.dateMs - (now.monotonicMs - this.#last.monotonicMs)
    this.#last = now
    if (Math.abs(ms) < JUMP_MS) return
    this.#jump = { ms, atMs: now.monotonicMs }
    this.#heads = []
    this.#peers.clear()
  }

  /** Takes a new head; the first that this process sees may be an old one. */
  head({ number, timestampSeconds }: { number: number; timestampSeconds: number }, now: Instant): void {
    if (number <= this.#newest) return
    const isFirst = this.#newest < 0
    this.#newest = number
    if (isFirst) return
    this.#heads.push({ aheadMs: now.dateMs - 1_000 * timestampSeconds, atMs: now.monotonicMs })
    if (this.#heads.length > MOST_HEADS) this.#heads.shift()
  }

  /** Takes the date that a peer put on an announcement; the newest it ever said counts, for the others came late. */
  heard(peerId: string, itsDateMs: number, now: Instant): void {
    const known = this.#peers.get(peerId)
    this.#peers.delete(peerId)
    const aheadMs = Math.min(known?.aheadMs ?? Number.POSITIVE_INFINITY, now.dateMs - itsDateMs)
    this.#peers.set(peerId, { aheadMs, count: (known?.count ?? 0) + 1, atMs: now.monotonicMs })
    const oldest = this.#peers.keys().next().value
    if (this.#peers.size > MOST_PEERS && oldest !== undefined) this.#peers.delete(oldest)
  }

  /** Returns what is known now. */
  reading(nowMs: number): ClockReading {
    const counts = ({ atMs }: { readonly atMs: number }) => nowMs - atMs <= WITNESS_MS
    const jumped = this.#jump !== null && nowMs - this.#jump.atMs < STEADY_MS ? this.#jump.ms : 0
    const heads = this.#heads.filter(counts).map(({ aheadMs }) => aheadMs)
    const peers = [...this.#peers.values()].filter((one) => counts(one) && one.count >= LEAST_ANNOUNCEMENTS)
    return {
      jumpMs: jumped,
      // A head may come late, and never early: the one that comes nearest counts.
      aheadOfChainMs: heads.toSorted((a, b) => Math.abs(a) - Math.abs(b))[0] ?? null,
      aheadOfPeersMs: peers.length < LEAST_PEERS ? null : median(peers.map(({ aheadMs }) => aheadMs)),
    }
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

function off(aheadMs: number, whose: string): string {
  return `the clock is ${seconds(Math.abs(aheadMs))} s ${aheadMs > 0 ? 'ahead of' : 'behind'} that of ${whose}`
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(1)
}
