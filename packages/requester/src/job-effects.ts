import type { JobEffect } from '@souk/engine'
import type { Hex } from '@souk/protocol'
import { JobRecheck } from './audit-local.ts'
import type { FailoverDesk } from './failover-desk.ts'
import type { CheckpointIntake } from './job-checkpoint-intake.ts'
import { JobCompare } from './job-compare.ts'
import { JobDispatch } from './job-dispatch.ts'
import type { JobSearch } from './job-search.ts'
import type { JobParts } from './job-services.ts'
import type { PurchaseRunner } from './purchase-runner.ts'

/** What carrying out effects needs of the job beyond what all parts share. */
export interface EffectsHost {
  readonly leases: ReadonlyMap<Hex, PurchaseRunner>
  readonly checkpoints: CheckpointIntake
  readonly search: JobSearch
  readonly failover: FailoverDesk
  /** A result of this lease contradicts what was accepted. */
  caught(lease: Hex, index: number): void
  /** An account gave a wrong result: its leases are of no more use. */
  convicted(account: Hex): void
  finished(state: 'done' | 'failed' | 'cancelled'): void
}

/** Carries out what one job's program decides. */
export class JobEffects {
  readonly #parts: JobParts
  readonly #host: EffectsHost
  readonly #dispatch: JobDispatch
  readonly #compare: JobCompare
  readonly #recheck: JobRecheck
  /** Tasks that are decided. */
  done: number

  constructor(parts: JobParts, host: EffectsHost) {
    this.#parts = parts
    this.#host = host
    this.#dispatch = new JobDispatch(parts)
    this.#compare = new JobCompare(parts)
    this.#recheck = new JobRecheck(parts)
    this.done = parts.job.tasks.filter((task) => task.state !== 'open').length
  }

  /** Returns a promise where an effect is not over at once. */
  perform(effect: JobEffect): Promise<void> | void {
    const { services, reports } = this.#parts
    switch (effect.do) {
      case 'persist':
        return services.journal.commit(effect.writes, effect.durability)
      case 'dispatch': {
        const { lease, assignments } = effect
        return this.#dispatch.dispatch(this.#host.leases.get(lease), lease, assignments)
      }
      case 'cancel':
        void this.#host.leases.get(effect.lease)?.post({ type: 'cancel', attempts: effect.attempts })
        return
      case 'accepted':
        return this.#accepted(effect)
      case 'task-failed': {
        const { index, code, message } = effect
        this.done += 1
        return reports.report({ kind: 'task-failed', index, code, message })
      }
      case 'kept': {
        const { index, attempt, bytes } = effect
        return reports.report({ kind: 'checkpoint', index, attempt, bytes })
      }
      case 'needed':
        return this.#host.checkpoints.keepOnly(effect.index, effect.cids)
      case 'ahead':
        void this.#host.leases.get(effect.lease)?.post({ type: 'ahead', cid: effect.cid })
        return
      case 'compare':
        return this.#compare.begin(effect)
      case 'caught': {
        const { index, lease, subject } = effect
        this.#host.caught(lease, index)
        return reports.report({ kind: 'caught', index, lease, subject })
      }
      case 'recheck':
        return this.#recheck.begin(effect)
      case 'held':
        return reports.report({ kind: 'held', index: effect.index })
      case 'audited':
        return this.#audited(effect)
      case 'convicted': {
        const { account, again } = effect
        services.audited(account, 'wrong')
        reports.report({ kind: 'convicted', account, again })
        return this.#host.convicted(account)
      }
      case 'recalled':
        this.done -= 1
        return reports.report({ kind: 'recalled', index: effect.index })
      case 'stand-by':
        return this.#host.failover.standBy(effect.lease, effect.level)
      case 'stand-down':
        return this.#host.failover.standDown(effect.lease)
      case 'failed-over':
        return this.#failedOver(effect)
      case 'starved':
        return this.#host.search.starved()
      case 'finished':
        return this.#host.finished(effect.state)
    }
  }

  #audited({ index, account, verdict, valid }: Extract<JobEffect, { do: 'audited' }>): void {
    const { services, reports } = this.#parts
    if (verdict === 'valid') services.audited(account, verdict)
    reports.report({ kind: 'audited', index, account, verdict, valid })
  }

  #failedOver({ index, attempt, from, lease }: Extract<JobEffect, { do: 'failed-over' }>): void {
    const { job, reports } = this.#parts
    reports.report({ kind: 'failed-over', index, attempt, from, lease, reason: job.doubts.get(from) ?? null })
  }

  #accepted({ index, output }: Extract<JobEffect, { do: 'accepted' }>): void {
    const { job, reports } = this.#parts
    this.done += 1
    const { tasks: total } = job.row
    reports.report({ kind: 'accepted', index, done: this.done, total, status: output.status })
  }
}
