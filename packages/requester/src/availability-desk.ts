import { assuranceOf, failureDomains, quorumOf } from '@souk/availability'
import { type PlanRow, plans, put } from '@souk/engine'
import type { Candidate } from '@souk/market'
import type { SoukNode } from '@souk/network'
import type { Hex } from '@souk/protocol'
import type { Journal } from '@souk/storage'
import { cannotGive } from './availability-error.ts'
import { type PlanCandidate, planAvailability, standingOf } from './availability-plan.ts'
import { mappingsOf } from './domain-mapping.ts'
import { placesOf } from './domain-places.ts'
import type { Report } from './job-reports.ts'
import type { JobSpec } from './job-spec.ts'
import type { PurchaseRunner } from './purchase-runner.ts'
import { readRow } from './read-rows.ts'
import type { ReliabilityBook } from './reliability-book.ts'

/** Offers that are dialled for one plan: those that are asked first. */
const MOST_DIALLED = 32
/** Peers whose last places are remembered, for while they are away. */
const MOST_PLACES = 1_024
/** Plans in a row that providers may spoil by refusing, before a job makes do with what it has. */
const MOST_PLANS = 5

/** What planning needs of the process. */
export interface AvailabilityServices {
  readonly node: SoukNode
  readonly journal: Journal
  readonly reliability: Pick<ReliabilityBook, 'score'>
}

/** An offer that a plan may take. */
export interface PlannedOffer extends Candidate {
  /** Its capacity is kept for us for the whole time: it is taken before what has to be bought. */
  readonly kept?: boolean
}

/** A job that wants availability, as its plan sees it. */
export interface PlannedJob {
  readonly job: { readonly row: { readonly id: string } }
  readonly leases: ReadonlyMap<Hex, Pick<PurchaseRunner, 'state'>>
  report(report: Report): void
}

/** What a job wants, and how long. */
type Wish = Omit<PlanRow, 'chosen'>

/** Plans which leases jobs hold that want a certain availability (docs/AVAILABILITY.md §3). */
export class AvailabilityDesk {
  readonly #services: AvailabilityServices
  readonly #plans = new Map<string, PlanRow>()
  /** Jobs that have less than they want. */
  readonly #changed = new Set<string>()
  /** What each peer shared with others when it was last reached. */
  readonly #places = new Map<string, readonly string[]>()

  constructor(services: AvailabilityServices) {
    this.#services = services
  }

  /**
   * Finds the cheapest set of offers that gives a job what it wants; null for one that wants nothing.
   *
   * Throws `AvailabilityError` `AVAILABILITY_SHORT` where there is none.
   */
  async plan(spec: JobSpec, candidates: readonly PlannedOffer[]): Promise<PlanRow | null> {
    const { availability: target, domains = [], assurance, demand } = spec
    if (target === undefined) return null
    const wish = {
      target,
      k: quorumOf(assuranceOf(assurance)).k,
      seconds: demand.durationSeconds,
      domains: [...domains],
    }
    const plan = planAvailability(await this.#offered(candidates, wish), wish)
    if (plan.kind === 'short') throw cannotGive(plan, wish)
    return { ...wish, chosen: plan.chosen }
  }

  /** Makes a plan that of a job: it is kept, and told. */
  async adopt(runner: PlannedJob, row: PlanRow): Promise<void> {
    const { id } = runner.job.row
    this.#plans.set(id, row)
    await this.#services.journal.commit([put(plans, id, row)], 'committed')
    const { domains: _, chosen, ...wish } = row
    runner.report({ kind: 'plan', ...wish, ...chosen })
  }

  /** Takes up the plan of a job of an earlier run. */
  async takeUp(id: string): Promise<void> {
    const { journal } = this.#services
    const row = await readRow(journal, plans, id)
    if (row !== undefined) this.#plans.set(id, row)
  }

  /** Tells whether a job has a plan. */
  has(id: string): boolean {
    return this.#plans.has(id)
  }

  /** Notes that a job has less than it wants: if others are being looked for, they are looked for again. */
  wants(id: string): void {
    this.#changed.add(id)
  }

  /** Tells whether it is for that that leases are looked for, and not for work that waits. */
  isWanted(id: string): boolean {
    return this.#changed.has(id)
  }

  forget(id: string): void {
    this.#plans.delete(id)
    this.#changed.delete(id)
  }

  /**
   * Buys what is missing of the set that is best by now: what is held counts as paid, and who refuses is planned without.
   * Resolves with how many leases came. A job that runs makes do with the best that there is.
   */
  async acquire(
    runner: PlannedJob,
    offered: (refused: ReadonlySet<string>) => readonly PlannedOffer[],
    buy: (wanted: readonly PlannedOffer[]) => Promise<readonly string[]>,
  ): Promise<number> {
    const { id } = runner.job.row
    const refused = new Set<string>()
    let found = 0
    for (let plan = 0; plan < MOST_PLANS && this.#plans.has(id); plan++) {
      this.#changed.delete(id)
      const candidates = offered(refused)
      const missing = await this.#missing(runner, candidates)
      const bought = await buy(missing)
      found += bought.length
      for (const { entry } of missing) if (!bought.includes(entry.peerId)) refused.add(entry.peerId)
      if (bought.length === missing.length && !this.#changed.has(id)) break
    }
    return found
  }

  /** Returns the error that says what a job's leases lack; null where they are what it wants. */
  async lacks(runner: PlannedJob) {
    const row = this.#plans.get(runner.job.row.id)
    if (row === undefined) return null
    const held = await this.#held(runner, row)
    const survival = standingOf(held, row.k)
    if (survival >= row.target) return null
    const peers = held.map(({ peerId }) => peerId)
    const chosen = { ...row.chosen, peers, survival }
    return cannotGive({ kind: 'short', chosen, reason: 'offers', considered: held.length }, row)
  }

  async #missing(runner: PlannedJob, candidates: readonly PlannedOffer[]): Promise<PlannedOffer[]> {
    const row = this.#plans.get(runner.job.row.id)
    if (row === undefined) return []
    const held = await this.#held(runner, row)
    const { chosen } = planAvailability([...held, ...(await this.#offered(candidates, row))], row)
    if (chosen === null) return []
    const isNew = chosen.peers.toSorted().join() !== row.chosen.peers.toSorted().join()
    if (isNew) await this.adopt(runner, { ...row, chosen })
    return candidates.filter(({ entry: { peerId } }) => chosen.peers.includes(peerId))
  }

  async #offered(candidates: readonly PlannedOffer[], wish: Wish): Promise<PlanCandidate[]> {
    const asked = candidates.slice(0, MOST_DIALLED)
    const offers = asked.map(({ entry: { peerId, offer }, rateE12, kept = false }) => {
      return { ...offer, peerId, rateE12, held: kept }
    })
    return this.#placed(offers, wish)
  }

  async #held({ leases }: PlannedJob, wish: Wish): Promise<PlanCandidate[]> {
    const held = [...leases.values()].map(({ state: { purchase } }) => {
      const { peerId, addresses, quote } = purchase
      const { provider: account, resultSigner: subject, rate: rateE12 } = quote
      return { peerId, addresses, account, subject, rateE12, held: true }
    })
    // Who is away for a moment is where it was.
    const away = ({ peerId, account }: { peerId: string; account: Hex }) =>
      this.#places.get(peerId) ?? failureDomains({ account, dialled: [] })
    return this.#placed(held, wish, away)
  }

  /** A lease is as likely to fail as a new one: what it has lasted already is a margin. */
  async #placed(
    providers: readonly {
      peerId: string
      addresses: readonly string[]
      account: Hex
      subject: Hex
      rateE12: bigint
      held: boolean
    }[],
    { domains, seconds }: Wish,
    away: (one: { peerId: string; account: Hex }) => readonly string[] | undefined = () => undefined,
  ): Promise<PlanCandidate[]> {
    const { node, reliability } = this.#services
    const places = await placesOf(node, providers, mappingsOf(domains))
    for (const [peerId, shared] of places) this.#remember(peerId, shared)
    return providers.flatMap(({ peerId, account, subject, rateE12, held }) => {
      const shared = places.get(peerId) ?? away({ peerId, account })
      if (shared === undefined) return []
      const failure = 1 - reliability.score({ account, subject }, 1000 * seconds).availability
      return [{ peerId, account, rateE12, domains: shared, failure, held }]
    })
  }

  #remember(peerId: string, shared: readonly string[]): void {
    this.#places.delete(peerId)
    this.#places.set(peerId, shared)
    const [oldest] = this.#places.keys()
    if (this.#places.size > MOST_PLACES && oldest !== undefined) this.#places.delete(oldest)
  }
}
