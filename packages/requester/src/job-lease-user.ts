import { type Delivery, usableCredit } from '@souk/engine'
import type { FailureCode, Hex, SecretFiles } from '@souk/protocol'
import type { CheckpointIntake } from './job-checkpoint-intake.ts'
import { JobResults } from './job-results.ts'
import type { JobParts } from './job-services.ts'
import type { LeaseUser, PurchaseRunner } from './purchase-runner.ts'

/** What leases tell the job that they work for. */
export class JobLeaseUser implements LeaseUser {
  readonly #parts: JobParts
  readonly #results: JobResults
  readonly #checkpoints: CheckpointIntake
  /** Leases of providers that have said that they leave. */
  readonly #leaving = new WeakSet<PurchaseRunner>()

  readonly #isRetired: (lease: Hex) => boolean

  constructor(parts: JobParts, checkpoints: CheckpointIntake, isRetired: (lease: Hex) => boolean) {
    this.#parts = parts
    this.#isRetired = isRetired
    this.#results = new JobResults(parts)
    this.#checkpoints = checkpoints
  }

  secrets(): SecretFiles {
    const { services, job } = this.#parts
    return services.secretsOf(job.row.id)
  }

  deliver(runner: PurchaseRunner, deliveries: readonly Delivery[]): void {
    this.#results.receive(runner, deliveries)
  }

  failed(runner: PurchaseRunner, attempt: string, code: FailureCode, message: string): void {
    this.#parts.reports.report({ kind: 'failed', lease: runner.lease, attempt, code, message })
    void this.#parts.post({ type: 'failed', attempt, code, message })
  }

  saved(runner: PurchaseRunner, attempt: string, checkpoint: { cid: string; bytes: number }): void {
    void this.#checkpoints.take(runner, attempt, checkpoint)
  }

  suspend(runner: PurchaseRunner, attempts: readonly string[]): void {
    this.#parts.reports.report({ kind: 'suspended', lease: runner.lease, attempts })
    void this.#parts.post({ type: 'lost', attempts })
  }

  /** A job that is over closes the lease again. */
  capacity(runner: PurchaseRunner): void {
    const { job, post } = this.#parts
    const { lease, quote } = runner.state.purchase
    const { provider: account, resultSigner: subject, resultBond: stake, rate: rateE12 } = quote
    const credit = this.#isRetired(lease) ? 0 : usableCredit(runner.state)
    this.#noteLeaving(runner)
    void post({ type: 'lease', lease, account, subject, credit, stake, rateE12 })
    if (job.row.state !== 'running' && runner.state.connected) void runner.close()
  }

  /** Has what runs on a lease prepared elsewhere as soon as its provider says that it leaves. */
  #noteLeaving(runner: PurchaseRunner): void {
    if (runner.state.purchase.phase !== 'draining' || this.#leaving.has(runner)) return
    this.#leaving.add(runner)
    void this.#parts.post({ type: 'suspect', lease: runner.lease, reason: 'draining' })
  }
}
