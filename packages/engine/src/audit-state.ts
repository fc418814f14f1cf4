import {
  AUDIT_WINDOW_MS,
  type AuditLedger,
  advanceAudit,
  createAuditLedger,
  type QuorumPolicy,
} from '@souk/availability'
import type { Hex, Output } from '@souk/protocol'
import type { Job, JobTask, Slot } from './job-state.ts'
import type { JobRow } from './records.ts'

/** How the results of a job are looked at beyond what its quorum says. */
export interface JobAudits {
  readonly ledger: AuditLedger
  /** Open tasks whose first result the ledger was given. */
  readonly held: Set<number>
  /** Accounts that gave a wrong result: they get nothing more of this job. */
  readonly excluded: Set<Hex>
  /** Tasks with an audit that was drawn for one account. */
  readonly pinned: Set<number>
}

/** What a task waits for that has a result. */
export interface TaskCheck {
  /** The result that is audited; null where a quorum's is executed again here. */
  readonly attempt: string | null
  /** Who the audit was drawn for, until it has it; null for anybody. */
  auditor: Hex | null
  /** Who must agree before the result is believed; null while nobody else is asked. */
  policy: QuorumPolicy | null
  /** Whether this process was asked to execute the task, and has. */
  here: 'none' | 'asked' | 'done'
  /** What it came to here; null where it did not come to anything. */
  output: Output | null
  digest: Hex | null
}

/** What auditors must agree on with the audited, or with each other; and then, where all differ. */
export const AUDITED_BY: readonly QuorumPolicy[] = [
  { k: 2, n: 3 },
  { k: 3, n: 5 },
]

/** Returns the audits of a job as they begin; null where its results are looked at no further. */
export function newAudits(
  { checks }: Pick<JobRow, 'checks'>,
  before?: ReadonlyMap<Hex, number>,
): JobAudits | null {
  if (checks === undefined) return null
  const ledger = createAuditLedger(checks.secret, checks.windowMs ?? AUDIT_WINDOW_MS, before)
  return { ledger, held: new Set<number>(), excluded: new Set<Hex>(), pinned: new Set<number>() }
}

/** Returns the check of a task at its beginning. */
export function newCheck(attempt: string | null): TaskCheck {
  return { attempt, auditor: null, policy: null, here: 'none', output: null, digest: null }
}

/** Returns how many equal results a task wants now. */
export function policyOf(job: Job, task: JobTask): QuorumPolicy {
  if (task.check?.policy != null) return task.check.policy
  const { k, n, first } = job.row
  return first === undefined ? { k, n } : { k, n, first }
}

/** Tells whether a result says nothing: its account was convicted, and is not the one that is audited. */
export function isVoid(job: Job, task: JobTask, slot: Slot): boolean {
  const { check } = task
  if (check === null || check.policy === null || slot.attempt === check.attempt) return false
  return job.audits?.excluded.has(slot.account) === true
}

/** Tells whether an account may be given a task, as far as audits go. */
export function mayServe(job: Job, task: JobTask, account: Hex): boolean {
  if (job.audits?.excluded.has(account) === true) return false
  const auditor = task.check?.auditor ?? null
  // Where it has the task already, and that was not enough, others are asked.
  return auditor === null || auditor === account || task.slots.some((slot) => slot.account === auditor)
}

/**
 * Takes up, after a restart, who was convicted and what was shown, with the records of accounts; attempts without a
 * receipt were not shown.
 */
export function restoreAudits(
  job: Job,
  liars: Iterable<Hex>,
  nowMs: number,
  before: ReadonlyMap<Hex, number> = new Map(),
): void {
  const { audits } = job
  if (audits === null || job.row.checks?.audited !== true) return
  for (const [account, valid] of before) audits.ledger.before.set(account, valid)
  for (const task of job.tasks) {
    const slot = task.slots.find(({ state }) => state === 'result')
    if (task.state !== 'accepted' || slot === undefined) continue
    const { attempt, account } = slot
    advanceAudit(audits.ledger, { type: 'shown', attempt, account }, nowMs)
  }
  for (const account of liars) {
    audits.excluded.add(account)
    advanceAudit(audits.ledger, { type: 'known-liar', account }, nowMs)
  }
}
