import { type FailureCode, type Hex, outputDigest } from '@souk/protocol'
import { setAside } from './job-checkpoints.ts'
import { decideFailed } from './job-decide.ts'
import { noteFailure } from './job-failures.ts'
import { classify } from './job-quorum.ts'
import { equalityOf, restoreRelation } from './job-relation.ts'
import { type Job, type JobEffect, type JobTask, newJob, placeAttempt, type Slot } from './job-state.ts'
import {
  type AttemptRow,
  type CheckpointRow,
  type ComparisonRow,
  type JobRow,
  type ReceiptRow,
  taskKey,
} from './records.ts'

/**
 * Takes a job up after a restart from its rows; attempts without a receipt count as still running.
 *
 * What the rows decide and the journal does not say yet, the first event carries out ({@link settleRipe}).
 */
export function recoverJob(
  row: JobRow,
  acceptedIndexes: ReadonlyMap<number, { digest: Hex | null; failed: boolean }>,
  attemptRows: ReadonlyMap<string, AttemptRow>,
  receiptRows: ReadonlyMap<string, ReceiptRow>,
  checkpointRows: ReadonlyMap<string, CheckpointRow>,
  comparisonRows: ReadonlyMap<string, ComparisonRow>,
  parties: (lease: Hex) => { account: Hex; subject: Hex },
  nowMs: number,
): Job {
  const job = newJob(row)
  for (const [id, attempt] of [...attemptRows].sort((a, b) => a[1].n - b[1].n)) {
    const before = job.tasks[attempt.index]?.slots[attempt.slot]
    // What answered after it was lost counts no more once a newer attempt was begun.
    if (before?.state === 'result' && attemptRows.get(before.attempt)?.failure === 'lost')
      before.state = 'lost'
    restore(job, id, attempt, receiptRows.get(id), parties(attempt.lease), nowMs)
  }
  for (const [index, { digest, failed }] of acceptedIndexes) {
    const task = job.tasks[index]
    if (task === undefined) continue
    Object.assign(task, { state: failed ? 'failed' : 'accepted', output: digest })
    job.open -= 1
  }
  for (const [key, row] of checkpointRows) keep(job, key, row)
  for (const task of job.tasks) {
    const compared = comparisonRows.get(taskKey(row.id, task.index))
    if (compared !== undefined) restoreRelation(task, compared)
  }
  for (const task of job.tasks) resume(job, task, nowMs)
  return job
}

function restore(
  job: Job,
  id: string,
  { index, slot: at, n, lease, failure, checkpoint: resumed }: AttemptRow,
  receipt: ReceiptRow | undefined,
  { account, subject }: { account: Hex; subject: Hex },
  nowMs: number,
): void {
  const task = job.tasks[index]
  if (task === undefined) return
  const before = task.slots[at]
  if (before !== undefined && ['running', 'result'].includes(before.state)) {
    // What has answered is not done again.
    if (before.state === 'result' && receipt === undefined) {
      before.newest = n
      if (failure === null) abandon(job, { lease, attempt: id })
      return
    }
    // What was begun beside it was a standby: of no more use, or from now on in its place.
    if (failure === 'lost' && receipt === undefined) {
      before.newest = n
      return
    }
    if (before.state === 'running') abandon(job, before)
  }
  const place = { attempt: id, n, lease, account, subject, startedMs: nowMs, resumed }
  const slot = placeAttempt(job, task, at, place)
  if (receipt !== undefined) {
    const { output } = receipt
    Object.assign(slot, { state: 'result', output, digest: outputDigest(output) })
  } else if (failure === 'lost') slot.state = 'lost'
  else if (failure !== null) {
    Object.assign(slot, { state: 'failed', failure })
    noteFailure(task, account, failure)
  }
}

/** Has an attempt cancelled as soon as its lease is there. */
function abandon(job: Job, { lease, attempt }: Pick<Slot, 'lease' | 'attempt'>): void {
  const stale = job.stale.get(lease)
  if (stale === undefined) job.stale.set(lease, [attempt])
  else stale.push(attempt)
}

/** Takes up what is here of a slot's checkpoints, by the key of its row; a decided task needs none. */
function keep(job: Job, key: string, { kept }: CheckpointRow): void {
  const [index, at] = key.split('/').slice(-2).map(Number)
  const task = job.tasks[index ?? -1]
  if (task?.state !== 'open' || at === undefined || kept.length === 0) return
  task.kept ??= new Map()
  task.kept.set(at, kept)
}

function resume(job: Job, task: JobTask, nowMs: number): void {
  const running = task.slots.filter((slot) => slot.state === 'running')
  let decision = classify(job, task, nowMs)
  const isOpen = task.state === 'open' && decision.kind !== 'accepted' && decision.kind !== 'compare'
  if (isOpen && setAside(task, equalityOf(job, task))) {
    task.kept = null
    decision = classify(job, task, nowMs)
  }
  if (task.state !== 'open') {
    for (const slot of running) abandon(job, slot)
    return
  }
  for (const slot of running) job.inFlight.add(slot.attempt)
  if (task.failures !== null || !['start', 'wait'].includes(decision.kind)) job.ripe.push(task.index)
}

/** Decides the tasks whose last event was journalled and whose decision was not. */
export function settleRipe(job: Job, nowMs: number): JobEffect[] {
  return job.ripe.splice(0).flatMap((index) => {
    const task = job.tasks[index]
    if (task === undefined || task.state !== 'open') return []
    return decideFailed(job, task, lastFailure(task), nowMs)
  })
}

function lastFailure(task: JobTask): { code: FailureCode; message: string } {
  const code = [...(task.failures?.values() ?? [])].at(-1)?.code ?? 'internal'
  return { code, message: 'the providers that tried it failed before this process was restarted' }
}
