import { checkPolicy, POLICY_DEFAULTS, type PoolPolicy } from '@souk/elastic'
import {
  type DecisionRow,
  decisions,
  type JobRow,
  type PoolRow,
  pools,
  purchases,
  put,
  vouchers,
  type Write,
} from '@souk/engine'
import { type Candidate, perHour } from '@souk/market'
import type { Demand } from '@souk/protocol'
import type { ChainLink } from '@souk/settlement'
import type { Journal } from '@souk/storage'
import type { JobRunner } from './job-runner.ts'
import { commitOf, PoolMarket } from './pool-market.ts'
import type { Member } from './pool-members.ts'
import { PoolError, PoolMoney } from './pool-money.ts'
import { PoolRunner } from './pool-runner.ts'
import type { PoolStatus } from './pool-status.ts'
import type { PurchaseRunner } from './purchase-runner.ts'
import { readRow } from './read-rows.ts'

/** What pools need of the process. */
export interface PoolDeskOptions {
  readonly journal: Journal
  readonly chain: Pick<ChainLink, 'head'>
  readonly blockSeconds: number
  dateMs(): number
  /** The offers that a job could lease now, the best first. */
  candidates(runner: JobRunner): readonly Candidate[]
  onProblem(sentence: string, error: unknown): void
}

/** The pools of one requester: each grows and shrinks the leases of a job. */
export class PoolDesk {
  readonly #options: PoolDeskOptions
  readonly #pools = new Map<string, PoolRunner>()

  constructor(options: PoolDeskOptions) {
    this.#options = options
  }

  /**
   * Checks a policy against the offers there are, for a job of which `needed` replicas of a task start at once. Throws
   * `PolicyError`, and {@link PoolError} `POOL_TOO_SMALL`.
   */
  check(policy: PoolPolicy, demand: Demand, offers: readonly Candidate[], needed: number): void {
    if (policy.max < needed) {
      throw new PoolError(
        `expected a pool of at least ${needed} leases, since so many replicas of a task start at once, got one of at most ${policy.max}; raise --max, or choose another --assurance`,
        { code: 'POOL_TOO_SMALL', max: policy.max, needed },
      )
    }
    const commits = offers.map((one) => commitOf(one, demand.durationSeconds))
    const rates = offers.map(({ rateE12 }) => perHour(rateE12))
    const least = (values: bigint[]) => values.reduce((a, b) => (b < a ? b : a))
    const cheapest = offers.length === 0 ? null : { commit: least(commits), ratePerHour: least(rates) }
    const min = Math.max(policy.min, needed)
    checkPolicy({ ...policy, min }, { nowMs: this.#options.dateMs(), cheapest })
  }

  /** Returns what is written of a job's pool with the job. */
  rows({ id }: Pick<JobRow, 'id'>, policy: PoolPolicy | undefined): Write[] {
    if (policy === undefined) return []
    const { min, max, slots, spread, edgeBuffer, target, budget, standby } = policy
    const { scaleToZeroAfterMs, coolDownMs, stableMs, panicMs } = policy
    const kept = { min, max, slots, spread, edgeBuffer, target, budget, standby }
    return [put(pools, id, { ...kept, scaleToZeroAfterMs, coolDownMs, stableMs, panicMs })]
  }

  /** Takes care of a job's leases; a job without a pool is left as it is. */
  adopt(runner: JobRunner, policy: PoolPolicy | undefined): void {
    if (policy !== undefined) this.#keep(runner, policy, new PoolMoney(policy.budget), null)
  }

  /** Goes on with the pool of a job of an earlier run, with all that it has spent. */
  async takeUp(runner: JobRunner): Promise<void> {
    const { journal } = this.#options
    const { id } = runner.job.row
    const row = await readRow(journal, pools, id)
    if (row === undefined) return
    const money = new PoolMoney(row.budget)
    for (const { value } of await journal.scan(purchases.table)) {
      const purchase = purchases.codec.decode(value)
      if (purchase.job !== id) continue
      const promised = (await readRow(journal, vouchers, purchase.lease))?.cumulative ?? 0n
      money.know(purchase, () => promised)
    }
    const [last] = await this.decisions(id, 1)
    this.#keep(runner, policyOf(row), money, last ?? null)
  }

  /** Counts from now on what becomes of a purchase of an earlier run, also of one that no longer serves its job. */
  resumed({ state }: Pick<PurchaseRunner, 'state'>): void {
    const { purchase } = state
    this.of(purchase.job)?.money.know(purchase, () => state.voucher?.cumulative ?? 0n)
  }

  /** Returns the pool of a job; undefined where it has none. */
  of(job: string): PoolRunner | undefined {
    return this.#pools.get(job)
  }

  tick(): void {
    for (const pool of this.#pools.values()) pool.tick()
  }

  forget(job: string): void {
    this.#pools.delete(job)
  }

  /** Returns how the pools of running jobs stand. */
  status(): PoolStatus[] {
    return [...this.#pools.values()].map((pool) => pool.status())
  }

  /** Returns the newest decisions about a pool that are kept, the newest first. */
  async decisions(job: string, most = Number.POSITIVE_INFINITY): Promise<DecisionRow[]> {
    const rows = await this.#options.journal.scan(decisions.table, `${job}/`)
    const all = rows.map(({ value }) => decisions.codec.decode(value))
    return all.sort((a, b) => b.seq - a.seq).slice(0, most)
  }

  #keep(runner: JobRunner, policy: PoolPolicy, money: PoolMoney, last: DecisionRow | null): void {
    const { journal, dateMs, onProblem, candidates } = this.#options
    const { row } = runner.job
    const market = new PoolMarket(row.demand, () => candidates(runner))
    const mayRest = row.service === true && policy.min === 0
    const least = { ...policy, min: mayRest ? 0 : Math.max(policy.min, row.first ?? row.k) }
    const services = {
      ...{ journal, dateMs, onProblem },
      market: () => market.look(dateMs(), startMs([...runner.leases.values()])),
      members: () => [...runner.leases.values()].map((lease) => this.#member(runner, lease)),
    }
    this.#pools.set(row.id, new PoolRunner(runner, least, money, services, last))
  }

  #member({ job, retired }: JobRunner, { lease, state }: PurchaseRunner): Member {
    const { purchase, connected } = state
    const { opening, quote, phase } = purchase
    const head = this.#options.chain.head()
    const blockMs = 1_000 * this.#options.blockSeconds
    const left = opening === null || head === null ? null : opening.block + quote.blocks - head.number
    return {
      ...{ lease, isUsable: connected && phase === 'active', isRetiring: retired.has(lease) },
      running: job.leases.get(lease)?.running.size ?? 0,
      leftMs: left === null ? null : left * blockMs,
      durationMs: quote.blocks * blockMs,
      rateE12: quote.rate,
    }
  }
}

/** What the row does not say is as usual, or for the job's own rules. */
function policyOf(row: PoolRow): PoolPolicy {
  return { ...POLICY_DEFAULTS, ...row }
}

/** Milliseconds that purchases took on average; null where none did. */
function startMs(leases: readonly PurchaseRunner[]): number | null {
  const took = leases.flatMap(({ state }) => state.purchase.negotiatedMs ?? [])
  return took.length === 0 ? null : took.reduce((sum, ms) => sum + ms, 0) / took.length
}
