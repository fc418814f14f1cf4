import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Demand, Hex, Resources } from '@souk/protocol'
import type { JobEventReport, JobStarted, JobSummary, TaskResult } from '@souk/requester'
import type { JobRequest, LeaseRow, OfferRow } from '@souk/requester/node'
import { MarketHands } from '../../../packages/cli/src/chaos/hands.ts'
import { LocalMarket, type ProviderPlan } from '../../../packages/cli/src/local-market/local-market.ts'
import { demandOf } from './request.ts'
import { PATIENCE_MS, until } from './until.ts'

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
export class Stage extends MarketHands {
  private constructor(home: string, market: LocalMarket) {
    super(home, market, PATIENCE_MS)
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
