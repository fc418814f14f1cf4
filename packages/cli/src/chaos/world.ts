import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Demand, Hex, Resources } from '@souk/protocol'
import type { OfferRow } from '@souk/requester/node'
import type { Child } from '../local-market/child.ts'
import { EXTRA_WATCHERS, LocalMarket, type ProviderPlan } from '../local-market/local-market.ts'
import { MarketHands } from './hands.ts'
import { Relay } from './relay.ts'
import { routeSockets } from './route.ts'
import { failed, until } from './until.ts'

/** `crowd`: five providers and three watchers, linked directly; `links`: three providers, all links by the relay. */
export type WorldName = 'crowd' | 'links'

/** Who plays with whom in a world. */
const WORLDS: Readonly<Record<WorldName, { providers: number; watchers: number; routed: boolean }>> = {
  crowd: { providers: 5, watchers: EXTRA_WATCHERS, routed: false },
  links: { providers: 3, watchers: 0, routed: true },
}
/** Milliseconds by which the clock of each provider behind the relay jumps at a SIGUSR2. */
const CLOCK_JUMP_MS = 3_600_000
const MIB = 1024 * 1024
const AGENT = 'agent'

/** What a provider answers to `status`. */
export interface ProviderStatus {
  readonly draining: string | null
  readonly free: Resources
  readonly total: Resources
  readonly leases: readonly {
    lease: Hex
    phase: string
    /** The provider has seen that the escrow opened it. */
    open: boolean
    running: number
    earned: bigint
  }[]
}

/** A demand that every provider of a world fits. */
export const DEMAND: Demand = {
  resources: { millicores: 100, memoryBytes: 64 * MIB, diskBytes: 16 * MIB, gpu: null },
  runtime: 'wasm/1',
  network: 'none',
  region: null,
  maxRoundTripMs: null,
  maxRateE12: null,
  durationSeconds: 600,
}

type Plan = { -readonly [K in keyof ProviderPlan]: ProviderPlan[K] }

export interface WorldOptions {
  readonly name: WorldName
  readonly seed: number
  readonly signal: AbortSignal
  readonly onStep: (sentence: string) => void
  /** Leaves the folder with logs and journals behind. */
  readonly keep: boolean
}

/** A market of real processes that scenarios break, and mend again. */
export class World extends MarketHands {
  readonly #plans: readonly Plan[]
  readonly #options: WorldOptions
  readonly #relay: Relay | null
  readonly #stops: (() => Promise<void> | void)[]
  /** Every process that was started here. */
  readonly #pids = new Set<number>()

  private constructor(
    options: WorldOptions,
    parts: { home: string; market: LocalMarket; plans: readonly Plan[]; relay: Relay | null },
    stops: (() => Promise<void> | void)[],
  ) {
    super(parts.home, parts.market)
    this.#plans = parts.plans
    this.#relay = parts.relay
    this.#options = options
    this.#stops = stops
  }

  /** Starts everything, and waits until the agent has found every offer. */
  static async start(options: WorldOptions): Promise<World> {
    const { providers, watchers, routed } = WORLDS[options.name]
    const home = mkdtempSync(join(tmpdir(), 'souk-chaos-'))
    const stops: (() => Promise<void> | void)[] = []
    if (options.keep) options.onStep(`logs and journals stay in ${home}`)
    else stops.push(() => rmSync(home, { recursive: true, force: true }))
    try {
      const relay = routed ? await Relay.start(options.seed) : null
      if (relay !== null) stops.push(() => relay.stop())
      const plans = planOf(providers)
      const { onStep, signal } = options
      const nodeFlags = (name: string) => (relay === null ? [] : preload(name, relay.port))
      const market = await LocalMarket.start({ home, providers: plans, watchers, onStep, nodeFlags, signal })
      stops.push(() => market.stop())
      const world = new World(options, { home, market, plans, relay }, stops)
      world.#nameLinks()
      await world.restored()
      return world
    } catch (error) {
      for (const stop of stops.toReversed()) await stop()
      throw error
    }
  }

  get seed(): number {
    return this.#options.seed
  }

  /** The network between the peers. Throws `CliError` `CHAOS_FAILED` in a world that is linked directly. */
  get relay(): Relay {
    if (this.#relay === null) throw failed(`the peers of ${this.#options.name} are linked directly`)
    return this.#relay
  }

  /** Port of the chain. */
  get chainPort(): number {
    return Number(new URL(this.market.chain.rpcUrl).port)
  }

  /** Name of the provider whose key or account this is. */
  nameOf(address: Hex): string {
    return this.market.partyOf(address)?.name ?? address
  }

  child(name: string): Child {
    const child = this.market.child(name)
    if (child === undefined) throw failed(`${name} was not started`)
    this.#pids.add(child.pid)
    return child
  }

  signal(name: string, signal: NodeJS.Signals): void {
    process.kill(this.child(name).pid, signal)
  }

  /** Starts a provider or the agent again, whether it runs or not; a provider perhaps with a fault. */
  async restart(name: string, fault?: string): Promise<void> {
    const before = this.market.child(name)
    if (before?.isRunning() === true) await before.stop()
    this.#noteRunners(name)
    const plan = this.#plans.find((one) => one.name === name)
    if (plan === undefined) await this.market.startAgent()
    else {
      if (fault === undefined) delete plan.fault
      else plan.fault = fault
      await this.market.startProvider(name)
    }
    this.#nameLinks()
  }

  status(name: string): Promise<ProviderStatus> {
    return this.ask(name, 'status')
  }

  /** Returns the offers that the agent knows and that fit. */
  async offers(): Promise<OfferRow[]> {
    const { offers } = await this.ask<{ offers: OfferRow[] }>(AGENT, 'offers', { demand: DEMAND })
    return offers.filter(({ reason }) => reason === null)
  }

  /** Waits until the agent knows `count` offers that fit. */
  async offersFound(count: number): Promise<void> {
    await until(`the agent found ${count} offers`, async () => (await this.offers()).length === count)
  }

  /** Mends what a scenario broke: everybody runs, honest, linked, and is known to the agent. */
  async restored(): Promise<void> {
    this.#relay?.rule()
    for (const plan of this.#plans) {
      const isRunning = this.market.child(plan.name)?.isRunning() === true
      if (!isRunning || plan.fault !== undefined) await this.restart(plan.name)
    }
    if (this.market.child(AGENT)?.isRunning() !== true) await this.restart(AGENT)
    for (const name of [...this.names, AGENT]) this.child(name)
    await this.offersFound(this.#plans.length)
  }

  /** Stops everything, and returns how many of all processes that ever ran here are left: none. */
  async stop(): Promise<number> {
    this.#relay?.rule()
    for (const name of [...this.names, AGENT]) this.#noteRunners(name)
    const pids = [...this.#pids, this.market.chain.pid]
    for (const stop of this.#stops.splice(0).toReversed()) await stop()
    const isAlive = () => pids.filter(isRunning).length
    await until('every process is gone', () => isAlive() === 0, 10_000).catch(() => {})
    return isAlive()
  }

  #nameLinks(): void {
    if (this.#relay === null) return
    const named = [...this.names, AGENT].flatMap((name) => {
      const addresses = this.market.child(name)?.ready.addresses
      return Array.isArray(addresses)
        ? addresses.map((address) => [portOf(String(address)), name] as const)
        : []
    })
    const bootstrap = this.market.config.bootstrap.map((address) => [portOf(address), 'bootstrap'] as const)
    const all = new Map([...named, ...bootstrap, [this.chainPort, 'chain']])
    for (const [port, name] of all) this.#relay.name(port, name)
    // The bootstrap peer lives in this process; it reaches the others as they reach it.
    const peers = new Set(named.map(([port]) => port))
    const { port: relayPort } = this.#relay
    this.#unroute()
    this.#unroute = routeSockets({ name: 'bootstrap', relayPort, passes: (port) => peers.has(port) })
    if (!this.#stops.includes(this.#endRoute)) this.#stops.push(this.#endRoute)
  }

  #unroute: () => void = () => {}
  readonly #endRoute = () => this.#unroute()

  /** Remembers what a provider says that it has started. */
  #noteRunners(name: string): void {
    try {
      const book = readFileSync(join(this.folder(name), 'started'), 'utf8')
      for (const line of book.trim().split('\n')) {
        const pid = Number(line.split(' ')[2])
        if (pid > 1) this.#pids.add(pid)
      }
    } catch {
      // It has started nothing.
    }
  }
}

/** Equal providers, the first the cheapest. */
function planOf(count: number): Plan[] {
  return Array.from({ length: count }, (_, i) => ({
    name: `provider-${i + 1}`,
    share: 1 / count,
    coreHour: `0.${10 + i}`,
  }))
}

function preload(name: string, relayPort: number): string[] {
  const url = new URL('./preload.ts', import.meta.url)
  url.searchParams.set('name', name)
  url.searchParams.set('relay', String(relayPort))
  if (name !== AGENT) url.searchParams.set('clockMs', String(CLOCK_JUMP_MS))
  return ['--import', url.href]
}

function portOf(multiaddr: string): number {
  return Number(/\/tcp\/(\d+)/.exec(multiaddr)?.[1] ?? 0)
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    // A process that has ended and was not asked about yet is no longer one.
    return !/^State:\s+[ZX]/m.test(statusOf(pid))
  } catch {
    return false
  }
}

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8')
  } catch {
    return ''
  }
}
