import { assert, type FailureCode, type Hex, type Output } from '@souk/protocol'
import { type Accept, agree, dropCheck, judgeHere, onRechecked, passAudits, widen } from './audit-job.ts'
import { contradicts, forgetCheckpoints, hasCheckpoints, setAside } from './job-checkpoints.ts'
import { isHopeless } from './job-failures.ts'
import { fileTask } from './job-lanes.ts'
import { classify } from './job-quorum.ts'
import { compare, equalityOf, forgetRelation, noteCompared, resultsOf } from './job-relation.ts'
import { answered, type Job, type JobEffect, type JobEvent, type JobTask, type Slot } from './job-state.ts'
import { persist, type Write } from './program.ts'
import { accepted, jobs, mismatches, put, taskKey } from './records.ts'

/** Looks at a task after something happened to a replica: accept it, give it up, or want more replicas. */
export function decide(job: Job, task: JobTask, nowMs: number): JobEffect[] {
  const decision = classify(job, task, nowMs)
  const take = accepting(job)
  const here = judgeHere(job, task, decision.kind === 'accepted' ? decision.output : null, nowMs, take)
  if (here !== null) return here
  if (decision.kind === 'accepted') return agree(job, task, decision.output, nowMs, take)
  if (decision.kind === 'compare') return compare(task, decision.pairs)
  if (setAside(task, equalityOf(job, task))) {
    const { rows, effects } = forgetCheckpoints(job, task)
    const dropped = isAuditedGone(task) ? dropCheck(job, task, nowMs, take) : []
    return [persist('committed', ...rows), ...effects, ...dropped, ...decide(job, task, nowMs)]
  }
  if (decision.kind === 'undecided') {
    const { answered, best } = decision.reason
    const wider = widen(job, task, nowMs)
    if (wider !== null) return wider
    return giveUp(job, task, 'internal', `${answered} providers answered, at most ${best} alike`, nowMs)
  }
  return []
}

/** Tells whether the result that a task is held for was set aside. */
function isAuditedGone({ check, slots }: JobTask): boolean {
  const audited = check?.attempt ?? null
  return audited !== null && !slots.some(({ attempt, state }) => attempt === audited && state === 'result')
}

/** Takes in what a task came to that was executed here. */
export function onHere(job: Job, index: number, output: Output | null, nowMs: number): JobEffect[] {
  const task = job.tasks[index]
  if (task?.state !== 'open' || task.check?.here !== 'asked') return []
  const said = onRechecked(job, task, output, nowMs, accepting(job))
  return [...said, ...decide(job, task, nowMs)]
}

/** Looks, after an event, at results that are held back; with `isTick` time passed. */
export function passTime(job: Job, isTick: boolean, nowMs: number): JobEffect[] {
  return job.row.state === 'running' ? passAudits(job, isTick, nowMs, accepting(job)) : []
}

function accepting(job: Job): Accept {
  return (task, digest, output) => (task.state === 'open' ? accept(job, task, digest, output) : [])
}

/** Decides a task after a failure, which may have been one too many. */
export function decideFailed(
  job: Job,
  task: JobTask,
  failure: { code: FailureCode; message: string },
  nowMs: number,
): JobEffect[] {
  if (isHopeless(job, task)) {
    return widen(job, task, nowMs) ?? giveUp(job, task, failure.code, failure.message, nowMs)
  }
  return decide(job, task, nowMs)
}

/** Accepts an output; it is durable, with the evidence against who gave another, before anyone sees it. */
function accept(job: Job, task: JobTask, digest: Hex, ours?: Output): JobEffect[] {
  const isEqual = equalityOf(job, task)
  const agreeing = resultsOf(task).filter((slot) => isEqual(slot.digest, digest) === true)
  const wrong = task.slots.filter((slot) => contradicts(task, slot, digest, isEqual))
  const output = ours ?? agreeing.find((slot) => slot.digest === digest)?.output ?? null
  assert(output !== null, 'an accepted output was given by someone')
  const attempts = agreeing.map((slot) => slot.attempt)
  const row = put(accepted, taskKey(job.row.id, task.index), {
    output,
    digest,
    failure: null,
    message: '',
    agreeing: attempts,
    disagreeing: wrong.map((slot) => slot.attempt),
  })
  Object.assign(task, { state: 'accepted', output: digest })
  const forgotten = forgetCheckpoints(job, task)
  return [
    persist(
      'synced',
      row,
      ...wrong.map((slot) => mismatchRow(job, task, slot)),
      ...forgotten.rows,
      ...forgetRelation(job, task),
    ),
    { do: 'accepted', index: task.index, output, agreeing: attempts },
    ...wrong.map((slot) => caught(task, slot)),
    ...forgotten.effects,
    ...conclude(job, task),
  ]
}

/** Takes in whether two outputs are equal: an open task may be decided now, of a decided one a late result is judged. */
export function onCompared(
  job: Job,
  { index, ...pair }: Extract<JobEvent, { type: 'compared' }>,
  nowMs: number,
): JobEffect[] {
  const task = job.tasks[index]
  if (task === undefined) return []
  const row = noteCompared(job, task, { a: pair.a, b: pair.b, equal: pair.equal })
  if (task.state === 'open') return [persist('committed', row), ...decide(job, task, nowMs)]
  const late = resultsOf(task).filter(({ digest }) => digest === pair.a || digest === pair.b)
  return pair.equal ? [] : late.flatMap((slot) => judgeLate(job, task, slot))
}

/** Gives a task up whose outputs cannot be compared; nobody is to blame for it but who said how they are. */
export function onIncomparable(job: Job, index: number, message: string, nowMs: number): JobEffect[] {
  const task = job.tasks[index]
  return task?.state === 'open' ? giveUp(job, task, 'internal', message, nowMs) : []
}

/** Notes a result that came after its task was decided, where it is another one, or has that found out. */
export function judgeLate(job: Job, task: JobTask, slot: Slot): JobEffect[] {
  const isEqual = equalityOf(job, task)
  if (task.output === null || slot.digest === null) return []
  if (isEqual(slot.digest, task.output) === undefined) return compare(task, [[slot.digest, task.output]])
  if (!contradicts(task, slot, task.output, isEqual)) return []
  return [persist('committed', mismatchRow(job, task, slot)), caught(task, slot)]
}

function mismatchRow(job: Job, task: JobTask, slot: Slot): Write {
  assert(slot.digest !== null, 'a result has a digest')
  const { lease, subject, digest: output } = slot
  const { id, comparator } = job.row
  return put(mismatches, slot.attempt, {
    ...{ job: id, index: task.index, lease, subject, output },
    compared: comparator.kind,
  })
}

function caught(task: JobTask, { lease, subject }: Slot): JobEffect {
  return { do: 'caught', index: task.index, lease, subject }
}

function giveUp(job: Job, task: JobTask, code: FailureCode, why: string, nowMs: number): JobEffect[] {
  const message = why.slice(0, 1024)
  const dropped = dropCheck(job, task, nowMs, accepting(job))
  const decided = { output: null, digest: null, failure: code, message, agreeing: [], disagreeing: [] }
  task.state = 'failed'
  const forgotten = forgetCheckpoints(job, task)
  return [
    persist(
      'synced',
      put(accepted, taskKey(job.row.id, task.index), decided),
      ...forgotten.rows,
      ...forgetRelation(job, task),
    ),
    { do: 'task-failed', index: task.index, code, message },
    ...dropped,
    ...forgotten.effects,
    ...conclude(job, task),
  ]
}

/** Cancels what still runs for a decided task, and ends the job after its last one. */
function conclude(job: Job, task: JobTask): JobEffect[] {
  fileTask(job.lanes, task.index, null)
  job.audits?.held.delete(task.index)
  job.open -= 1
  return [...cancels(job, task), ...finishIfDone(job)]
}

/** Ends the job where no task is open and none is to come. */
export function finishIfDone(job: Job): JobEffect[] {
  if (job.open > 0 || job.row.open) return []
  return finish(job, job.tasks.some((one) => one.state === 'failed') ? 'failed' : 'done')
}

/** Ends the job early. */
export function stop(job: Job, state: 'failed' | 'cancelled'): JobEffect[] {
  const open = job.tasks.filter((task) => task.state === 'open')
  const cancelled = open.flatMap((task) => cancels(job, task))
  const saving = open.filter(hasCheckpoints)
  const rows = [
    ...saving.flatMap((task) => forgetCheckpoints(job, task).rows),
    ...open.flatMap((task) => forgetRelation(job, task)),
  ]
  const forgotten = saving.map(({ index }): JobEffect => ({ do: 'needed', index, cids: [] }))
  return [...cancelled, ...finish(job, state, rows), ...forgotten]
}

function cancels(job: Job, task: JobTask): JobEffect[] {
  const running = task.slots.filter((slot) => slot.state === 'running')
  for (const slot of running) answered(job, slot)
  return running.map(({ lease, attempt }) => ({ do: 'cancel', lease, attempts: [attempt] }))
}

function finish(job: Job, state: 'done' | 'failed' | 'cancelled', rows: readonly Write[] = []): JobEffect[] {
  job.row.state = state
  return [persist('synced', put(jobs, job.row.id, job.row), ...rows), { do: 'finished', state }]
}
