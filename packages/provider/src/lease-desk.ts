import {
  type Context,
  type Cover,
  type Head,
  type Host,
  makeQuote,
  put,
  type Refusal,
  refuseLease,
  release,
  type Sale,
  type SellingPolicy,
  sales,
  secured,
  sellerLease,
  take,
  unsecured,
} from '@souk/engine'
import type { FrameStream, SoukNode } from '@souk/network'
import {
  type Demand,
  type EndingCode,
  errorMessage,
  type Frame,
  type FrameOf,
  type Hex,
  LIMITS,
  leaseOf,
  type Quote,
  requireSigned,
  type Task,
  WireError,
} from '@souk/protocol'
import type { BlockStore, Journal } from '@souk/storage'
import { CheckpointShelf } from './checkpoint-shelf.ts'
import type { EvidenceShelf } from './evidence-shelf.ts'
import type { ExecutorPool } from './executor-pool.ts'
import type { Fault } from './fault.ts'
import { LeaseContent } from './lease-content.ts'
import type { Log } from './log.ts'
import { SaleRunner } from './sale-runner.ts'
import { StandbyContent } from './standby-content.ts'
import { Workbench } from './workbench.ts'

/** What the desk works with; all of it belongs to the provider process. */
export interface DeskServices {
  readonly context: Context
  readonly node: SoukNode
  readonly journal: Journal
  readonly blocks: BlockStore
  readonly host: Host
  readonly policy: SellingPolicy
  readonly executors: ExecutorPool
  /** `null` where no court can judge a result. */
  readonly evidence: EvidenceShelf | null
  readonly fault: Fault | null
  readonly log: Log
  /** Accounts that have settled a lease with us before: their results are not held back. */
  readonly known: Set<Hex>
  clock(): number
  /** Milliseconds since the epoch, for people. */
  dateMs(): number
  random(bytes: number): Hex
  /** The newest head, or `null` while the chain cannot be reached. */
  head(): Head | null
  /** Reads the requester's money from the chain. */
  cover(account: Hex, key: Hex): Promise<Cover>
  /** A lease was journalled: follow it on the chain. */
  began(runner: SaleRunner): void
  /** Free capacity or the set of leases changed. */
  changed(): void
  /** A lease began or ended: look at the chain soon. */
  settle(): void
  fatal(error: unknown): void
}

/** The smallest lease: each has a process of its own, so that leases for nothing would fill the machine. */
const LEAST = { millicores: 10, memoryBytes: 16 * 1024 * 1024 } as const
/** Questions on one stream before the peer must open another: a peer cannot make us quote without end. */
const DEMANDS_PER_STREAM = 8

/** Answers demands and runs the leases that come of them (PROTOCOL §6, PROTOCOL §6.1). */
export class LeaseDesk {
  readonly runners = new Map<Hex, SaleRunner>()
  readonly #services: DeskServices

  constructor(services: DeskServices) {
    this.#services = services
  }

  /** Serves one stream from its first frame to its end. */
  async serve(stream: FrameStream): Promise<void> {
    const frames = stream.frames[Symbol.asyncIterator]()
    const quoted = new Map<Hex, Hex>()
    for (let demands = 0; demands < DEMANDS_PER_STREAM; demands++) {
      const frame = await nextFrame(frames)
      if (frame === undefined) break
      if (frame.t === 'resume') return this.#resume(stream, frames, frame)
      if (frame.t === 'accept') return this.#accept(stream, frames, frame, quoted)
      if (frame.t !== 'demand') throw unexpected(frame)
      const answer = this.#quote(frame)
      await stream.send(answer)
      // Signed while the requester thinks; the signature leaves only with `started`.
      if (answer.t === 'quote') this.#sign(answer.quote, quoted)
    }
    await stream.close()
  }

  /** Feeds an event to every lease. */
  async broadcast(event: Parameters<SaleRunner['post']>[0]): Promise<void> {
    await Promise.all([...this.runners.values()].map((runner) => runner.post(event)))
  }

  /** Tells whether a peer may have a block: a lease of its own, or of its job, says so. */
  authorizes(peerId: string, cid: string): boolean {
    for (const runner of this.runners.values()) if (runner.authorizes(peerId, cid)) return true
    return false
  }

  /** Returns what runs on a lease, for the peer that holds it. */
  workOf(lease: Hex, peerId: string): Workbench | undefined {
    const runner = this.runners.get(lease)
    return runner?.peerId === peerId && runner.isOpen() ? runner.work : undefined
  }

  /** Tells whether a lease still runs. */
  isBusy(): boolean {
    return [...this.runners.values()].some((runner) => runner.isOpen())
  }

  /** Forgets a lease that the chain has settled; an account that let it be opened is known from now on. */
  settled({ lease, quote, opening }: Sale): void {
    this.runners.delete(lease)
    this.#services.evidence?.release(lease)
    if (opening !== null) this.#services.known.add(quote.requester)
  }

  /** The escrow has opened a lease: its deposit is safe, results held back may go. */
  opened(lease: Hex, block: number, timestampSeconds: number): void {
    secured(this.#services.host, lease)
    void this.runners.get(lease)?.post({ type: 'opened', block, timestampSeconds })
  }

  /** The opening fell out of the chain: the lease is unsecured again, and ends unless it is opened in time. */
  unopened({ lease, quote }: Sale): void {
    unsecured(this.#services.host, lease, quote.deposit)
    void this.runners.get(lease)?.post({ type: 'unopened' })
  }

  /** The escrow says that a lease is over. */
  endedOnChain(lease: Hex): void {
    void this.runners.get(lease)?.post({ type: 'ended-on-chain' })
  }

  async stop(): Promise<void> {
    await Promise.all([...this.runners.values()].map((runner) => runner.stop()))
  }

  #quote(request: FrameOf<'demand'>): Frame {
    const { host, policy, random } = this.#services
    const head = this.#services.head()
    if (host.draining) return refused({ code: 'draining', message: 'this provider takes no new leases' })
    if (head === null) return refused(chainAway)
    const refusal = refuseDemand(request.demand)
    if (refusal !== undefined) return refused(refusal)
    const made = makeQuote(policy, host.free, request, head, random(32))
    if ('code' in made) return refused(made)
    // Asked now so that the answer is here when the quote is accepted.
    void this.#services.cover(request.requester, request.voucherSigner).catch(() => {})
    return { t: 'quote', ...made }
  }

  async #accept(
    stream: FrameStream,
    frames: AsyncIterator<Frame>,
    frame: FrameOf<'accept'>,
    quoted: ReadonlyMap<Hex, Hex>,
  ): Promise<void> {
    const started = await this.#start(stream.remotePeer, frame, quoted)
    if (!(started instanceof SaleRunner)) {
      this.#services.log.info('lease refused', { code: started.code, peer: stream.remotePeer })
      await stream.send(refused(started))
      return stream.close()
    }
    const { sale, credit } = started.state
    const { boot } = this.#services.context
    // On its way before anything else is begun: the requester waits for it.
    const { providerSignature: signature, held } = sale
    await stream.send({ t: 'started', signature, boot, credit, held }).catch(() => {})
    this.#services.log.info('lease started', { lease: sale.lease, requester: sale.quote.requester })
    this.#services.changed()
    this.#services.settle()
    await started.attach(stream, frames)
  }

  /** Notes a quote that we gave under its lease, with our signature. */
  #sign(quote: Quote, quoted: Map<Hex, Hex>): void {
    const { network, signer } = this.#services.context
    quoted.set(leaseOf(network, quote), signer.sign('Quote', quote))
  }

  /** Checks and books a lease; the capacity is taken in the same turn as the last check. */
  async #start(
    peerId: string,
    frame: FrameOf<'accept'>,
    quoted: ReadonlyMap<Hex, Hex>,
  ): Promise<SaleRunner | Refusal> {
    const { context, host, policy } = this.#services
    const { quote, terms, signature } = frame
    const lease = leaseOf(context.network, quote)
    // A quote is bound by nothing but this stream: price, bonds and duration are ours only in what we wrote.
    const providerSignature = quoted.get(lease)
    if (providerSignature === undefined)
      return { code: 'terms-changed', message: 'expected a quote that this stream got' }
    try {
      requireSigned(context.network, 'Open', { lease }, signature, quote.voucherSigner)
    } catch (error) {
      return { code: 'bad-signature', message: errorMessage(error) }
    }
    const cover = await this.#services.cover(quote.requester, quote.voucherSigner).catch(() => null)
    const head = this.#services.head()
    if (cover === null || head === null) return chainAway
    const refusal = refuseLease(host, policy, lease, quote, terms, cover, head)
    if (refusal !== undefined) return refusal
    take(host, lease, quote, terms)
    const sale: Sale = {
      lease,
      peerId,
      quote,
      terms,
      openSignature: signature,
      providerSignature,
      phase: 'active',
      boot: context.boot,
      opening: null,
      agreement: null,
      acceptedAtMs: this.#services.dateMs(),
      held: !this.#services.known.has(quote.requester),
      settled: false,
    }
    try {
      await this.#services.journal.commit([put(sales, lease, sale)], 'synced')
    } catch (error) {
      release(host, lease)
      throw error
    }
    return this.#run(sale, head)
  }

  #run(sale: Sale, head: Head): SaleRunner {
    const { node, blocks, fault, executors, evidence, log } = this.#services
    const { lease, terms, peerId } = sale
    const executor = executors.take(terms.resources, terms.runtime)
    const content = new LeaseContent({ lease, node, blocks, requester: peerId })
    const fetch = (cid: string, signal: AbortSignal) => content.fetch(cid, signal)
    const keep = async (task: Task) => evidence?.keep(lease, task)
    const checkpoints = new CheckpointShelf(lease, blocks, (error) =>
      log.warn('a checkpoint was passed over', { lease, error: errorMessage(error) }),
    )
    const standby = new StandbyContent({ lease, node, blocks, requester: peerId })
    const workbench = new Workbench({ lease, blocks, executor, fault, fetch, keep, checkpoints })
    const state = sellerLease(sale, head, LIMITS.credit, this.#services.clock())
    const runner = new SaleRunner(state, workbench, {
      ...this.#services,
      content,
      standby,
      settled: (one, code, why) => this.#ended(one, code, why),
    })
    this.runners.set(lease, runner)
    this.#services.began(runner)
    return runner
  }

  #ended(runner: SaleRunner, code: EndingCode, why: string): void {
    const { lease, terms } = runner.state.sale
    const { host, log, executors } = this.#services
    log.info('lease ended', { lease, code, why })
    release(host, lease)
    runner.release().catch((error) => log.warn('an executor did not stop', { error: errorMessage(error) }))
    executors.prepare(terms.resources, terms.runtime)
    this.#services.changed()
    this.#services.settle()
  }

  async #resume(stream: FrameStream, frames: AsyncIterator<Frame>, frame: FrameOf<'resume'>): Promise<void> {
    const runner = this.runners.get(frame.lease)
    // A lease that is over still answers: its requester may not have heard the end.
    if (runner?.peerId === stream.remotePeer) return runner.attach(stream, frames, frame)
    const code = 'unknown-lease' as const
    const signature = this.#services.context.signer.sign('Ending', { lease: frame.lease, code })
    const message = 'this process does not run that lease; ask for a new one'
    await stream.send({ t: 'ended', seq: 1, ack: 0, code, message, signature, close: null })
    await stream.close()
  }
}

const chainAway: Refusal = {
  code: 'chain-unavailable',
  message: 'this provider cannot reach the chain and takes no new leases until it can',
}

/** Returns why a demand gets no quote whatever is free, or `undefined`. */
function refuseDemand({ durationSeconds, resources }: Demand): Refusal | undefined {
  if (durationSeconds > LIMITS.leaseSeconds) {
    return {
      code: 'duration-too-long',
      message: `expected at most ${LIMITS.leaseSeconds} s, got ${durationSeconds}`,
    }
  }
  const { millicores, memoryBytes } = resources
  if (millicores >= LEAST.millicores && memoryBytes >= LEAST.memoryBytes) return undefined
  return {
    code: 'malformed',
    message: `expected at least ${LEAST.millicores} millicores and ${LEAST.memoryBytes} bytes of memory, got ${millicores} and ${memoryBytes}; ask for more`,
  }
}

function refused(refusal: Refusal): Frame {
  return { t: 'refused', code: refusal.code, message: refusal.message.slice(0, 512) }
}

/** Reads the next frame of a negotiation; `undefined` at the end of the stream or of the time for one step. */
async function nextFrame(frames: AsyncIterator<Frame>): Promise<Frame | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), LIMITS.negotiationMs)
  })
  const next = frames.next().then((result) => (result.done ? undefined : result.value))
  try {
    return await Promise.race([next, late])
  } finally {
    clearTimeout(timer)
  }
}

function unexpected(frame: Frame): WireError {
  return new WireError(`expected demand, accept or resume, got ${frame.t}; stream reset`, {
    code: 'MALFORMED',
    what: frame.t,
  })
}
