import { type CourtServices, DisputeRunner, type DisputeStatus, keepEvidence } from '@souk/court'
import { type MismatchRow, newDispute, type Purchase, purchases, put } from '@souk/engine'
import { type Hex, ProgramError } from '@souk/protocol'
import type { LeaseOnChain } from '@souk/settlement'
import type { BlockStore, Journal } from '@souk/storage'
import { ClaimRunner, type ClaimStatus, claimedLease } from './claim-runner.ts'
import { disputes, findCaught, findEvidence, firstCaught, openDisputes } from './court-evidence.ts'
import { pause } from './pause.ts'

export interface CourtDeskOptions extends Omit<CourtServices, 'exclusively'> {
  readonly journal: Journal
  readonly blocks: BlockStore
}

/** What one requester has before the court. */
export interface CourtStatus {
  readonly claims: readonly ClaimStatus[]
  readonly disputes: readonly DisputeStatus[]
}

/** Milliseconds between ticks of every claim and dispute. */
const TICK_MS = 200
/** Claims and disputes remembered after they are over, for people. */
const MOST_REMEMBERED = 256
/** Milliseconds that closing a lease waits for its challenge to be mined: many blocks of any chain. */
const CHALLENGE_MS = 600_000

/**
 * The requester's side of the court (docs/PROTOCOL.md §12): claims the downtime of providers whose leases broke, and
 * brings results that a quorum contradicted before a jury. What to go on with say purchases, mismatches and the chain;
 * only which result of a lease is challenged has a row of its own.
 */
export class CourtDesk {
  readonly #options: CourtDeskOptions
  readonly #services: CourtServices
  readonly #claims = new Map<Hex, ClaimRunner>()
  readonly #disputes = new Map<Hex, DisputeRunner>()
  /** Blocks of content that jurors may fetch, by lease. */
  readonly #evidence = new Map<Hex, ReadonlySet<string>>()
  /** Leases with a caught result that is looked up for its challenge. */
  readonly #preparing = new Set<Hex>()
  /** Leases that broke, with the block at which they did, until the chain shows them; `null` while it was away. */
  readonly #broken = new Map<Hex, { readonly purchase: Purchase; readonly block: number | null }>()
  readonly #ticker: ReturnType<typeof setInterval>
  /** The newest work that is done one at a time. */
  #tail: Promise<unknown> = Promise.resolve()

  constructor(options: CourtDeskOptions) {
    this.#options = options
    this.#services = { ...options, exclusively: (work) => this.#exclusively(work) }
    this.#ticker = setInterval(() => this.#tick(), TICK_MS)
  }

  /** Blocks of one slot. */
  get slotBlocks(): number {
    return this.#options.court.rules.slotBlocks
  }

  /** Notes that a lease broke: its provider may have been down. */
  broke(purchase: Purchase): void {
    const { bond, slotPenalty } = purchase.quote
    if (bond === 0n || slotPenalty === 0n || this.#claims.has(purchase.lease)) return
    this.#broken.set(purchase.lease, { purchase, block: this.#head() })
  }

  /** Takes what the chain shows of a lease, at every look. */
  seen(lease: Hex, chain: LeaseOnChain): void {
    const claim = this.#claims.get(lease)
    if (claim !== undefined) {
      void claim.post({ type: 'lease', lease: claimedLease(chain) })
      return
    }
    const broken = this.#broken.get(lease)
    if (broken === undefined || chain.status === 'none') return
    this.#broken.delete(lease)
    if (chain.status === 'closed') return
    const { purchase, block } = broken
    const brokenAt = block ?? this.#head() ?? chain.openBlock
    this.#claims.set(lease, new ClaimRunner(purchase.quote, claimedLease(chain), brokenAt, this.#services))
  }

  /** Brings a result that was caught before a jury, the first of each lease; never rejects. */
  async caught(purchase: Purchase, job: string, index: number): Promise<void> {
    const { lease } = purchase
    await this.#bring(purchase, () => findCaught(this.#options.journal, { job, index, lease }))
  }

  async #bring(purchase: Purchase, find: () => Promise<MismatchRow | undefined>): Promise<void> {
    const { lease } = purchase
    if (this.#disputes.has(lease) || this.#preparing.has(lease)) return
    this.#preparing.add(lease)
    try {
      const row = await find()
      if (row !== undefined) await this.#dispute(purchase, row)
    } catch (error) {
      if (!(error instanceof ProgramError)) {
        this.#options.onProblem('a wrong result was not challenged', error)
      }
    } finally {
      this.#preparing.delete(lease)
    }
  }

  /** Tells whether a lease must stay open for what is gathered about it. */
  holds(lease: Hex): boolean {
    const block = this.#head()
    const isClaimed = this.#broken.has(lease) || (block !== null && this.#claims.get(lease)?.holds(block))
    return isClaimed === true || this.#isDisputed(lease)
  }

  /** Resolves when the provider can no longer close the lease before its result is challenged. */
  async beforeClose(lease: Hex): Promise<void> {
    const { clock } = this.#options
    const untilMs = clock() + CHALLENGE_MS
    while (this.#isDisputed(lease) && clock() < untilMs) await pause(TICK_MS)
  }

  /** Tells whether a peer is a juror that may have this block. */
  authorizes(peerId: string, cid: string): boolean {
    for (const [lease, { jurors, isOver: over }] of this.#disputes) {
      if (!over && jurors.has(peerId) && this.#evidence.get(lease)?.has(cid)) return true
    }
    return false
  }

  /** Takes a new block. */
  onHead(block: number): void {
    for (const claim of this.#claims.values()) claim.onHead(block)
    for (const dispute of this.#disputes.values()) dispute.onHead(block)
    this.#clearAway()
  }

  /** Goes on with what an earlier run left: disputes also of leases that are closed. */
  async recover(unsettled: Iterable<Purchase>): Promise<void> {
    const { journal } = this.#options
    const open = new Map([...unsettled].map((purchase) => [purchase.lease, purchase]))
    for (const purchase of open.values()) if (purchase.phase === 'lost') this.broke(purchase)
    for (const { purchase, row } of await openDisputes(journal, purchases)) {
      await this.#bring(open.get(purchase.lease) ?? purchase, async () => row)
    }
    for (const [lease, row] of await firstCaught(journal)) {
      const purchase = open.get(lease)
      if (purchase !== undefined) await this.#bring(purchase, async () => row)
    }
  }

  /** Forgets a lease that the escrow has closed; what a jury decides is still followed. */
  settled(lease: Hex): void {
    this.#broken.delete(lease)
  }

  status(): CourtStatus {
    const claims = [...this.#claims].map(([lease, { quote, isOver: over, downSlots, reports }]) => {
      return { lease, subject: quote.resultSigner, isOver: over, downSlots, reports: [...reports] }
    })
    return { claims, disputes: [...this.#disputes.values()].map((one) => one.status()) }
  }

  async stop(): Promise<void> {
    clearInterval(this.#ticker)
    for (const one of [...this.#claims.values(), ...this.#disputes.values()]) await one.stop()
  }

  #head(): number | null {
    return this.#options.chain.head()?.number ?? null
  }

  #isDisputed(lease: Hex): boolean {
    return this.#preparing.has(lease) || this.#disputes.get(lease)?.holds() === true
  }

  #exclusively<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#tail.then(work)
    this.#tail = done.catch(() => {})
    return done
  }

  /** Lets go of disputes that are over, and of the oldest of what is over. */
  #clearAway(): void {
    for (const [lease, { isOver, dispute }] of this.#disputes) {
      if (!isOver || !this.#evidence.delete(lease)) continue
      void this.#forget(lease, dispute.subject).catch((error) => {
        this.#options.onProblem('a dispute that is over was not cleared away', error)
      })
    }
    forgetOldest(this.#claims)
    forgetOldest(this.#disputes)
  }

  async #forget(lease: Hex, subject: Hex): Promise<void> {
    const { journal, blocks } = this.#options
    await journal.commit([{ table: disputes.table, key: lease, value: null }], 'committed')
    await blocks.unpin(subject)
  }

  #tick(): void {
    for (const one of this.#claims.values()) if (!one.isOver) void one.post({ type: 'tick' })
    for (const one of this.#disputes.values()) if (!one.isOver) void one.post({ type: 'tick' })
  }

  async #dispute({ lease, quote }: Purchase, row: MismatchRow): Promise<void> {
    const { journal, blocks, court, network } = this.#options
    const evidence = await findEvidence(journal, blocks, row)
    if (evidence === undefined) return
    const context = { rules: court.rules, court: court.id, network }
    const dispute = newDispute(context, quote, evidence.receipt, evidence.accepted)
    if (dispute === null) return
    await journal.commit([put(disputes, lease, row)], 'synced')
    this.#evidence.set(lease, await keepEvidence(blocks, dispute.subject, evidence.task))
    this.#disputes.set(lease, new DisputeRunner(dispute, this.#services))
  }
}

function forgetOldest(runners: Map<Hex, { readonly isOver: boolean }>): void {
  for (const [lease, { isOver }] of runners) {
    if (runners.size <= MOST_REMEMBERED) return
    if (isOver) runners.delete(lease)
  }
}
