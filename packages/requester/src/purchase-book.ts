import { buyerLease, type Head, isOver, type Purchase, type VoucherRow } from '@souk/engine'
import type { Hex } from '@souk/protocol'
import { JobError } from './job-error.ts'
import type { NegotiationServices } from './negotiate.ts'
import { pause } from './pause.ts'
import { type PurchaseCase, purchaseCase } from './purchase-case.ts'
import { type LeaseUser, PurchaseRunner } from './purchase-runner.ts'
import type { Unfinished } from './recover.ts'
import type { RequesterOptions } from './requester-options.ts'
import type { RequesterParts } from './requester-parts.ts'
import { ReserveDesk } from './reserve-desk.ts'

/** Milliseconds that closing a lease waits for its results to be compared with others. */
const COMPARED_MS = 120_000
/** Milliseconds between two looks at whether they are. */
const LOOK_MS = 100
/** Stands in for a job that is over: its lease is closed as soon as the provider is there again. */
const CLOSER: LeaseUser = {
  deliver: () => {},
  failed: () => {},
  saved: () => {},
  suspend: () => {},
  capacity: (runner) => {
    if (runner.state.connected) void runner.close()
  },
  secrets: () => [],
}

/** Every purchase of one requester, on its channel and on the chain. */
export class PurchaseBook {
  /** Capacity that is kept for later. */
  readonly reservations: ReserveDesk
  readonly #options: RequesterOptions
  readonly #parts: RequesterParts
  /** Purchases that their provider refused; it could still open them until they are too old. */
  readonly #refused = new Set<Hex>()

  constructor(options: RequesterOptions, parts: RequesterParts) {
    this.#options = options
    this.#parts = parts
    this.reservations = new ReserveDesk({
      parts,
      negotiation: () => this.negotiation(),
      follow: (purchase, voucher, opened) => this.#follow(purchase, voucher, opened),
      refused: (lease) => this.#refused.add(lease),
      look: () => this.look(),
      onProblem: options.onProblem,
    })
  }

  /** Returns the newest block. Throws {@link JobError} `CHAIN_UNAVAILABLE`. */
  head(): Head {
    const head = this.#parts.chain.head()
    if (head !== null) return head
    throw new JobError(
      'expected a chain to lock deposits on, but no endpoint answers; check the RPC addresses',
      { code: 'CHAIN_UNAVAILABLE' },
    )
  }

  /** Returns every purchase that the escrow has yet to close; what a provider refused is only watched. */
  unsettled(): PurchaseCase[] {
    return [...this.#parts.cases.values()].filter(({ lease, purchase }) => {
      const isWatched = this.#refused.has(lease) && purchase.opening === null
      return !purchase.settled && !isWatched
    })
  }

  /** Returns what buying a lease needs. */
  negotiation(): NegotiationServices {
    const { config, account, journal, blocks, clock, dateMs, onFatal, onProblem } = this.#options
    const { context, node, budget, leases, health } = this.#parts
    return {
      ...{ context, node, journal, blocks, health, account, clock, dateMs },
      blockSeconds: config.blockSeconds,
      head: () => this.head(),
      reserve: (lease, deposit) => budget.reserve(lease, deposit),
      unreserve: (lease) => budget.unreserve(lease),
      began: (runner) => this.#track(runner),
      beforeClose: (lease) => this.#beforeClose(lease),
      settle: (runner, phase, why) => this.#over(runner, phase, why),
      gaveUp: ({ lease }, refused) => {
        // It never started: its channel is forgotten, the chain is watched.
        leases.delete(lease)
        if (refused) this.#refused.add(lease)
      },
      fatal: onFatal,
      onProblem,
    }
  }

  /** Takes a purchase up again: its lease is resumed for its job, or to be closed where that is over or a GPU lied. */
  resume({ purchase, channel, voucher, inFlight }: Unfinished['purchases'][number]): PurchaseRunner {
    const { chain, jobs, leases, gpus } = this.#parts
    const head = chain.head() ?? { number: 0, timestampSeconds: 0 }
    const state = buyerLease(purchase, head, this.#options.clock(), { channel, voucher, inFlight })
    const runner = new PurchaseRunner(state, this.negotiation())
    this.#track(runner)
    const job = jobs.get(purchase.job)
    if (isOver(purchase.phase)) leases.delete(purchase.lease)
    else if (job === undefined || this.#isAvoided(runner)) runner.user = CLOSER
    else {
      gpus.resumed(runner)
      job.join(runner)
    }
    return runner
  }

  /** Tells whether a lease has GPUs of an account of which one did not prove itself lately. */
  #isAvoided({ state: { purchase } }: PurchaseRunner): boolean {
    const { gpus } = this.#parts
    return purchase.terms.resources.gpus.length > 0 && gpus.records.avoids(purchase.quote.provider)
  }

  /** Looks at the chain now, for whatever is to be sent. */
  look(): void {
    const { chain } = this.#parts
    const head = chain.head()
    if (head !== null) void chain.settler.look(head)
  }

  /** A provider that leaves before its results are compared must not take its result bond along. */
  async #beforeClose(lease: Hex): Promise<void> {
    const { court, jobs, cases } = this.#parts
    if (court === null) return
    const { clock } = this.#options
    const untilMs = clock() + COMPARED_MS
    const job = jobs.get(cases.get(lease)?.purchase.job ?? '')
    while (job?.awaits(lease) === true && clock() < untilMs) await pause(LOOK_MS)
    await court.beforeClose(lease)
  }

  /** Follows a purchase on its channel and on the chain from now on. */
  #track(runner: PurchaseRunner): void {
    const { state } = runner
    this.#parts.leases.set(runner.lease, runner)
    this.#follow(
      state.purchase,
      () => state.voucher,
      (block, timestampSeconds) => void runner.post({ type: 'opened', block, timestampSeconds }),
    )
  }

  /** Follows a purchase on the chain alone. */
  #follow(
    purchase: Purchase,
    voucher: () => VoucherRow | null,
    opened: (block: number, timestampSeconds: number) => void,
  ): void {
    const { budget, court, gas, cases, service } = this.#parts
    const { lease } = purchase
    service.know(purchase)
    const one = purchaseCase({
      ...{ purchase, voucher, journal: this.#options.journal, budget, opened },
      holds: () => court?.holds(lease) ?? false,
      looked: (chain) => court?.seen(lease, chain),
      settled: () => {
        cases.delete(lease)
        this.#refused.delete(lease)
        court?.settled(lease)
      },
    })
    const next: PurchaseCase['next'] = (chain, head) => (gas.pays ? one.next(chain, head) : null)
    cases.set(lease, { ...one, next })
  }

  #over(runner: PurchaseRunner, phase: 'closed' | 'lost', why: string): void {
    const { court, jobs, leases } = this.#parts
    this.#parts.service.over(runner.lease)
    leases.delete(runner.lease)
    if (phase === 'lost') court?.broke(runner.state.purchase)
    jobs.get(runner.state.purchase.job)?.over(runner, phase, why)
    this.look()
  }
}
