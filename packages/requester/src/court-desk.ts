import {
  accepted,
  mismatches,
  newDispute,
  type Purchase,
  receipts,
  type Table,
  taskKey,
  tasks,
} from '@souk/engine'
import {
  type Hex,
  ProgramError,
  rawCidOfDigest,
  requireJudgeable,
  taskCodec,
  taskContent,
} from '@souk/protocol'
import type { LeaseOnChain } from '@souk/settlement'
import { type BlockStore, contentBlocks, type Journal, readContent } from '@souk/storage'
import { ClaimRunner, type ClaimStatus, claimedLease } from './claim-runner.ts'
import type { CourtServices } from './court-services.ts'
import { DisputeRunner, type DisputeStatus } from './dispute-runner.ts'

export interface CourtDeskOptions extends CourtServices {
  readonly journal: Journal
  readonly blocks: BlockStore
  /** Returns the newest block, `null` while the chain is away. */
  head(): number | null
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
/** Milliseconds that closing a lease waits for its challenge to be mined. */
const CHALLENGE_MS = 30_000

/**
 * The requester's side of the court (docs/PROTOCOL.md §12): claims the downtime of providers whose leases broke, and
 * brings results that a quorum contradicted before a jury. Nothing of it is journalled: purchases, mismatches and the
 * chain say what to go on with.
 */
export class CourtDesk {
  readonly #options: CourtDeskOptions
  readonly #claims = new Map<Hex, ClaimRunner>()
  readonly #disputes = new Map<Hex, DisputeRunner>()
  /** Blocks of content that jurors may fetch, by lease. */
  readonly #evidence = new Map<Hex, ReadonlySet<string>>()
  /** Leases that broke, with the block at which they did, until the chain shows them. */
  readonly #broken = new Map<Hex, { readonly purchase: Purchase; readonly block: number }>()
  readonly #ticker: ReturnType<typeof setInterval>

  constructor(options: CourtDeskOptions) {
    this.#options = options
    this.#ticker = setInterval(() => this.#tick(), TICK_MS)
  }

  /** Notes that a lease broke: its provider may have been down. */
  broke(purchase: Purchase): void {
    const { bond, slotPenalty } = purchase.quote
    const block = this.#options.head()
    if (bond === 0n || slotPenalty === 0n || block === null || this.#claims.has(purchase.lease)) return
    this.#broken.set(purchase.lease, { purchase, block })
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
    const runner = new ClaimRunner(purchase.quote, claimedLease(chain), block, this.#options)
    this.#claims.set(lease, runner)
  }

  /** Brings a result that was caught before a jury, the first of each lease; never rejects. */
  async caught(purchase: Purchase, job: string, index: number): Promise<void> {
    const { lease } = purchase
    if (this.#disputes.has(lease) || purchase.settled) return
    try {
      await this.#dispute(purchase, job, index)
    } catch (error) {
      if (error instanceof ProgramError) return
      this.#options.onProblem('a wrong result was not challenged', error)
    }
  }

  /** Tells whether a lease must stay open for what is gathered about it. */
  holds(lease: Hex): boolean {
    const block = this.#options.head()
    const isClaimed = this.#broken.has(lease) || (block !== null && this.#claims.get(lease)?.holds(block))
    return isClaimed === true || this.#disputes.get(lease)?.holds() === true
  }

  /** Resolves when the provider can no longer close the lease before its result is challenged. */
  async beforeClose(lease: Hex): Promise<void> {
    const { clock } = this.#options
    const untilMs = clock() + CHALLENGE_MS
    while (this.#disputes.get(lease)?.holds() && clock() < untilMs) await pause(TICK_MS)
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

  /** Goes on with what an earlier run left. */
  async recover(unsettled: Iterable<Purchase>): Promise<void> {
    const open = new Map([...unsettled].map((purchase) => [purchase.lease, purchase]))
    for (const purchase of open.values()) if (purchase.phase === 'lost') this.broke(purchase)
    for (const { key, value } of await this.#options.journal.scan(mismatches.table)) {
      const { lease, job, index } = mismatches.codec.decode(value)
      const purchase = open.get(lease)
      if (purchase !== undefined && key !== '') await this.caught(purchase, job, index)
    }
  }

  /** Forgets a lease that the escrow has closed; what a jury decides is still followed. */
  settled(lease: Hex): void {
    this.#broken.delete(lease)
  }

  status(): CourtStatus {
    const claims = [...this.#claims].map(([lease, { quote, isOver: over, downSlots, reports }]) => {
      return { lease, subject: quote.resultSigner, isOver: over, downSlots, reports }
    })
    return { claims, disputes: [...this.#disputes.values()].map((one) => one.status()) }
  }

  async stop(): Promise<void> {
    clearInterval(this.#ticker)
    for (const one of [...this.#claims.values(), ...this.#disputes.values()]) await one.stop()
  }

  /** Lets go of the evidence of disputes that are over, and of the oldest of what is over. */
  #clearAway(): void {
    for (const [lease, { isOver, dispute }] of this.#disputes) {
      if (isOver && this.#evidence.delete(lease)) void this.#options.blocks.unpin(dispute.subject)
    }
    forgetOldest(this.#claims)
    forgetOldest(this.#disputes)
  }

  #tick(): void {
    for (const one of this.#claims.values()) if (!one.isOver) void one.post({ type: 'tick' })
    for (const one of this.#disputes.values()) if (!one.isOver) void one.post({ type: 'tick' })
  }

  async #dispute(purchase: Purchase, job: string, index: number): Promise<void> {
    const { journal, court, network } = this.#options
    const decided = await read(journal, accepted, taskKey(job, index))
    const wrong = await this.#receiptOf(purchase.lease, job, index)
    const task = await read(journal, tasks, taskKey(job, index))
    if (decided?.digest == null || wrong === undefined || task === undefined) return
    // Only what ended by itself can be judged.
    if (decided.output?.status.kind !== 'exit') return
    const context = { rules: court.rules, court: court.id, network }
    const dispute = newDispute(context, purchase.quote, wrong, decided.digest)
    if (dispute === null || this.#disputes.has(purchase.lease)) return
    await requireJudgeable(await readContent(this.#options.blocks, task.program))
    if (this.#disputes.has(purchase.lease)) return
    this.#disputes.set(purchase.lease, new DisputeRunner(dispute, this.#options))
    this.#evidence.set(purchase.lease, await this.#keepEvidence(dispute.subject, wrong.task, task))
  }

  async #receiptOf(lease: Hex, job: string, index: number) {
    const { journal } = this.#options
    for (const { key, value } of await journal.scan(mismatches.table, `${job}.${index}.`)) {
      if (mismatches.codec.decode(value).lease !== lease) continue
      const row = await read(journal, receipts, key)
      if (row !== undefined) return row.receipt
    }
    return undefined
  }

  /** Keeps the task's own bytes beside its content, and returns all blocks that a juror needs. */
  async #keepEvidence(
    subject: Hex,
    name: Hex,
    task: Parameters<typeof taskContent>[0],
  ): Promise<Set<string>> {
    const { blocks } = this.#options
    const cid = rawCidOfDigest(name)
    await blocks.pin(subject, [cid])
    await blocks.put(cid, taskCodec.encode(task))
    const evidence = new Set([cid])
    for (const part of taskContent(task)) {
      for (const block of await contentBlocks(blocks, part)) evidence.add(block)
    }
    return evidence
  }
}

function forgetOldest(runners: Map<Hex, { readonly isOver: boolean }>): void {
  for (const [lease, { isOver }] of runners) {
    if (runners.size <= MOST_REMEMBERED) return
    if (isOver) runners.delete(lease)
  }
}

async function read<T>(journal: Journal, table: Table<T>, key: string): Promise<T | undefined> {
  const bytes = await journal.get(table.table, key)
  return bytes === undefined ? undefined : table.codec.decode(bytes)
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
