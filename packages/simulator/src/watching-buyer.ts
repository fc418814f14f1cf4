import {
  advanceDetector,
  createDetector,
  DETECTOR_TICK_MS,
  type DetectorEffect,
  type DetectorEvent,
} from '@souk/availability'
import type { BuyerLease, Job } from '@souk/engine'
import { BuyerProcess, type BuyerWorld, type ProgramWorker } from '@souk/engine/testing'
import type { FrameOf, Hex } from '@souk/protocol'

/** What a watching requester needs besides what every requester does. */
export interface WatchingWorld extends BuyerWorld {
  /** Carries out what the detector wants of others, and hears its verdicts. */
  watch(effect: DetectorEffect): void
}

/** What is known of a provider under watch. */
interface Watched {
  readonly lease: Hex
  results: number
}

/** A requester whose detector watches the providers that it leases from, in the same process. */
export class WatchingBuyer extends BuyerProcess {
  readonly #watched = new Map<string, Watched>()
  readonly #worker: ProgramWorker<DetectorEvent, DetectorEffect>

  constructor(around: WatchingWorld, job: Job, recovered: readonly BuyerLease[]) {
    super(around, job, recovered)
    const detector = createDetector(this.nowMs)
    this.#worker = this.host<DetectorEvent, DetectorEffect>(
      (event) => advanceDetector(detector, event, this.nowMs),
      (effect) => {
        around.watch(effect)
        this.#carryOut(effect)
      },
    )
    this.#tick()
  }

  /** Watches a provider from now on. */
  watch(peer: string, lease: Hex, domains: readonly string[], boot: Hex): void {
    this.#watched.set(peer, { lease, results: 0 })
    this.post({ type: 'watch', peer, domains, boot })
  }

  /** Feeds an event to the detector. */
  post(event: DetectorEvent): void {
    this.#worker.post(event)
  }

  /** Takes in a beat: what moves is what is running and how much came of it. */
  beat(peer: string, { running }: FrameOf<'beat'>): void {
    const results = this.#watched.get(peer)?.results ?? 0
    this.post({ type: 'beat', peer, progress: running.length === 0 ? null : results, faulty: false })
  }

  /** Takes in that something came of a provider's work. */
  progressed(peer: string): void {
    const watched = this.#watched.get(peer)
    if (watched !== undefined) watched.results += 1
  }

  #tick(): void {
    this.world.after(DETECTOR_TICK_MS, () => {
      if (!this.isAlive) return
      if (!this.isStopped) this.post({ type: 'tick' })
      this.#tick()
    })
  }

  /** Has work run elsewhere where its provider is dead, or broke the connection. */
  #carryOut(effect: DetectorEffect): void {
    const isUseless = effect.do === 'redispatch' || (effect.do === 'verdict' && effect.verdict === 'dead')
    const lease = isUseless ? this.#watched.get(effect.peer)?.lease : undefined
    if (lease !== undefined) this.moveOn(lease)
  }
}
