import { setTimeout as sleep } from 'node:timers/promises'
import { errorMessage } from '@souk/protocol'
import { ClockBook, type Instant, judgeClock } from './health-clock.ts'
import { enoughBytes } from './health-disk.ts'
import type { GpuState } from './health-gpus.ts'
import { planOf, type SellingPlan, sellsAlike } from './health-plan.ts'
import { diskProbe, type LinkServices, linkProbe, memoryProbe } from './health-probes.ts'
import {
  CHECKS,
  type HealthChange,
  type HealthState,
  look,
  newHealth,
  overall,
  type Readings,
} from './health-state.ts'
import type { Log } from './log.ts'
import type { ProviderOptions } from './provider-options.ts'
import { StallMeter } from './stall-meter.ts'

/** Milliseconds from the end of one look at this machine to the next. */
const HEALTH_MS = 5_000
/** Milliseconds between the ticks by which pauses of this process are seen. */
const HEALTH_TICK_MS = 500
/** Changes remembered, for people. */
const MOST_CHANGES = 32

/** What a health watch works with from the start. */
export interface HealthOptions {
  /** The data folder, whose disk is looked at. */
  readonly folder: string
  readonly log: Log
  /** Monotonic milliseconds. */
  readonly clock: () => number
  /** Milliseconds since the epoch. */
  readonly dateMs: () => number
  /** Whether the chain's time is anybody's to set. */
  readonly isDev: boolean
  /** Sets aside the room that a full disk took; tells whether the disk has room again. */
  restore(): boolean
}

/** What a health watch works with once the provider runs. */
export interface HealthServices {
  readonly link: Omit<LinkServices, 'clock'>
  gpus(): readonly GpuState[]
  /** Sells by a plan from now on. */
  sell(plan: SellingPlan): Promise<void>
}

/** Looks after this machine: what is sold shrinks, or is withdrawn, while it is not well (docs/AVAILABILITY.md). */
export class HealthWatch {
  /** What chain and peers say of the time comes in here; a development chain's time is anybody's to set. */
  readonly times: NonNullable<ProviderOptions['times']>
  readonly #clocks: ClockBook
  readonly #options: HealthOptions
  readonly #stalls: StallMeter
  readonly #changes: (HealthChange & { readonly at: string; readonly sells: number })[] = []
  readonly #control = new AbortController()
  #state: HealthState
  #plan: SellingPlan
  #isFull = false
  #services: HealthServices | null = null

  constructor(options: HealthOptions) {
    this.#options = options
    const nowMs = options.clock()
    this.#clocks = new ClockBook(this.#now())
    this.times = {
      head: (head) => options.isDev || this.#clocks.head(head, this.#now()),
      heard: (peerId, dateMs) => this.#clocks.heard(peerId, dateMs, this.#now()),
      isRight: () => this.#isDateRight(),
    }
    this.#stalls = new StallMeter(nowMs)
    this.#state = newHealth(nowMs)
    this.#plan = planOf(this.#state)
  }

  /** A write found no room on the disk, and what was set aside went to the journal. */
  readonly full = (error: unknown): void => {
    this.#isFull = true
    this.#options.log.warn('the disk is full', { error: errorMessage(error) })
    this.#takeIn({ disk: { reading: null, isFull: true } })
  }

  /** Begins to look, and to have sold what the machine is good for. Returns a function that ends it. */
  start(services: HealthServices): () => void {
    this.#services = services
    // The disk may have been full before there was anything to sell.
    this.#sell()
    const ticker = setInterval(() => this.#stalls.tick(this.#options.clock()), HEALTH_TICK_MS)
    void this.#watch(services)
    return () => {
      this.#control.abort()
      clearInterval(ticker)
    }
  }

  /** Why leases are asked to end, or `null`. */
  get draining(): string | null {
    return this.#plan.ends ? this.#plan.why : null
  }

  /** How this machine is, what is sold of it, and what changed lately. */
  status() {
    const { clock, dateMs } = this.#options
    const sinceOf = (ms: number) => new Date(dateMs() - (clock() - ms)).toISOString()
    return {
      level: overall(this.#state),
      sells: this.#plan.share,
      why: this.#plan.why,
      checks: CHECKS.map((check) => {
        const { level, why, sinceMs } = this.#state[check]
        return { check, level, why, since: sinceOf(sinceMs) }
      }),
      changes: [...this.#changes],
    }
  }

  async #watch(services: HealthServices): Promise<void> {
    const { folder, clock, log } = this.#options
    const disk = diskProbe(folder)
    const memory = memoryProbe(clock)
    const link = linkProbe({ ...services.link, clock })
    const { signal } = this.#control
    for (let sinceMs = clock(); !signal.aborted; ) {
      await sleep(HEALTH_MS, undefined, { signal }).catch(() => {})
      if (signal.aborted) return
      try {
        const [room, short, reach] = await Promise.all([disk(this.#isFull), memory(), link()])
        if (signal.aborted) return
        const nowMs = clock()
        this.#clocks.look(this.#now())
        this.#takeIn({
          disk: this.#restored(room),
          memory: short,
          link: reach,
          gpu: services.gpus(),
          clock: this.#clocks.reading(nowMs),
          loop: this.#stalls.longest(sinceMs, nowMs),
        })
        sinceMs = nowMs
      } catch (error) {
        log.warn('this machine could not be looked at', { error: errorMessage(error) })
      }
    }
  }

  /** A full disk with room for all again is none any more, once that is set aside anew. */
  #restored(disk: Readings['disk']): Readings['disk'] {
    const { reading } = disk
    if (!this.#isFull || reading === null || reading.freeBytes < enoughBytes(reading)) return disk
    this.#isFull = !this.#options.restore()
    return { reading, isFull: this.#isFull }
  }

  #takeIn(readings: Partial<Readings>): void {
    const { state, changes } = look(this.#state, readings, this.#options.clock())
    this.#state = state
    const before = this.#plan
    this.#plan = planOf(state)
    for (const change of changes) this.#note(change)
    if (!sellsAlike(before, this.#plan)) this.#sell()
  }

  #note(change: HealthChange): void {
    const sells = this.#plan.share
    const { check, from, to, why } = change
    const write = to === 'ok' ? this.#options.log.info : this.#options.log.warn
    write('health changed', { check, from, to, ...(why === null ? {} : { why }), sells })
    this.#changes.push({ at: new Date(this.#options.dateMs()).toISOString(), ...change, sells })
    if (this.#changes.length > MOST_CHANGES) this.#changes.shift()
  }

  /** Looks at the clocks at once: what ends by the date must not be ahead of the next look. */
  #isDateRight(): boolean {
    const { level } = this.#state.clock
    const now = this.#now()
    this.#clocks.look(now)
    return level === 'ok' && judgeClock(level, this.#clocks.reading(now.monotonicMs)).level === 'ok'
  }

  #now(): Instant {
    return { monotonicMs: this.#options.clock(), dateMs: this.#options.dateMs() }
  }

  #sell(): void {
    this.#services?.sell(this.#plan).catch((error) => {
      this.#options.log.warn('what is for sale was not changed', { error: errorMessage(error) })
    })
  }
}
