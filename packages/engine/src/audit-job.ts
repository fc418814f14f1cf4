import {
  type AuditEffect,
  type AuditEvent,
  advanceAudit,
  drawAuditor,
  isCheckedHere,
} from '@souk/availability'
import { assert, type Hex, type Output, outputDigest } from '@souk/protocol'
import { exclude } from './audit-exclude.ts'
import { AUDITED_BY, type JobAudits, newCheck, type TaskCheck } from './audit-state.ts'
import { contradicts } from './job-checkpoints.ts'
import { classify } from './job-quorum.ts'
import { compare, equalityOf, resultsOf } from './job-relation.ts'
import { current, type Job, type JobEffect, type JobTask, type Slot } from './job-state.ts'
import { persist } from './program.ts'
import { accepted, taskKey } from './records.ts'

/** Accepts an output of an open task; `output` where it is none of its results. */
export type Accept = (task: JobTask, digest: Hex, output?: Output) => JobEffect[]

/** Decides what becomes of an output on which a task's results agree: accepted at once, or looked at before. */
export function agree(job: Job, task: JobTask, digest: Hex, nowMs: number, accept: Accept): JobEffect[] {
  const { audits } = job
  const { checks } = job.row
  if (audits === null || checks === undefined) return accept(task, digest)
  if (task.check?.here === 'asked') return []
  if (!checks.audited) {
    const isDrawn = checks.here && isCheckedHere(checks.secret, taskKey(job.row.id, task.index))
    if (task.check !== null || !isDrawn) return accept(task, digest)
    task.check = newCheck(null)
    return askHere(task, task.check)
  }
  if (task.check === null) return hold(job, audits, task, nowMs, accept)
  return task.check.policy === null ? [] : conclude(job, task, digest, nowMs, accept)
}

/** Takes in what a task came to that was executed here; the task is to be decided then. */
export function onRechecked(
  job: Job,
  task: JobTask,
  output: Output | null,
  nowMs: number,
  accept: Accept,
): JobEffect[] {
  const { check } = task
  if (check === null) return []
  check.here = 'done'
  if (output !== null) Object.assign(check, { output, digest: outputDigest(output) })
  if (output !== null || check.attempt === null || check.policy !== null) return []
  const { attempt } = check
  return tellAudits(job, { type: 'audited', attempt, verdict: 'undecided' }, nowMs, accept)
}

/** Compares what a task came to here with what was agreed, or with the audited result; `null` where it did not. */
export function judgeHere(
  job: Job,
  task: JobTask,
  agreed: Hex | null,
  nowMs: number,
  accept: Accept,
): JobEffect[] | null {
  const { check } = task
  if (check?.digest == null || check.output === null) return null
  const looked = check.attempt === null ? agreed : (current(job, check.attempt)?.slot.digest ?? null)
  if (looked === null) return null
  const isEqual = equalityOf(job, task)(looked, check.digest)
  if (isEqual === undefined) return compare(task, [[looked, check.digest]])
  return isEqual
    ? conclude(job, task, looked, nowMs, accept)
    : conclude(job, task, check.digest, nowMs, accept, check.output)
}

/** Asks further where auditors do not agree; `null` where there is nobody left to ask. */
export function widen(job: Job, task: JobTask, nowMs: number): JobEffect[] | null {
  const { check } = task
  if (check === null || check.policy === null) return null
  if (check.here === 'asked') return []
  if (job.row.checks?.here === true && check.here === 'none') return askHere(task, check)
  const next = AUDITED_BY[AUDITED_BY.indexOf(check.policy) + 1]
  if (next === undefined) return null
  Object.assign(check, { policy: next, auditor: null })
  classify(job, task, nowMs)
  return []
}

/** Has no more to do with the result that a task was held for: it is given up, or runs again. */
export function dropCheck(job: Job, task: JobTask, nowMs: number, accept: Accept): JobEffect[] {
  const { check } = task
  task.check = null
  job.audits?.held.delete(task.index)
  if (check === null || check.attempt === null) return []
  return tellAudits(job, { type: 'dropped', attempt: check.attempt }, nowMs, accept)
}

/** Tells the audits when no more results come, and, with `isTick`, that time passed. */
export function passAudits(job: Job, isTick: boolean, nowMs: number, accept: Accept): JobEffect[] {
  const { audits, row } = job
  if (audits === null || row.checks?.audited !== true || audits.held.size === 0) return []
  const isLast = !row.open && audits.held.size === job.open && !audits.ledger.finished
  return isLast || isTick ? tellAudits(job, { type: isLast ? 'finished' : 'tick' }, nowMs, accept) : []
}

/** Gives the audits an event, and carries out what they decide. */
function tellAudits(job: Job, event: AuditEvent, nowMs: number, accept: Accept): JobEffect[] {
  const { audits } = job
  if (audits === null) return []
  const decided = advanceAudit(audits.ledger, event, nowMs)
  const again = decided.filter((one) => one.do === 'audit').length
  return decided.flatMap((effect): JobEffect[] => {
    if (effect.do !== 'convict') return carryOut(job, audits, effect, nowMs, accept)
    const { account, attempt } = effect
    return [...exclude(job, audits, account, nowMs), { do: 'convicted', account, attempt, again }]
  })
}

function carryOut(
  job: Job,
  audits: JobAudits,
  effect: AuditEffect,
  nowMs: number,
  accept: Accept,
): JobEffect[] {
  const found = current(job, effect.attempt)
  if (found === undefined) return []
  const { task, slot } = found
  if (effect.do === 'audit') {
    const reopened = task.state === 'accepted' ? reopen(job, audits, task, slot) : []
    return [...reopened, ...startAudit(job, audits, task, slot, nowMs)]
  }
  // What was looked at is accepted by whoever told of it.
  const isUnseen = task.check?.policy === null && task.check.here === 'none'
  if (effect.do !== 'release' || task.state !== 'open' || !isUnseen || slot.digest === null) return []
  return accept(task, slot.digest)
}

/** Holds the first result of a task, and draws whether it is audited. */
function hold(job: Job, audits: JobAudits, task: JobTask, nowMs: number, accept: Accept): JobEffect[] {
  // Of an account that was convicted a late result may stand first; it is nothing to hold or to audit.
  const results = resultsOf(task)
  const slot = results.find((one) => !audits.excluded.has(one.account)) ?? results[0]
  assert(slot !== undefined, 'a task on which somebody agrees has a result')
  const { attempt, account } = slot
  task.check = newCheck(attempt)
  audits.held.add(task.index)
  const event = { type: 'result' as const, attempt, account, ...moneyOf(job, slot, nowMs) }
  return [{ do: 'held', index: task.index, attempt }, ...tellAudits(job, event, nowMs, accept)]
}

/** Returns what a wrong result is worth, its price rounded up, and what it costs; of a lease that is gone nothing. */
function moneyOf(job: Job, { lease, startedMs }: Slot, nowMs: number): { gain: bigint; stake: bigint } {
  const member = job.leases.get(lease)
  if (member === undefined) return { gain: 1n, stake: 0n }
  const { stake = 0n, rateE12 = 0n } = member
  const ms = BigInt(Math.max(1, Math.ceil(nowMs - startedMs)))
  return { gain: (ms * rateE12) / 10n ** 15n + 1n, stake }
}

/** Takes back what was shown, until it was looked at. */
function reopen(job: Job, audits: JobAudits, task: JobTask, { attempt }: Slot): JobEffect[] {
  Object.assign(task, { state: 'open', output: null, check: newCheck(attempt) })
  job.open += 1
  audits.held.add(task.index)
  const row = { table: accepted.table, key: taskKey(job.row.id, task.index), value: null }
  return [persist('synced', row), { do: 'recalled', index: task.index }]
}

/** Has a result executed again by whoever is drawn: ourselves, or an account other than its own. */
function startAudit(job: Job, audits: JobAudits, task: JobTask, slot: Slot, nowMs: number): JobEffect[] {
  const { check } = task
  if (check === null || task.state !== 'open') return []
  const others = [...job.leases.values()].flatMap(({ account, credit }) =>
    credit > 0 && account !== slot.account && !audits.excluded.has(account) ? [account] : [],
  )
  const drawn = drawAuditor(audits.ledger.secret, slot.attempt, [...new Set(others)].sort())
  if (drawn === null && job.row.checks?.here === true && check.here === 'none') return askHere(task, check)
  check.policy = AUDITED_BY[0] ?? null
  check.auditor = drawn
  if (drawn !== null) audits.pinned.add(task.index)
  // Others may have answered already, before a restart: then the next event decides.
  if (!['start', 'wait'].includes(classify(job, task, nowMs).kind)) job.ripe.push(task.index)
  return []
}

function askHere(task: JobTask, check: TaskCheck): JobEffect[] {
  check.here = 'asked'
  return [{ do: 'recheck', index: task.index, given: resultsOf(task).map(({ digest }) => digest) }]
}

/** Accepts what is right, and says of everybody who gave something else that it is wrong. */
function conclude(
  job: Job,
  task: JobTask,
  digest: Hex,
  nowMs: number,
  accept: Accept,
  output?: Output,
): JobEffect[] {
  const { attempt } = task.check ?? { attempt: null }
  if (attempt === null) return accept(task, digest, output)
  const isEqual = equalityOf(job, task)
  const liars = resultsOf(task).filter((slot) => contradicts(task, slot, digest, isEqual))
  const said = [
    ...verdict(job, task, attempt, digest, nowMs, accept),
    ...liars.flatMap((slot) =>
      slot.attempt === attempt
        ? []
        : tellAudits(job, { type: 'lied', account: slot.account, attempt: slot.attempt }, nowMs, accept),
    ),
  ]
  // What is right is durable, with the evidence, before anybody is shut out.
  return [...accept(task, digest, output), ...said]
}

function verdict(
  job: Job,
  task: JobTask,
  attempt: string,
  digest: Hex,
  nowMs: number,
  accept: Accept,
): JobEffect[] {
  const slot = current(job, attempt)?.slot
  if (slot?.digest == null) return []
  const isEqual = equalityOf(job, task)
  const isRight = isEqual(slot.digest, digest) === true
  // It went on from a checkpoint and we did not: that convicts nobody.
  if (!isRight && !contradicts(task, slot, digest, isEqual))
    return tellAudits(job, { type: 'dropped', attempt }, nowMs, accept)
  const word = isRight ? 'valid' : 'wrong'
  const said = tellAudits(job, { type: 'audited', attempt, verdict: word }, nowMs, accept)
  const { account } = slot
  const valid = isRight ? (job.audits?.ledger.accounts.get(account)?.valid ?? 0) : 0
  return [{ do: 'audited', index: task.index, attempt, account, verdict: word, valid }, ...said]
}
