import {
  advanceDetector,
  createDetector,
  DETECTOR_TICK_MS,
  type Detector,
  type DetectorEffect,
  type DetectorEvent,
} from '@souk/availability'
import type { BuyerEvent, BuyerLease, Job } from '@souk/engine'
import { BuyerProcess, type BuyerWorld, type ProgramWorker } from '@souk/engine/testing'
import type { Hex } from '@souk/protocol'

/** What a watching requester needs besides what every requester does. */
export interface WatchingWorld extends BuyerWorld {
  /** Carries out what the detector wants of others, and hears its verdicts. */
  watch(effect: DetectorEffect): void
}

/** A requester whose detector watches the providers that it leases from, in the same process. */
export class WatchingBuyer extends BuyerProcess {
  /** The lease of each provider under watch. */
  readonly #leases = new Map<string, Hex>()
  readonly #detector: Detector
  readonly #worker: ProgramWorker<DetectorEvent, DetectorEffect>

  constructor(around: WatchingWorld, job: Job, recovered: readonly BuyerLease[]) {
    super(around, job, recovered)
    const detector = createDetector(this.nowMs)
    this.#detector = detector
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
    this.#leases.set(peer, lease)
    this.post({ type: 'watch', peer, domains, boot })
  }

  /** Takes in that a lease's channel is up: from now on the detector says what silence there means. */
  up(peer: string, boot: Hex): void {
    this.#tellLease(peer, { type: 'watched' })
    this.post({ type: 'connected', peer, boot })
  }

  /** Feeds an event to the detector. */
  post(event: DetectorEvent): void {
    this.#worker.post(event)
  }

  #tick(): void {
    this.world.after(DETECTOR_TICK_MS, () => {
      if (!this.isAlive) return
      if (!this.isStopped) this.post({ type: 'tick' })
      this.#tick()
    })
  }

  /** Tells lease and job of a verdict, as a requester's health watch does. */
  #carryOut(effect: DetectorEffect): void {
    if (effect.do === 'redial' && this.#detector.peers.get(effect.peer)?.reason === 'unreachable')
      this.#tellLease(effect.peer, { type: 'unheard' })
    if (effect.do !== 'verdict') return
    const { peer, verdict, reason } = effect
    const lease = this.#leases.get(peer)
    if (lease === undefined) return
    if (verdict === 'dead') this.#tellLease(peer, { type: 'dead', why: reason })
    else if (verdict === 'alive') this.tellJob({ type: 'refuted', lease })
    else this.tellJob({ type: 'suspect', lease, reason })
  }

  #tellLease(peer: string, event: BuyerEvent): void {
    this.leases.get(this.#leases.get(peer) ?? '0x')?.worker.post(event)
  }
}
