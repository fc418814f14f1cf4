import { DoubleVoteDesk } from '@souk/court'
import { type Context, type Head, keySigner, type SignedVote } from '@souk/engine'
import { type SoukNode, startNode } from '@souk/network'
import { type Hex, leaseOf, type Offer, signCourtStruct, toHex } from '@souk/protocol'
import {
  type ChainLink,
  type CourtLink,
  defaultUnitsPerCoin,
  networkId,
  openChainLink,
  openCourtLink,
} from '@souk/settlement'
import { Budget } from './budget.ts'
import { CourtDesk } from './court-desk.ts'
import { GpuChecker, type ProofReport, type ProvableLease } from './gpu-checker.ts'
import { HealthWatch } from './health-watch.ts'
import type { JobRunner } from './job-runner.ts'
import { type MarketView, openMarketView } from './market-view.ts'
import type { PurchaseCase } from './purchase-case.ts'
import type { PurchaseRunner } from './purchase-runner.ts'
import type { ReliabilityBook } from './reliability-book.ts'
import { openReliability, uptimeSource } from './reliability-open.ts'
import type { RequesterOptions } from './requester-options.ts'
import { GasDesk } from './runway-gas.ts'
import { ServiceBook } from './service-level-book.ts'
import type { EscrowSignal } from './service-level-count.ts'
import { standsBehind } from './stands-behind.ts'
import { UptimeDesk } from './uptime-desk.ts'

/** What connects a requester with market and chain, and what it has going on. */
export interface RequesterParts {
  readonly context: Context
  readonly node: SoukNode
  readonly chain: ChainLink
  readonly market: MarketView
  /** `null` where the network has no court. */
  readonly court: CourtDesk | null
  /** What uptime books of providers prove; `null` where the network has no court. */
  readonly uptime: UptimeDesk | null
  /** Who signed twice before the court; `null` where the network has none. */
  readonly doubleVotes: DoubleVoteDesk | null
  readonly budget: Budget
  readonly gas: GasDesk
  /** What leased GPUs prove. */
  readonly gpus: GpuChecker
  /** Which providers are there. */
  readonly health: HealthWatch
  /** How far providers can be relied upon. */
  readonly reliability: ReliabilityBook
  /** What leases came to, as we saw it and as the chain says. */
  readonly service: ServiceBook
  /** Jobs that run, or still hold leases. */
  readonly jobs: Map<string, JobRunner>
  /** Leases with a channel. */
  readonly leases: Map<Hex, PurchaseRunner>
  /** Purchases that are not settled. */
  readonly cases: Map<Hex, PurchaseCase>
}

type Stops = (() => Promise<void> | void)[]

/** Opens chain, node, market and court, and adds to `stops` what ends them. Throws what they throw. */
export async function openParts(
  options: RequesterOptions,
  onHead: (head: Head) => Promise<void>,
  stops: Stops,
): Promise<RequesterParts> {
  const { config, delegateKey, random, clock } = options
  const network = networkId(config)
  const signer = keySigner(network, delegateKey)
  const context: Context = { network, signer, boot: toHex(random(16)) }
  const held = { jobs: new Map(), leases: new Map(), cases: new Map() }
  const { reliability, history } = await openReliability(options)
  stops.push(() => reliability.close())
  const service = new ServiceBook(options)
  await service.load()
  stops.push(() => service.close())
  let gas: GasDesk | undefined
  const chain = await openChain(
    options,
    held.cases,
    async (head) => {
      await history.onHead(head)
      await onHead(head)
    },
    async (signal) => {
      service.onEvent(signal)
      await history.onEvent(signal)
    },
    (error) => gas?.lacks(error) === true,
  )
  stops.push(() => chain.stop())
  gas = new GasDesk(chain, signer.address, clock)
  const node = await startNode({
    network,
    privateKey: options.nodeKey,
    listen: options.listen,
    bootstrap: config.bootstrap,
    dev: config.dev,
  })
  stops.push(() => node.stop())
  let gpus: GpuChecker | undefined
  const market = await openMarket(options, node, chain, (offer) => gpus?.records.isProven(offer) === true)
  stops.push(() => market.stop())
  const link = await openCourtLink({
    ...{ rpc: chain.rpc, escrow: config.escrow, reader: chain.reader },
    unitsPerCoin: defaultUnitsPerCoin(config),
  })
  const common = { context, node, chain, market }
  const doubleVotes = link && (await openDoubleVotes(options, chain, link))
  if (doubleVotes !== null) stops.push(() => doubleVotes.stop())
  const given = (votes: readonly SignedVote[]) => void doubleVotes?.note(votes)
  const court = link && openCourt(options, common, link, (vote) => given([vote]))
  if (court !== null) stops.push(() => court.stop())
  const find = (subject: Hex) => market.whereIs(subject)
  const uptime = link && new UptimeDesk({ config, node, chain, court: link, find, given, random, clock })
  const checker = await openGpuChecker(options, node, held)
  gpus = checker
  stops.push(() => checker.stop())
  reliability.sources.proofsOf = (party) => checker.records.of(party)
  if (link !== null && uptime !== null) {
    const source = uptimeSource(uptime, link, options)
    reliability.sources.uptime = source
    stops.push(() => source.stop())
  }
  const watching = { node, chain, config, court: link?.id ?? null, random, clock, jobs: held.jobs }
  const health = new HealthWatch(watching)
  stops.push(() => health.stop())
  const seen = { court, uptime, doubleVotes, gas, gpus, health, reliability, service }
  return { ...common, ...held, ...seen, budget: new Budget() }
}

function openChain(
  { config, journal, delegateKey, onProblem }: RequesterOptions,
  cases: ReadonlyMap<Hex, PurchaseCase>,
  onHead: (head: Head) => Promise<void>,
  onEvent: (signal: EscrowSignal) => Promise<void>,
  lacksGas: (error: unknown) => boolean,
): Promise<ChainLink> {
  return openChainLink({
    config,
    journal,
    key: delegateKey,
    cases: () => [...cases.values()].filter((one) => !one.purchase.settled),
    onHead,
    onEvent,
    onProblem: (sentence, error) => {
      // Providers send what this key cannot pay for: there is nothing to do about it.
      if (!lacksGas(error)) onProblem(sentence, error)
    },
  })
}

function openMarket(
  { discovery, dateMs }: RequesterOptions,
  node: SoukNode,
  chain: ChainLink,
  isProven: (offer: Offer) => boolean,
): Promise<MarketView> {
  const isBonded = (offer: Offer) => standsBehind(chain, offer)
  return openMarketView({ node, hear: ['cpu'], ...discovery, dateMs, isBonded, isProven })
}

async function openGpuChecker(
  { journal, clock, dateMs, random, onProblem }: RequesterOptions,
  node: SoukNode,
  { jobs, leases }: Pick<RequesterParts, 'jobs' | 'leases'>,
): Promise<GpuChecker> {
  const report = ({ state }: ProvableLease, event: ProofReport) => jobs.get(state.purchase.job)?.report(event)
  const gpus = new GpuChecker({ node, journal, clock, dateMs, random, onProblem, leases, report })
  await gpus.begin()
  return gpus
}

function openDoubleVotes(
  { journal, onProblem, onFatal }: RequesterOptions,
  chain: ChainLink,
  court: CourtLink,
): Promise<DoubleVoteDesk> {
  return DoubleVoteDesk.open({ court, chain, journal, onProblem, fatal: onFatal })
}

function openCourt(
  { journal, blocks, clock, random, onProblem, delegateKey }: RequesterOptions,
  { context, node, chain, market }: Pick<RequesterParts, 'context' | 'node' | 'chain' | 'market'>,
  court: CourtLink,
  given: (vote: SignedVote) => void,
): CourtDesk {
  const { network } = context
  return new CourtDesk({
    ...{ court, network, journal, blocks, clock, random, onProblem, chain, node, given },
    find: (key) => market.whereIs(key),
    leaseOf: (quote) => leaseOf(network, quote),
    plead: (subject) => signCourtStruct(delegateKey, court.id, 'Plea', { subject, peerId: node.peerId }),
  })
}
