import {
  type Context,
  type Head,
  keySigner,
  newHost,
  put,
  type SellingPolicy,
  sales,
  vouchers,
} from '@souk/engine'
import {
  handleLeaseStreams,
  handleSessions,
  type NodeOptions,
  type OfferClass,
  type OfferExchange,
  type SoukNode,
  sealAnnouncement,
  serveBlocks,
  startNode,
  startOfferExchange,
} from '@souk/network'
import { errorMessage, type Hex, networkPath, type Offer, toHex } from '@souk/protocol'
import { memoryLimit, type Runtimes } from '@souk/runtime'
import {
  type ChainLink,
  type ChainSignal,
  type CourtLink,
  defaultUnitsPerCoin,
  type NetworkConfig,
  networkId,
  openChainLink,
  openCourtLink,
} from '@souk/settlement'
import type { BlockStore, Journal } from '@souk/storage'
import { BondedPeers } from './bonded-peers.ts'
import { forgetCheckpoints } from './checkpoint-shelf.ts'
import { CourtSide } from './court-side.ts'
import { EvidenceShelf } from './evidence-shelf.ts'
import { ExecutorPool } from './executor-pool.ts'
import type { Fault } from './fault.ts'
import { type Goods, isSelling } from './goods.ts'
import { LeaseDesk } from './lease-desk.ts'
import type { Log } from './log.ts'
import { pause } from './pause.ts'
import { type SaleCase, saleCase } from './sale-case.ts'
import { grantSession } from './session-desk.ts'
import type { WatchStatus } from './watchtower.ts'

/** Everything a provider is made of; all of it is handed in. */
export interface ProviderOptions extends Goods {
  readonly config: NetworkConfig
  readonly nodeKey: NodeOptions['privateKey']
  /** The delegate's private key: signs quotes and results, and is the subject. */
  readonly delegateKey: Uint8Array
  readonly account: Hex
  readonly journal: Journal
  readonly blocks: BlockStore
  /** Bytes of the store that may be kept for juries; a quarter of its usual size unless told. */
  readonly evidenceBytes?: number
  readonly listen: readonly string[]
  /** The engines of this machine: what it sells, and judges with. */
  readonly runtimes: Runtimes
  readonly fault: Fault | null
  readonly log: Log
  /** Monotonic milliseconds. */
  readonly clock: () => number
  /** Milliseconds since the epoch. */
  readonly dateMs: () => number
  readonly random: (bytes: number) => Uint8Array
  /** The journal cannot be written: the process must stop. */
  readonly onFatal: (error: unknown) => void
}

/** What a provider puts up and asks for besides prices. */
const SELLING = { bondSeconds: 60, resultBondSeconds: 30, prepaySeconds: 10, noticeSeconds: 60 } as const
/** Slots of downtime that a bond pays for at least. */
const BOND_SLOTS = 16
/** Events of the chain kept until the node is up. */
const MOST_EARLY = 10_000
/** Milliseconds between ticks of every lease. */
const TICK_MS = 100
/** Milliseconds that the last look at the chain may take before the process ends all the same. */
const LAST_LOOK_MS = 5_000
/** Seconds that a peer binding in our offers is valid; each announcement carries a fresh enough one. */
const BINDING_SECONDS = 86_400

type EscrowSignal = Extract<ChainSignal, { kind: 'event' | 'removed' }>

/** The selling side of one process: advertises, leases, runs work, earns. */
export class Provider {
  readonly node: SoukNode
  readonly chain: ChainLink
  readonly desk: LeaseDesk
  readonly #options: ProviderOptions
  readonly #context: Context
  readonly #host: ReturnType<typeof newHost>
  readonly #cases: Map<Hex, SaleCase>
  readonly #stops: (() => Promise<void> | void)[]
  readonly #courtLink: CourtLink | null
  #exchange: OfferExchange | null = null
  #court: CourtSide | null = null
  #binding: Offer['binding'] | null = null
  #seq = 0

  private constructor(
    options: ProviderOptions,
    context: Context,
    parts: { node: SoukNode; chain: ChainLink; court: CourtLink | null },
    cases: Map<Hex, SaleCase>,
    stops: (() => Promise<void> | void)[],
  ) {
    this.#options = options
    this.#context = context
    this.#courtLink = parts.court
    this.#cases = cases
    this.#stops = stops
    this.node = parts.node
    this.chain = parts.chain
    this.#host = newHost(options.resources)
    this.desk = this.#openDesk()
  }

  /** Starts a provider: settles what earlier runs left, then sells. Throws what its parts throw. */
  static async start(options: ProviderOptions): Promise<Provider> {
    const { config, delegateKey, journal, log } = options
    const network = networkId(config)
    const signer = keySigner(network, delegateKey)
    const context: Context = { network, signer, boot: toHex(options.random(16)) }
    const cases = new Map<Hex, SaleCase>()
    const stops: (() => Promise<void> | void)[] = []
    let provider: Provider | undefined
    const early: EscrowSignal[] = []
    try {
      const chain = await openChainLink({
        config,
        journal,
        key: delegateKey,
        cases: () => [...cases.values()].filter((one) => !one.sale.settled),
        onHead: async (head) => (provider === undefined ? undefined : provider.#onHead(head)),
        onEvent(signal) {
          if (provider !== undefined) provider.#court?.happened(signal)
          else if (early.length < MOST_EARLY) early.push(signal)
        },
        onProblem: (sentence, error) => log.warn(sentence, { error: String(error) }),
      })
      stops.push(() => chain.stop())
      const node = await startNode({
        network,
        privateKey: options.nodeKey,
        listen: options.listen,
        bootstrap: config.bootstrap,
        dev: config.dev,
      })
      stops.push(() => node.stop())
      const court = await openCourtLink({
        ...{ rpc: chain.rpc, escrow: config.escrow, reader: chain.reader },
        unitsPerCoin: defaultUnitsPerCoin(config),
      })
      provider = new Provider(options, context, { node, chain, court }, cases, stops)
      await provider.#begin(early)
      return provider
    } catch (error) {
      for (const stop of stops.toReversed()) await stop()
      throw error
    }
  }

  /** What is free, leased and earned now. */
  status() {
    const leases = [...this.desk.runners.values()].map(({ state: { sale, voucher, running } }) => ({
      lease: sale.lease,
      requester: sale.quote.requester,
      phase: sale.phase,
      settled: sale.settled,
      running: running.size,
      earned: voucher?.cumulative ?? 0n,
    }))
    const { free, total } = this.#host
    return {
      peerId: this.node.peerId,
      addresses: this.node.addresses(),
      subject: this.#context.signer.address,
      total,
      free,
      leases,
    }
  }

  /** Where this process stands as a watcher; `null` where the network has no court. */
  async watching(): Promise<WatchStatus | null> {
    return this.#court === null ? null : this.#court.status()
  }

  /** Takes no new leases and gives the present ones `seconds` to end; resolves when they have. */
  async drain(seconds: number): Promise<void> {
    this.#host.draining = true
    await this.#exchange?.stop()
    await this.desk.broadcast({ type: 'drain', seconds })
    while (this.desk.isBusy()) await pause(TICK_MS)
    // What was earned without an agreement is redeemed before the process goes, if the chain answers.
    await Promise.race([this.#look(), pause(LAST_LOOK_MS)])
  }

  /** Stops where it stands, in the reverse order of the start; the journal has the rest. */
  async stop(): Promise<void> {
    this.#host.draining = true
    await this.#exchange?.stop()
    await this.desk.stop()
    for (const stop of this.#stops.splice(0).toReversed()) await stop()
  }

  #openDesk(): LeaseDesk {
    const { account, prices, config, journal, blocks, fault, log, clock, dateMs, random, onFatal } =
      this.#options
    const slotSeconds = (this.#courtLink?.rules.slotBlocks ?? 1) * config.blockSeconds
    const policy: SellingPolicy = {
      ...SELLING,
      slotSeconds,
      bondSeconds: Math.max(SELLING.bondSeconds, 2 * BOND_SLOTS * slotSeconds),
      account,
      subject: this.#context.signer.address,
      prices,
      blockSeconds: config.blockSeconds,
      noticeBlocks: Math.ceil(SELLING.noticeSeconds / config.blockSeconds),
    }
    const executors = new ExecutorPool(this.#options.runtimes.start)
    if (isSelling(this.#options)) executors.prepare(this.#options.resources, 'wasm/1')
    this.#stops.push(() => executors.stop())
    return new LeaseDesk({
      context: this.#context,
      node: this.node,
      journal,
      blocks,
      host: this.#host,
      policy,
      executors,
      evidence: this.#courtLink && new EvidenceShelf(blocks, this.#options.evidenceBytes),
      fault,
      log,
      known: new Set(),
      clock,
      dateMs,
      random: (bytes) => toHex(random(bytes)),
      head: () => this.chain.head(),
      cover: (holder, key) => this.#cover(holder, key),
      began: (runner) => this.#follow(runner.state.sale, () => runner.state.voucher),
      changed: () => this.#announce(),
      settle: () => void this.#look(),
      fatal: onFatal,
    })
  }

  async #onHead(head: Head): Promise<void> {
    this.#court?.onHead(head.number)
    await this.desk.broadcast({ type: 'head', head })
  }

  async #begin(early: readonly EscrowSignal[]): Promise<void> {
    await this.#settlePast()
    await this.#openCourt()
    for (const signal of early) this.#court?.happened(signal)
    const { desk, node } = this
    const authorize = (peerId: string, cid: string) =>
      desk.authorizes(peerId, cid) || this.#court?.authorizes(peerId, cid) === true
    this.#stops.push(await serveBlocks(node, { blocks: this.#options.blocks, authorize }))
    this.#stops.push(await handleLeaseStreams(node, (stream) => desk.serve(stream)))
    const workOf = (lease: Hex, peer: string) => desk.workOf(lease, peer)
    this.#stops.push(await handleSessions(node, (request, peer) => grantSession(workOf, request, peer)))
    const ticker = setInterval(() => void desk.broadcast({ type: 'tick' }), TICK_MS)
    this.#stops.push(() => clearInterval(ticker))
    const competitors = new BondedPeers({
      lockable: async ({ account, subject }) => (await this.chain.ledger.cover(account, subject)).lockable,
      nowSeconds: () => this.#options.dateMs() / 1000,
    })
    const families = new Set(this.#options.resources.gpus.map((gpu) => gpu.family))
    const classes: OfferClass[] = ['cpu', ...[...families].map((family) => `gpu/${family}` as const)]
    this.#exchange = await startOfferExchange(node, {
      publish: classes,
      hear: classes,
      current: (ttlSeconds) => this.#sealedOffer(ttlSeconds),
      bonded: () => [node.peerId, ...competitors.list()],
      onAnnouncement: async (found) => {
        if (await competitors.note(found)) this.#court?.announced(found)
      },
    })
  }

  async #openCourt(): Promise<void> {
    const court = this.#courtLink
    if (court === null) return
    const { node, chain } = this
    this.#court = await CourtSide.start({
      ...this.#options,
      ...{ node, chain, court, network: this.#context.network },
      key: this.#options.delegateKey,
      roomBytes: () => memoryLimit() - (this.#host.total.memoryBytes - this.#host.free.memoryBytes),
      nowSeconds: () => this.#options.dateMs() / 1000,
    })
    this.#stops.push(() => this.#court?.stop())
  }

  /** Leases of an earlier run are over: their executors died with it. What they earned is redeemed. */
  async #settlePast(): Promise<void> {
    const { journal, blocks, log } = this.#options
    await forgetCheckpoints(journal, blocks)
    for (const row of await journal.scan(sales.table)) {
      const sale = sales.codec.decode(row.value)
      if (sale.settled) {
        // Perhaps the process ended between the row and this.
        await this.#options.blocks.unpin(sale.lease)
        this.desk.settled(sale)
        continue
      }
      if (sale.phase !== 'closed') sale.phase = 'lost'
      await journal.commit([put(sales, sale.lease, sale)], 'synced')
      const bytes = await journal.get(vouchers.table, sale.lease)
      const voucher = bytes === undefined ? null : vouchers.codec.decode(bytes)
      log.info('settling a lease of an earlier run', { lease: sale.lease, earned: voucher?.cumulative ?? 0n })
      this.#follow(sale, () => voucher)
    }
    void this.#look()
  }

  #follow(sale: SaleCase['sale'], voucher: Parameters<typeof saleCase>[0]['voucher']): void {
    const { journal, blocks } = this.#options
    const { lease } = sale
    const one = saleCase({
      sale,
      voucher,
      journal,
      blocks,
      requesterSends: async () => (await this.chain.reader.nativeBalance(sale.quote.voucherSigner)) > 0n,
      looked: (chain, head) => this.#court?.looked(sale.quote, lease, chain, head.number),
      opened: (block, timestampSeconds) => this.desk.opened(lease, block, timestampSeconds),
      unopened: () => this.desk.unopened(sale),
      ended: () => this.desk.endedOnChain(lease),
      mayForget: (chain, head) =>
        this.#courtLink === null || this.#court?.mayForget(lease, chain, head.number) === true,
      settled: () => {
        this.#cases.delete(lease)
        this.desk.settled(sale)
      },
    })
    this.#cases.set(lease, one)
  }

  async #look(): Promise<void> {
    const head: Head | null = this.chain.head()
    if (head !== null) await this.chain.settler.look(head)
  }

  #announce(): void {
    this.#exchange?.announce().catch((error) => {
      this.#options.log.warn('the offer was not announced', { error: errorMessage(error) })
    })
  }

  async #cover(account: Hex, key: Hex) {
    const { lockable, delegate } = await this.chain.ledger.cover(account, key)
    const seconds = this.chain.watcher.clock.seconds() ?? Number.POSITIVE_INFINITY
    return { lockable, authorised: delegate !== null && delegate.expiry > seconds }
  }

  async #sealedOffer(ttlSeconds: number): Promise<Uint8Array | null> {
    if (this.#host.draining) return null
    const { account, prices, coreMibPerSecond, dateMs, nodeKey } = this.#options
    const nowMs = dateMs()
    const { signer, network } = this.#context
    this.#seq = Math.max(this.#seq + 1, nowMs)
    const offer: Offer = {
      kind: 'offer',
      network: networkPath(network),
      seq: this.#seq,
      expires: Math.floor(nowMs / 1000) + ttlSeconds,
      account,
      subject: signer.address,
      binding: this.#bind(Math.floor(nowMs / 1000)),
      addresses: this.node.addresses().slice(0, 8),
      free: this.#host.free,
      coreMibPerSecond,
      prices,
      gpuClasses: [],
      runtimes: isSelling(this.#options) ? [...this.#options.runtimes.offered] : [],
      region: null,
    }
    return sealAnnouncement(nodeKey, offer)
  }

  /** Returns a binding with at least half of its time left. */
  #bind(nowSeconds: number): Offer['binding'] {
    if (this.#binding !== null && this.#binding.expires - nowSeconds > BINDING_SECONDS / 2)
      return this.#binding
    const expires = nowSeconds + BINDING_SECONDS
    const message = { peerId: this.node.peerId, account: this.#options.account, expires }
    this.#binding = { expires, signature: this.#context.signer.sign('PeerBinding', message) }
    return this.#binding
  }
}
