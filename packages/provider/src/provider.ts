import { type Context, type Head, keySigner, newHost, resize, takenOf } from '@souk/engine'
import {
  handleLeaseStreams,
  handleSessions,
  type OfferExchange,
  type SoukNode,
  serveBlocks,
  serveReach,
} from '@souk/network'
import { errorMessage, type Hex, toHex } from '@souk/protocol'
import { memoryLimit, type RefusedGpus } from '@souk/runtime'
import { type ChainLink, networkId } from '@souk/settlement'
import { CourtSide } from './court-side.ts'
import { EvidenceShelf } from './evidence-shelf.ts'
import { ExecutorPool } from './executor-pool.ts'
import { isSelling } from './goods.ts'
import { watchGoods } from './goods-watch.ts'
import { GpuBook } from './gpu-book.ts'
import type { GpuProver } from './gpu-prover.ts'
import { tellGpus, watchGpus } from './gpu-watch.ts'
import { type SellingPlan, shareOf } from './health-plan.ts'
import { Hearing } from './hearing.ts'
import { LeaseDesk } from './lease-desk.ts'
import { leasesOf } from './lease-status.ts'
import { OfferSigner } from './offer-signer.ts'
import { openExchange } from './open-exchange.ts'
import { openGpuProver, serveProofs } from './open-gpu-prover.ts'
import { pause } from './pause.ts'
import type { ProviderOptions } from './provider-options.ts'
import { coverOf, type EscrowSignal, openParts, type ProviderParts } from './provider-parts.ts'
import { openReachDesk } from './reach-desk.ts'
import { SaleBook } from './sale-book.ts'
import type { SaleCase } from './sale-case.ts'
import { sellingPolicy } from './selling-policy.ts'
import { grantSession } from './session-desk.ts'
import type { WatchStatus } from './watchtower.ts'

/** Events of the chain kept until the node is up. */
const MOST_EARLY = 10_000
/** Milliseconds between ticks of every lease. */
const TICK_MS = 100
/** Milliseconds between looks at what time does to reservations. */
const RESERVATIONS_MS = 500
/** Milliseconds that the last look at the chain may take before the process ends all the same. */
const LAST_LOOK_MS = 5_000

/** The selling side of one process: advertises, leases, runs work, earns. */
export class Provider {
  readonly node: SoukNode
  readonly chain: ChainLink
  readonly desk: LeaseDesk
  /** What is known of the GPUs for sale. */
  readonly gpus: GpuBook
  readonly #options: ProviderOptions
  readonly #context: Context
  readonly #host: ReturnType<typeof newHost>
  readonly #sales: SaleBook
  readonly #offers: OfferSigner
  readonly #stops: (() => Promise<void> | void)[]
  readonly #parts: ProviderParts
  readonly #prover: GpuProver
  #refusedGpus: readonly RefusedGpus[] = []
  #exchange: OfferExchange | null = null
  #court: CourtSide | null = null
  #isLeaving = false

  private constructor(
    options: ProviderOptions,
    context: Context,
    parts: ProviderParts,
    cases: Map<Hex, SaleCase>,
    stops: (() => Promise<void> | void)[],
  ) {
    this.#options = options
    this.#context = context
    this.#parts = parts
    this.#stops = stops
    this.node = parts.node
    this.chain = parts.chain
    this.#host = newHost(options.resources)
    this.gpus = new GpuBook(options.devices)
    this.#offers = new OfferSigner(options, context, parts.node, this.gpus)
    this.#prover = openGpuProver(options, {
      ...{ book: this.gpus, host: this.#host, desk: () => this.desk },
      ...{ network: context.network, subject: context.signer.address, changed: () => this.#announce() },
    })
    this.desk = this.#openDesk()
    this.#sales = new SaleBook({
      ...options,
      ...{ chain: parts.chain, desk: this.desk, cases, hasCourt: parts.court !== null },
      court: () => this.#court,
    })
  }

  /** Starts a provider: settles what earlier runs left, then sells. Throws what its parts throw. */
  static async start(options: ProviderOptions): Promise<Provider> {
    const network = networkId(options.config)
    const signer = keySigner(network, options.delegateKey)
    const context: Context = { network, signer, boot: toHex(options.random(16)) }
    const cases = new Map<Hex, SaleCase>()
    const stops: (() => Promise<void> | void)[] = []
    let provider: Provider | undefined
    const early: EscrowSignal[] = []
    try {
      const parts = await openParts(
        options,
        {
          cases: () => [...cases.values()].filter((one) => !one.sale.settled),
          onHead: async (head) => (provider === undefined ? undefined : provider.#onHead(head)),
          onEvent(signal) {
            if (provider !== undefined) provider.#court?.happened(signal)
            else if (early.length < MOST_EARLY) early.push(signal)
          },
        },
        stops,
      )
      provider = new Provider(options, context, parts, cases, stops)
      await provider.#begin(early)
      return provider
    } catch (error) {
      for (const stop of stops.toReversed()) await stop()
      throw error
    }
  }

  /** Ids of the peers through which it joins others. */
  get bootstrap(): string[] {
    return this.#options.config.bootstrap.flatMap((address) => address.split('/p2p/')[1] ?? [])
  }

  /** What is free, leased and earned now. */
  status() {
    return {
      peerId: this.node.peerId,
      addresses: this.node.addresses(),
      subject: this.#context.signer.address,
      total: this.#host.total,
      free: this.#host.free,
      gpus: this.gpus.list(),
      refusedGpus: this.#refusedGpus,
      leases: leasesOf(this.desk),
      reservations: this.desk.reservations.status(),
    }
  }

  /** Where this process stands as a watcher; `null` where the network has no court. */
  async watching(): Promise<WatchStatus | null> {
    return this.#court === null ? null : this.#court.status()
  }

  /** Goes on watching from term to term, or takes no further place; `null` where the network has no court. */
  async renewWatching(renews: boolean): Promise<WatchStatus | null> {
    await this.#court?.renew(renews)
    return this.watching()
  }

  /** Takes no new leases and gives the present ones `seconds` to end; resolves when they have. */
  async drain(seconds: number): Promise<void> {
    this.#leave()
    await this.#exchange?.stop()
    await this.desk.broadcast({ type: 'drain', seconds })
    while (this.desk.isBusy()) await pause(TICK_MS)
    // What was earned without an agreement is redeemed before the process goes, if the chain answers.
    await Promise.race([this.#sales.look(), pause(LAST_LOOK_MS)])
  }

  /** Stops where it stands, in the reverse order of the start; the journal has the rest. */
  async stop(): Promise<void> {
    this.#leave()
    await this.#exchange?.stop()
    await this.desk.stop()
    for (const stop of this.#stops.splice(0).toReversed()) await stop()
  }

  /** Offers what this machine is good for; where leases are to end, they get `seconds` for it. */
  async sell(plan: SellingPlan, seconds: number): Promise<void> {
    if (this.#isLeaving) return
    this.#host.draining = plan.share === 0
    // What is sold elsewhere is looked at there.
    if (this.#options.look === undefined) resize(this.#host, shareOf(this.#options.resources, plan))
    this.#announce()
    if (plan.ends) await this.desk.broadcast({ type: 'drain', seconds })
  }

  #leave(): void {
    this.#isLeaving = true
    this.#host.draining = true
  }

  #openDesk(): LeaseDesk {
    const { journal, blocks, fault, log, clock, dateMs, random, onFatal } = this.#options
    const executors = new ExecutorPool(this.#options.runtimes, (sentence, error) => {
      this.#options.log.warn(sentence, { error: errorMessage(error) })
    })
    if (isSelling(this.#options)) executors.prepare(this.#options.resources, 'wasm/1')
    this.#stops.push(() => executors.stop())
    return new LeaseDesk({
      context: this.#context,
      node: this.node,
      journal,
      blocks,
      host: this.#host,
      policy: {
        ...sellingPolicy(this.#options, this.#context, this.#parts.court),
        proofs: (gpus) => this.#prover.terms(gpus),
      },
      executors,
      evidence: this.#parts.court && new EvidenceShelf(blocks, this.#options.evidenceBytes),
      fault,
      log,
      known: new Set(),
      clock,
      dateMs,
      isDateRight: () => this.#options.times?.isRight() ?? true,
      random: (bytes) => toHex(random(bytes)),
      head: () => this.chain.head(),
      cover: (holder, key) => coverOf(this.chain, holder, key),
      unreachable: ({ runtime, resources }) =>
        this.#refusedGpus.find(
          (one) => one.name === runtime && resources.gpus.some(({ family }) => family === one.family),
        )?.why,
      began: (runner) => {
        this.#sales.follow(runner.state.sale, () => runner.state.voucher)
        void tellGpus(this.gpus, runner)
      },
      follow: (sale, voucher) => this.#sales.follow(sale, voucher),
      changed: () => this.#announce(),
      settle: () => void this.#sales.look(),
      fatal: onFatal,
    })
  }

  async #onHead(head: Head): Promise<void> {
    this.#options.times?.head(head)
    this.#court?.onHead(head.number)
    await this.desk.broadcast({ type: 'head', head })
  }

  async #begin(early: readonly EscrowSignal[]): Promise<void> {
    await this.#tryGpus()
    await this.#sales.settlePast()
    await this.#openCourt()
    for (const signal of early) this.#court?.happened(signal)
    const { desk, node } = this
    const authorize = (peerId: string, cid: string) =>
      desk.authorizes(peerId, cid) || this.#court?.authorizes(peerId, cid) === true
    this.#stops.push(...(await this.#serveReach()))
    this.#stops.push(await serveBlocks(node, { blocks: this.#options.blocks, authorize }))
    this.#stops.push(await handleLeaseStreams(node, (stream) => desk.serve(stream)))
    const workOf = (lease: Hex, peer: string) => desk.workOf(lease, peer)
    this.#stops.push(await handleSessions(node, (request, peer) => grantSession(workOf, request, peer)))
    const { chain } = this.#parts
    const hearing = new Hearing({ node, chain, config: this.#options.config, clock: this.#options.clock })
    const ticker = setInterval(() => desk.tick(hearing, chain.head() === null), TICK_MS)
    this.#stops.push(() => clearInterval(ticker))
    const reservations = setInterval(() => desk.reservations.tick(), RESERVATIONS_MS)
    this.#stops.push(() => clearInterval(reservations))
    this.#stops.push(this.#watchGpus())
    this.#stops.push(this.#watchGoods())
    this.#stops.push(await serveProofs(node, this.#prover))
    this.#exchange = await openExchange(this.#options, this.#parts, {
      current: async (ttlSeconds) =>
        this.#host.draining ? null : this.#offers.seal(this.#host.free, ttlSeconds, takenOf(this.#host)),
      court: this.#court,
      heard: (peerId, dateMs) => this.#options.times?.heard(peerId, dateMs),
    })
  }

  /** Tries which engines reach the GPUs for sale: leases of the others are refused, with what to do about it. */
  async #tryGpus(): Promise<void> {
    const { runtimes, resources, log } = this.#options
    this.#refusedGpus = (await runtimes.tryGpus?.(resources.gpus)) ?? []
    for (const { name, family, why } of this.#refusedGpus)
      log.warn('an engine does not reach the GPUs', { name, family, why })
  }

  #watchGpus(): () => void {
    return watchGpus({
      ...{ book: this.gpus, host: this.#host, runners: this.desk.runners, log: this.#options.log },
      changed: () => this.#announce(),
    })
  }

  #watchGoods(): () => Promise<void> {
    const { look, log } = this.#options
    if (look === undefined) return async () => {}
    return watchGoods({ host: this.#host, log, look, changed: () => this.#announce() })
  }

  async #openCourt(): Promise<void> {
    const court = this.#parts.court
    if (court === null) return
    const { node, chain } = this
    const { judging } = this.#options
    // What is leased elsewhere takes nothing from this machine.
    const leasedBytes = () => (judging ? 0 : this.#host.total.memoryBytes - this.#host.free.memoryBytes)
    this.#court = await CourtSide.start({
      ...this.#options,
      runtimes: judging ?? this.#options.runtimes,
      ...{ node, chain, court, network: this.#context.network },
      key: this.#options.delegateKey,
      roomBytes: () => memoryLimit() - leasedBytes(),
      nowSeconds: () => this.#options.dateMs() / 1000,
      sells: isSelling(this.#options),
    })
    this.#stops.push(() => this.#court?.stop())
  }

  /** Helps requesters to tell who is gone from who is cut off; without a court nobody answers probes. */
  async #serveReach(): Promise<(() => Promise<void> | void)[]> {
    const court = this.#court
    if (court === null) return []
    const { node, desk } = this
    const reach = openReachDesk({
      ...{ node, clock: this.#options.clock },
      serves: (peer) => desk.leasesTo(peer),
      find: (subject) => court.find(subject),
    })
    return [() => reach.stop(), await serveReach(node, reach)]
  }

  #announce(): void {
    this.#exchange?.announce().catch((error) => {
      this.#options.log.warn('the offer was not announced', { error: errorMessage(error) })
    })
  }
}
