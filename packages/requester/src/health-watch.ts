import {
  advanceDetector,
  createDetector,
  DETECTOR_TICK_MS,
  type Detector,
  type DetectorEffect,
  type DetectorEvent,
  failureDomains,
  silentMs,
  UNKNOWN_DOMAIN,
  type Verdict,
  type VerdictReason,
} from '@souk/availability'
import { isOver, type JobEvent } from '@souk/engine'
import { connectedAddresses } from '@souk/network'
import type { Frame } from '@souk/protocol'
import { ProgressBook } from './health-progress.ts'
import { askAnybody, isReachedBy, type ReachServices } from './health-reach.ts'
import { verdictWords } from './health-words.ts'
import type { Report } from './job-reports.ts'
import type { LeaseWatcher, PurchaseRunner } from './purchase-runner.ts'

/** A job that hears of the providers it works with. */
interface WatchingJob {
  /** Milliseconds that one of its attempts may run. */
  readonly deadlineMs: number
  post(event: JobEvent): Promise<void>
  report(report: Report): void
}

/** What watching needs of the process. */
export interface HealthServices extends ReachServices {
  /** Monotonic milliseconds. */
  clock(): number
  readonly jobs: ReadonlyMap<string, WatchingJob>
}

/** One provider under watch, with the leases that we hold of it. */
interface Watched {
  readonly leases: Set<PurchaseRunner>
  /** Those with a channel. */
  readonly open: Set<PurchaseRunner>
  readonly progress: ProgressBook
  /** Since when it is suspect or degraded, by our clock; null while it is neither. */
  doubtedMs: number | null
}

/**
 * Watches every provider that this process holds leases of, by one detector (docs/AVAILABILITY.md): what leases hear
 * goes in, and what comes of silence goes to leases and jobs.
 */
export class HealthWatch implements LeaseWatcher {
  readonly #services: HealthServices
  readonly #detector: Detector
  readonly #peers = new Map<string, Watched>()
  readonly #stopping = new AbortController()
  readonly #ticker: ReturnType<typeof setInterval>

  constructor(services: HealthServices) {
    this.#services = services
    this.#detector = createDetector(services.clock())
    this.#ticker = setInterval(() => this.#post({ type: 'tick' }), DETECTOR_TICK_MS)
  }

  /** Takes a lease under watch whose channel has come up. */
  up(runner: PurchaseRunner): void {
    const { peerId, boot, phase } = runner.state.purchase
    if (isOver(phase) || boot === null) return
    const seen = this.#detector.peers.get(peerId)
    if (seen !== undefined && seen.boot !== boot) {
      // Another process is there: what was leased of the one before it is over, and nothing known of that holds for it.
      this.#bury(peerId, 'rebooted')
      this.#peers.delete(peerId)
    }
    const peer: Watched = this.#peers.get(peerId) ?? {
      leases: new Set(),
      open: new Set(),
      progress: new ProgressBook(),
      doubtedMs: null,
    }
    this.#peers.set(peerId, peer)
    peer.leases.add(runner)
    peer.open.add(runner)
    void runner.post({ type: 'watched' })
    if (seen?.boot === boot && seen.verdict !== 'dead') {
      this.#post({ type: 'connected', peer: peerId, boot })
      return
    }
    this.#post({ type: 'watch', peer: peerId, domains: this.#domains(runner), boot })
    this.#trust(peerId, 'heard')
  }

  /** Takes in what came over a lease's channel. */
  heard(runner: PurchaseRunner, frame: Frame): void {
    const { peerId: peer, lease, job } = runner.state.purchase
    const nowMs = this.#services.clock()
    const book = this.#peers.get(peer)?.progress
    book?.heard(frame, nowMs, { lease, deadlineMs: this.#services.jobs.get(job)?.deadlineMs })
    if (book === undefined || frame.t !== 'beat') return
    const faulty = frame.gpus.some((gpu) => !gpu.present)
    this.#post({ type: 'beat', peer, faulty, ...book.measure() })
    if (this.#detector.peers.get(peer)?.reason === 'no-progress') this.#takeBack(peer, book.stuck(nowMs))
  }

  /** Takes in that a lease's channel is gone; `byUs`: we hung up. */
  down(runner: PurchaseRunner, byUs: boolean): void {
    const { peerId: peer } = runner.state.purchase
    const open = this.#peers.get(peer)?.open
    if (open?.delete(runner) !== true || open.size > 0) return
    this.#post({ type: 'closed', peer, byUs })
  }

  /** Takes in that nobody listens where the provider was. */
  refused(runner: PurchaseRunner): void {
    this.#post({ type: 'refused', peer: runner.state.purchase.peerId })
  }

  /** Forgets a lease that is over, and its provider with the last. */
  over(runner: PurchaseRunner): void {
    const { peerId } = runner.state.purchase
    const peer = this.#peers.get(peerId)
    if (peer === undefined) return
    peer.leases.delete(runner)
    peer.open.delete(runner)
    if (peer.leases.size > 0) return
    this.#peers.delete(peerId)
    this.#post({ type: 'unwatch', peer: peerId })
  }

  /** What is held of a provider now; `undefined` for one that is not watched. */
  verdictOf(peerId: string): Verdict | undefined {
    return this.#detector.peers.get(peerId)?.verdict
  }

  stop(): void {
    clearInterval(this.#ticker)
    this.#stopping.abort()
  }

  #post(event: DetectorEvent): void {
    for (const effect of advanceDetector(this.#detector, event, this.#services.clock())) this.#perform(effect)
  }

  #perform(effect: DetectorEffect): void {
    if (effect.do === 'verdict') this.#judged(effect.peer, effect.verdict, effect.reason)
    if (effect.do === 'probe') void this.#probe(effect.peer, effect.via)
    if (effect.do === 'reach') this.#reach()
    // What ran at a peer that closed goes elsewhere by its lease's program, which hears of the loss at the same time.
    if (effect.do === 'redial') this.#redial(effect.peer)
  }

  #reach(): void {
    const isWatched = (peer: string) => this.#peers.has(peer)
    askAnybody(this.#services, isWatched, () => this.#post({ type: 'answered', domains: [] }))
  }

  #judged(peer: string, verdict: Verdict, reason: VerdictReason): void {
    if (verdict === 'alive') this.#trust(peer, reason)
    else if (verdict === 'dead') this.#bury(peer, reason)
    else this.#doubt(peer, reason)
  }

  #bury(peer: string, reason: VerdictReason): void {
    for (const runner of this.#leases(peer)) {
      const { lease, job } = runner.state.purchase
      void this.#services.jobs.get(job)?.post({ type: 'suspect', lease, reason })
      void runner.post({ type: 'dead', why: verdictWords(reason) })
    }
  }

  #doubt(peerId: string, reason: VerdictReason): void {
    const peer = this.#peers.get(peerId)
    const seen = this.#detector.peers.get(peerId)
    if (peer === undefined || seen === undefined) return
    const nowMs = this.#services.clock()
    peer.doubtedMs ??= nowMs
    const silent = Math.round(silentMs(seen, nowMs))
    for (const { lease, state } of peer.leases) {
      const { job: id, quote } = state.purchase
      const job = this.#services.jobs.get(id)
      job?.report({ kind: 'suspect', lease, subject: quote.resultSigner, reason, silentMs: silent })
      void job?.post({ type: 'suspect', lease, reason })
    }
  }

  /** Has jobs run elsewhere what stands still; of which lease an attempt is, they know. */
  #takeBack(peerId: string, attempts: readonly string[]): void {
    if (attempts.length === 0) return
    for (const { state } of this.#peers.get(peerId)?.leases ?? []) {
      const { lease, job } = state.purchase
      void this.#services.jobs.get(job)?.post({ type: 'stuck', lease, attempts })
    }
  }

  #trust(peerId: string, reason: VerdictReason): void {
    const peer = this.#peers.get(peerId)
    if (peer === undefined || peer.doubtedMs === null) return
    const afterMs = Math.round(this.#services.clock() - peer.doubtedMs)
    peer.doubtedMs = null
    for (const { lease, state } of peer.leases) {
      const { job: id, quote } = state.purchase
      const job = this.#services.jobs.get(id)
      job?.report({ kind: 'refuted', lease, subject: quote.resultSigner, reason, afterMs })
      void job?.post({ type: 'refuted', lease })
    }
  }

  /** One that closed is dialled by its lease's program; one that others reach still has its old connection. */
  #redial(peer: string): void {
    if (this.#detector.peers.get(peer)?.reason !== 'unreachable') return
    for (const runner of this.#leases(peer)) void runner.post({ type: 'unheard' })
  }

  async #probe(peer: string, via: string): Promise<void> {
    const [runner] = this.#leases(peer)
    if (runner === undefined) return
    const { resultSigner } = runner.state.purchase.quote
    const reached = await isReachedBy(this.#services, via, resultSigner, this.#stopping.signal)
    if (reached !== undefined && !this.#stopping.signal.aborted) {
      this.#post({ type: 'probed', peer, via, reached })
    }
  }

  #leases(peer: string): PurchaseRunner[] {
    return [...(this.#peers.get(peer)?.leases ?? [])]
  }

  /**
   * Where nothing is known of its network, its account is all that it shares with others: to hear one machine of a
   * private network tells that we are not cut off, and it may well reach another.
   */
  #domains({ state: { purchase } }: PurchaseRunner): string[] {
    const dialled = connectedAddresses(this.#services.node, purchase.peerId, 'outbound')
    const domains = failureDomains({ account: purchase.quote.provider, dialled })
    return domains.filter((domain) => domain !== UNKNOWN_DOMAIN)
  }
}
