import { fundsOf } from './funds.ts'
import type { RequesterOptions } from './requester-options.ts'
import type { RequesterParts } from './requester-parts.ts'
import { neededSeconds, paidLease, type RunwayReport, returning, runwayReport } from './runway-report.ts'
import { type RunwayInput, runwayWarnings, untold, warningWords } from './runway-watch.ts'

/** Watches what one requester's jobs live on: balance, limit, deposits and coins. */
export class RunwayDesk {
  readonly #options: RequesterOptions
  readonly #parts: RequesterParts
  /** What runs out and was told. */
  readonly #told = new Set<string>()

  constructor(options: RequesterOptions, parts: RequesterParts) {
    this.#options = options
    this.#parts = parts
  }

  /** Reads what the account's key may lock now. Throws what the chain throws. */
  async readBalance(): Promise<void> {
    const { chain, context, budget } = this.#parts
    const cover = await chain.ledger.cover(this.#options.account, context.signer.address)
    const head = chain.watcher.clock.head()
    if (head !== undefined) budget.update(fundsOf(cover, head))
  }

  /** Reads balance and coins, as far as the chain answers, and tells what runs out. */
  async look(): Promise<void> {
    await Promise.all([this.readBalance(), this.#parts.gas.read()]).catch(() => {})
    this.#tell()
  }

  /** Returns what a top-up for a running job is decided on; null where no such job runs. */
  report(job: string): RunwayReport | null {
    const { jobs, cases, budget } = this.#parts
    const runner = jobs.get(job)
    if (runner === undefined || runner.job.row.state !== 'running') return null
    const coming = returning([...cases.values()].map(({ purchase }) => purchase))
    return runwayReport(runner, budget, this.#input(), coming)
  }

  /** Tells every running job, and the log, what runs out before it is done. */
  #tell(): void {
    const running = [...this.#parts.jobs.values()].filter(({ job }) => job.row.state === 'running')
    const warnings = running.length === 0 ? [] : runwayWarnings(this.#input())
    for (const warning of untold(this.#told, warnings)) {
      for (const runner of running) runner.report({ kind: 'low', ...warning })
      this.#options.onProblem('what the running jobs live on runs out', warningWords(warning))
    }
  }

  #input(): RunwayInput {
    const { blockSeconds } = this.#options.config
    const { budget, gas, jobs, leases } = this.#parts
    const { funds, reserved } = budget
    const paid = [...leases.values()].map((lease) => paidLease(lease, blockSeconds))
    const { roundsLeft } = gas
    return { funds, reserved, leases: paid, neededSeconds: neededSeconds(jobs.values()), roundsLeft }
  }
}
