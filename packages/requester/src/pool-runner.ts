import {
  createScaler,
  createSignals,
  type Decision,
  decide,
  type MarketView,
  observeArrivals,
  observeFailed,
  observeLevel,
  observeServed,
  type PoolPolicy,
  type PoolView,
  type ScalerState,
  type Signals,
} from '@souk/elastic'
import { type DecisionRow, decisionKey, decisions, put } from '@souk/engine'
import type { Hex } from '@souk/protocol'
import type { Journal } from '@souk/storage'
import type { JobRunner } from './job-runner.ts'
import type { JobEventReport } from './job-spec.ts'
import { decisionRow } from './pool-decision.ts'
import { endsSoon, type Member, type Members, sortMembers, victims } from './pool-members.ts'
import type { PoolMoney } from './pool-money.ts'
import type { PoolStatus } from './pool-status.ts'

/** Milliseconds between two decisions at least: events in between are taken together. */
const DECIDE_MS = 100
/** Milliseconds after a search that found nobody in which no other is begun. */
const SEARCH_PAUSE_MS = 2_000
/** Tasks that say how long one takes: the newest. */
const NEWEST_TASKS = 16
/** What changes a pool's mind at once. */
const TELLING: ReadonlySet<JobEventReport['kind']> = new Set(['lease', 'lease-over', 'accepted', 'failed'])

/** What a pool needs of the process around it. */
export interface PoolServices {
  readonly journal: Journal
  /** Milliseconds since the epoch. */
  dateMs(): number
  /** What one more lease costs now, and how many could be had. */
  market(runner: JobRunner): MarketView
  /** The leases of the job as they are now. */
  members(runner: JobRunner): Member[]
  onProblem(sentence: string, error: unknown): void
}

/** What a pool that serves requests works on, instead of tasks. */
export interface ServedLoad {
  /** Requests that wait for a replica, and that replicas work on. */
  readonly queued: number
  readonly inFlight: number
  /** Requests that run on a lease. */
  on(lease: Hex): number
}

/** A service that takes no requests yet: its replicas wait for leases for ever, which is no load. */
const NO_REQUESTS: ServedLoad = { queued: 0, inFlight: 0, on: () => 0 }

/** Keeps the leases of one job to what its policy, its work and its budget say. */
export class PoolRunner {
  readonly money: PoolMoney
  readonly policy: PoolPolicy
  readonly #job: JobRunner
  readonly #services: PoolServices
  readonly #signals: Signals
  readonly #scaler: ScalerState
  readonly #startedMs: number
  #seq: number
  #last: DecisionRow | null
  #decidedAtMs = 0
  #acquiring = 0
  readonly #closing = new Set<Hex>()
  #searchAtMs = 0
  #isSearching = false
  /** Null for tasks that come to an end. */
  #load: ServedLoad | null

  /** `last` is the newest decision of an earlier run. */
  constructor(
    job: JobRunner,
    policy: PoolPolicy,
    money: PoolMoney,
    services: PoolServices,
    last: DecisionRow | null,
  ) {
    const nowMs = services.dateMs()
    this.#job = job
    this.policy = policy
    this.money = money
    this.#services = services
    this.#startedMs = nowMs
    this.#signals = createSignals(policy, nowMs)
    this.#scaler = createScaler(nowMs)
    this.#last = last
    this.#seq = last === null ? 0 : last.seq + 1
    this.#load = job.job.row.service === true ? NO_REQUESTS : null
    if (this.#load === null) observeArrivals(this.#signals, job.job.open, nowMs)
    job.subscribe((event) => this.#hear(event))
  }

  /** Nothing has asked for the service in long: it holds no lease until something does. */
  get isAsleep(): boolean {
    return this.#last?.reason === 'zero'
  }

  /**
   * Returns how many of so many wanted leases may be bought, so that no more serve than the policy allows. Where none may
   * and work waits all the same, it wants another account: one that serves is let go for it.
   */
  allow(wanted: number): number {
    if (this.isAsleep) return 0
    const { ready } = this.#members()
    // A search of the pool's own has its places already.
    const others = this.#isSearching ? 0 : this.#acquiring
    const room = Math.max(0, this.policy.max - ready.length - others)
    if (room === 0 && !this.#isSearching)
      for (const one of victims(ready, 1)) this.#job.retire(one.lease, true)
    return Math.min(wanted, room)
  }

  /** Has the pool follow the requests of a service. */
  serve(load: ServedLoad): void {
    this.#load = load
  }

  /** A request came. */
  arrived(): void {
    observeArrivals(this.#signals, 1, this.#services.dateMs())
    this.tick()
  }

  /** A request was answered; how long it waited, and how long it took from then on. */
  served(waitMs: number, serviceMs: number): void {
    observeServed(this.#signals, { waitMs, serviceMs }, this.#services.dateMs())
    this.tick()
  }

  status(): PoolStatus {
    const { ready, ending, draining } = this.#members()
    const { money } = this
    const { id, name } = this.#job.job.row
    return {
      ...{ job: id, name, desired: this.#last?.desired ?? 0, acquiring: this.#acquiring },
      ...{ ready: ready.length, draining: draining.length + ending.length },
      ...{ rateE12: money.rateE12, spent: money.spent, committed: money.committed },
      ...{ budget: this.policy.budget.amount, left: money.left, decision: this.#last },
    }
  }

  /** Lets time pass: decides, closes what has drained, and looks for what is missing. */
  tick(): void {
    if (this.#job.job.row.state !== 'running') return
    this.#closeDrained()
    const nowMs = this.#services.dateMs()
    if (Math.abs(nowMs - this.#decidedAtMs) >= DECIDE_MS) this.#decide(nowMs)
  }

  #hear(event: JobEventReport): void {
    const nowMs = this.#services.dateMs()
    if (event.kind === 'lease') this.#acquiring = Math.max(0, this.#acquiring - 1)
    if (event.kind === 'failed') observeFailed(this.#signals, nowMs)
    if (event.kind === 'accepted') {
      const serviceMs = Math.max(0, this.#job.job.durations.at(-1) ?? 0)
      observeServed(
        this.#signals,
        { waitMs: Math.max(0, nowMs - this.#startedMs - serviceMs), serviceMs },
        nowMs,
      )
    }
    if (TELLING.has(event.kind)) this.tick()
  }

  #decide(nowMs: number): void {
    this.#decidedAtMs = nowMs
    const members = this.#members()
    const view = this.#view(members)
    observeLevel(this.#signals, { queued: view.queued, inFlight: view.inFlight }, nowMs)
    const { policy } = this
    const offered = this.#services.market(this.#job)
    // What goes and could stay is to be had as well.
    const market = { ...offered, offers: offered.offers + this.#revivable(members.draining).length }
    const decision = decide(this.#scaler, { policy, signals: this.#signals, view, market }, nowMs)
    this.#keep(decision, view)
    this.#carryOut(decision.desired, members)
  }

  #view({ ready, ending, draining }: Members): PoolView {
    const { lanes, inFlight, open } = this.#job.job
    return {
      ...{ ready: ready.length, acquiring: this.#acquiring, draining: draining.length + ending.length },
      ...{ queued: this.#load?.queued ?? lanes.wanted, inFlight: this.#load?.inFlight ?? inFlight.size },
      remaining: this.#load === null ? open : null,
      ...{ committed: this.money.committed, rateE12: this.money.rateE12 },
    }
  }

  /** Writes down and tells of a decision that changes what the pool is to be, with all that it was made of. */
  #keep(decision: Decision, { draining }: PoolView): void {
    const last = this.#last
    if (last !== null && last.desired === decision.desired && last.cappedBy === decision.cappedBy) return
    const row = decisionRow(decision, this.#seq++, draining)
    this.#last = row
    const { id } = this.#job.job.row
    this.#services.journal
      .commit([put(decisions, decisionKey(id, row.seq), row)], 'committed')
      .catch((error) => this.#services.onProblem(`a decision of pool ${id} was not written`, error))
    const { atMs: _, ...told } = row
    this.#job.report({ kind: 'pool', ...told })
  }

  #carryOut(desired: number, { ready, ending, draining }: Members): void {
    // Make before break: what ends soon is let go when its successors are there.
    if (ready.length >= desired) for (const { lease } of ending) this.#job.retire(lease, true)
    const missing = desired - ready.length - this.#acquiring
    if (missing < 0) for (const { lease } of victims(ready, -missing)) this.#job.retire(lease, true)
    if (missing <= 0) return
    const back = this.#revivable(draining)
    for (const { lease } of back.slice(0, missing)) this.#job.retire(lease, false)
    this.#search(missing - Math.min(missing, back.length))
  }

  /** Returns the leases that can be given work again. */
  #revivable(draining: readonly Member[]): Member[] {
    const taskMs = this.#taskMs()
    return draining.filter(
      (one) => one.isRetiring && one.isUsable && !this.#closing.has(one.lease) && !endsSoon(one, taskMs),
    )
  }

  #search(count: number): void {
    const nowMs = this.#services.dateMs()
    if (count <= 0 || this.#acquiring > 0 || nowMs < this.#searchAtMs || this.#job.shortage !== null) return
    this.#acquiring = count
    this.#isSearching = true
    this.#job
      .search(count)
      .then((found) => {
        if (found === 0) this.#searchAtMs = this.#services.dateMs() + SEARCH_PAUSE_MS
      })
      .catch((error) => this.#services.onProblem('a pool could not look for leases', error))
      .finally(() => {
        this.#acquiring = 0
        this.#isSearching = false
      })
  }

  /** Ends the leases that have nothing left to do. */
  #closeDrained(): void {
    for (const lease of this.#job.retired) {
      const runner = this.#job.leases.get(lease)
      const isIdle = this.#isIdle(lease)
      if (runner === undefined || !isIdle || !runner.state.connected || this.#closing.has(lease)) continue
      this.#closing.add(lease)
      void runner.close()
    }
  }

  /** A replica of a service runs on for ever: what counts are the requests on it. */
  #isIdle(lease: Hex): boolean {
    if (this.#load !== null) return this.#load.on(lease) === 0
    return this.#job.job.leases.get(lease)?.running.size === 0 && !this.#job.awaits(lease)
  }

  #members(): Members {
    return sortMembers(this.#services.members(this.#job), this.#taskMs())
  }

  /** Returns the milliseconds that the slower of the newest tasks took. */
  #taskMs(): number {
    return Math.max(0, ...this.#job.job.durations.slice(-NEWEST_TASKS))
  }

  /** Leases whose provider may be asked again, because they go. */
  leaving(): Set<Hex> {
    const { ending } = this.#members()
    return new Set(ending.map(({ lease }) => lease))
  }
}
