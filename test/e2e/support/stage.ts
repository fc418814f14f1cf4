import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Demand, type Hex, LIMITS, type Resources } from '@souk/protocol'
import type { JobEventReport, JobStarted, JobSummary, TaskResult } from '@souk/requester'
import type { JobRequest, LeaseRow, OfferRow } from '@souk/requester/node'
import { createEscrowReader, type EscrowReader, type MoneyReport, readMoney } from '@souk/settlement'
import { type ControlClient, connectControl } from '@souk/storage/node'
import { layout } from '../../../packages/cli/src/home.ts'
import type { Party } from '../../../packages/cli/src/local-market/accounts.ts'
import { LocalMarket, type ProviderPlan } from '../../../packages/cli/src/local-market/local-market.ts'
import { demandOf } from './request.ts'
import { until } from './until.ts'

/** Settlement times mined before a lease that is not open counts as one that nobody will open. */
const NEVER_ROUNDS = 2
/** Seconds after a quote after which it can no longer be opened, and nobody waits for it. */
const NEVER_SECONDS = LIMITS.openBeforeSeconds + 120

/** What a provider answers to `status`. */
export interface ProviderStatus {
  readonly peerId: string
  readonly addresses: string[]
  readonly total: Resources
  readonly free: Resources
  readonly leases: readonly {
    lease: Hex
    requester: Hex
    phase: string
    settled: boolean
    gpus: string[]
    running: number
    earned: bigint
  }[]
}

/** A job that was started on the agent. */
export interface StartedJob {
  readonly id: Promise<string>
  readonly events: readonly JobEventReport[]
  /** The answer to `run`; rejects with the agent's error code. */
  readonly done: Promise<JobSummary>
}

/** A whole market of real processes for one test file. */
export class Stage {
  readonly home: string
  readonly market: LocalMarket
  readonly reader: EscrowReader

  private constructor(home: string, market: LocalMarket) {
    this.home = home
    this.market = market
    this.reader = createEscrowReader(market.rpc, market.config)
  }

  /**
   * Starts chain, bootstrap peer, providers, `watchers` that sell nothing, and agent, and waits until the agent has
   * found every offer.
   */
  static async open(providers: readonly ProviderPlan[], watchers = 0): Promise<Stage> {
    const home = mkdtempSync(join(tmpdir(), 'souk-e2e-'))
    try {
      const market = await LocalMarket.start({ home, providers, watchers, onStep: () => {} })
      const stage = new Stage(home, market)
      await stage.offersFound(providers.length)
      return stage
    } catch (error) {
      rmSync(home, { recursive: true, force: true })
      throw error
    }
  }

  get names(): string[] {
    return this.market.parties.filter((one) => one !== this.market.requester).map((one) => one.name)
  }

  party(name: string): Party {
    const found = this.market.parties.find((one) => one.name === name)
    if (found === undefined) throw new Error(`nobody is called ${name}`)
    return found
  }

  /** Data folder of the agent or of a provider. */
  folder(name: string): string {
    return name === this.market.requester.name ? layout(this.home).agent : join(this.home, name, 'data')
  }

  /** Asks the process that owns a folder. */
  async ask<T>(name: string, method: string, params?: unknown): Promise<T> {
    const client = await this.connect(name)
    try {
      return (await client.call(method, params)) as T
    } finally {
      client.close()
    }
  }

  async connect(name: string): Promise<ControlClient> {
    const client = await connectControl(this.folder(name))
    if (client === undefined) throw new Error(`${name} does not answer`)
    return client
  }

  status(name: string): Promise<ProviderStatus> {
    return this.ask(name, 'status')
  }

  /** Waits until the agent knows `count` offers that fit and are bonded. */
  async offersFound(count: number, demand: Demand = demandOf()): Promise<OfferRow[]> {
    return until(`the agent found ${count} offers`, async () => {
      const { offers } = await this.ask<{ offers: OfferRow[] }>('agent', 'offers', { demand })
      const fitting = offers.filter((offer) => offer.reason === null)
      return fitting.length === count && fitting
    })
  }

  /** Starts a job on the agent and follows its events. */
  async start(request: JobRequest, onEvent: (event: JobEventReport) => void = () => {}): Promise<StartedJob> {
    const client = await this.connect('agent')
    const events: JobEventReport[] = []
    const named = Promise.withResolvers<string>()
    const done = client.call('run', request, (event) => {
      const report = event as JobEventReport | JobStarted
      if (report.kind === 'started') return named.resolve(report.job)
      events.push(report)
      onEvent(report)
    }) as Promise<JobSummary>
    done.then(() => client.close()).catch(named.reject)
    named.promise.catch(() => {})
    return { id: named.promise, events, done }
  }

  /** Runs a job to its end. */
  async run(request: JobRequest): Promise<JobSummary & { events: readonly JobEventReport[] }> {
    const { done, events } = await this.start(request)
    return { ...(await done), events }
  }

  result(job: string, index: number): Promise<TaskResult> {
    return this.ask('agent', 'result', { job, index })
  }

  leases(): Promise<LeaseRow[]> {
    return this.ask('agent', 'leases')
  }

  /** Waits until every provider has all its capacity back. */
  async capacityFree(names: readonly string[] = this.names): Promise<void> {
    for (const name of names) {
      await until(`${name} has its capacity back`, async () => {
        const { free, total, leases } = await this.status(name)
        const isFree = JSON.stringify(sorted(free)) === JSON.stringify(sorted(total))
        return isFree && leases.every((lease) => lease.phase === 'closed' && lease.running === 0)
      })
    }
  }

  /**
   * Waits until nothing is left to settle, mining the settlement time where every open lease has ended and its
   * provider has had its money, and at last the time after which a lease that is not open never will be.
   */
  async settle(redeemed: (lease: Hex) => Promise<boolean> = async () => true): Promise<void> {
    let rounds = 0
    await until('every lease is settled', async () => {
      const open = await this.ask<Hex[]>('agent', 'unsettled')
      if (open.length === 0) return true
      const states = await Promise.all(open.map((lease) => this.reader.leaseState(lease)))
      if (states.some(({ status }) => status === 'open' || status === 'finalizable')) return false
      const ended = open.filter((_, i) => states[i]?.status === 'ended')
      if ((await Promise.all(ended.map(redeemed))).some((one) => !one)) return false
      rounds += 1
      const { chain, config } = this.market
      if (ended.length > 0 || rounds <= NEVER_ROUNDS) await chain.mine(config.settleBlocks)
      else await chain.mine(1, NEVER_SECONDS)
      await pause(1_000 * config.blockSeconds)
      return false
    })
  }

  money(): Promise<MoneyReport> {
    const { rpc, config, tokenBlock } = this.market
    const question = { escrow: config.escrow, token: config.token, deployedAt: tokenBlock }
    return readMoney(rpc, question, AbortSignal.timeout(30_000))
  }

  async stop(): Promise<void> {
    await this.market.stop()
    rmSync(this.home, { recursive: true, force: true })
  }
}

/** Equal providers, the first the cheapest. */
export function plan(count: number, share = 0.2): ProviderPlan[] {
  return Array.from({ length: count }, (_, i) => ({
    name: `provider-${i + 1}`,
    share,
    coreHour: `0.${10 + i}`,
  }))
}

function sorted({ millicores, memoryBytes, diskBytes, gpus }: Resources) {
  return [millicores, memoryBytes, diskBytes, gpus.map((gpu) => gpu.id).sort()]
}
