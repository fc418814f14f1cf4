import { type Output, outputDigest, type Task } from '@souk/protocol'
import { unpin } from './audit-exclude.ts'
import { blameCheckpoint, onCheckpoint } from './job-checkpoints.ts'
import {
  decide,
  decideFailed,
  finishIfDone,
  judgeLate,
  onCompared,
  onHere,
  onIncomparable,
  passTime,
  stop,
} from './job-decide.ts'
import { noteFailure } from './job-failures.ts'
import { dropHot, hotOf, promote, sweepHot } from './job-hot.ts'
import { classify, isSlow, remember } from './job-quorum.ts'
import { settleRipe } from './job-recovery.ts'
import { fill } from './job-schedule.ts'
import { onRefuted, onSuspect, prepareAll, standBy } from './job-standby.ts'
import {
  answered,
  attemptWrite,
  current,
  growJob,
  type Job,
  type JobEffect,
  type JobEvent,
  runningOn,
  type Slot,
} from './job-state.ts'
import { adjustWindow, firstWindow } from './job-window.ts'
import { persist, type Write } from './program.ts'
import { jobs, put, taskKey, tasks } from './records.ts'

/** Milliseconds without anything fresh in flight before the shell is asked for more leases. */
const STARVED_MS = 3_000
/**
 * Milliseconds, beyond twice its deadline, after which an attempt counts as lost: a provider has its deadline for
 * the attempt before it, and for this one, and then must have said something.
 */
const OVERDUE_MS = 60_000

/** Decides what one event means for the job. A result that contradicts is still caught after the end. */
export function advanceJob(job: Job, event: JobEvent, nowMs: number): JobEffect[] {
  if (job.row.state !== 'running') {
    if (event.type === 'checkpoint') return [{ do: 'needed', index: event.index, cids: [] }]
    if (event.type === 'compared') return onCompared(job, event, nowMs)
    return event.type === 'results' ? onResults(job, event.results, nowMs) : []
  }
  const effects = takeIn(job, event, nowMs)
  return [...effects, ...sweepHot(job), ...passTime(job, event.type === 'tick', nowMs)]
}

function takeIn(job: Job, event: JobEvent, nowMs: number): JobEffect[] {
  const late = job.ripe.length > 0 ? settleRipe(job, nowMs) : job.open === 0 ? finishIfDone(job) : []
  return [...late, ...react(job, event, nowMs)]
}

function react(job: Job, event: JobEvent, nowMs: number): JobEffect[] {
  switch (event.type) {
    case 'lease':
      return onLease(job, event, nowMs)
    case 'results':
      return onResults(job, event.results, nowMs)
    case 'failed':
      return onFailed(job, event, nowMs)
    case 'lost':
      return onLost(job, event.attempts, nowMs)
    case 'checkpoint':
      return [...onCheckpoint(job, event), ...standBy(job, event.attempt)]
    case 'compared':
      return [...onCompared(job, event, nowMs), ...fill(job, nowMs)]
    case 'incomparable':
      return [...onIncomparable(job, event.index, event.message, nowMs), ...fill(job, nowMs)]
    case 'rechecked':
      return [...onHere(job, event.index, event.output, nowMs), ...fill(job, nowMs)]
    case 'suspect':
      return onSuspect(job, event, nowMs)
    case 'refuted':
      return onRefuted(job, event.lease, nowMs)
    case 'stuck':
      return onStuck(job, event, nowMs)
    case 'add':
      return onAdd(job, event.tasks, nowMs)
    case 'seal':
      return onSeal(job)
    case 'stop':
      return job.row.state === 'running' ? stop(job, event.state) : []
    case 'tick':
      return onTick(job, nowMs)
  }
}

function onLease(job: Job, event: Extract<JobEvent, { type: 'lease' }>, nowMs: number): JobEffect[] {
  const { lease, account, subject, stake = 0n, rateE12 = 0n } = event
  const credit = job.audits?.excluded.has(account) === true ? 0 : event.credit
  const known = job.leases.get(lease)
  if (known !== undefined) known.credit = credit
  else {
    const running = runningOn(job, lease)
    job.leases.set(lease, { account, subject, credit, window: firstWindow(job), running, stake, rateE12 })
  }
  // Before anything new: the provider may still run what was decided before our restart.
  const stale = job.stale.get(lease)
  job.stale.delete(lease)
  const cancels: JobEffect[] = stale === undefined ? [] : [{ do: 'cancel', lease, attempts: stale }]
  return [...cancels, ...fill(job, nowMs), ...(known === undefined ? prepareAll(job, nowMs) : [])]
}

/** Tasks and the number of them are durable before anything is dispatched: a restart goes on with all. */
function onAdd(job: Job, added: readonly Task[], nowMs: number): JobEffect[] {
  if (!job.row.open || added.length === 0) return []
  const first = job.row.tasks
  growJob(job, added.length)
  const rows = added.map((task, at) => put(tasks, taskKey(job.row.id, first + at), task))
  return [persist('committed', put(jobs, job.row.id, job.row), ...rows), ...fill(job, nowMs)]
}

function onSeal(job: Job): JobEffect[] {
  if (!job.row.open) return []
  job.row.open = false
  return [persist('synced', put(jobs, job.row.id, job.row)), ...finishIfDone(job)]
}

/** Takes in results that came together; what they free is filled once. */
function onResults(
  job: Job,
  results: readonly { attempt: string; output: Output }[],
  nowMs: number,
): JobEffect[] {
  const effects = results.flatMap(({ attempt, output }) => onResult(job, attempt, output, nowMs))
  return job.row.state === 'running' ? [...effects, ...fill(job, nowMs)] : effects
}

/** A lost attempt may still answer until a newer one fences it. */
function onResult(job: Job, attempt: string, output: Output, nowMs: number): JobEffect[] {
  if (job.hot.has(attempt)) return onHotResult(job, attempt, output, nowMs)
  const found = current(job, attempt)
  if (found === undefined || !['running', 'lost'].includes(found.slot.state)) return []
  const { task, slot } = found
  Object.assign(slot, { state: 'result', output, digest: outputDigest(output) })
  answered(job, slot)
  if (task.state !== 'open') return judgeLate(job, task, slot)
  if (job.row.state !== 'running') return []
  remember(job, nowMs - slot.startedMs)
  adjustWindow(job, slot, nowMs)
  return decide(job, task, nowMs)
}

/** A standby was quicker than the attempt in doubt: it takes its place. */
function onHotResult(job: Job, attempt: string, output: Output, nowMs: number): JobEffect[] {
  const { index, at, primary } = job.hot.get(attempt) ?? {}
  const lease = job.tasks[index ?? -1]?.slots[at ?? -1]?.lease
  const { rows, effects } = promote(job, attempt)
  const cancels: JobEffect[] =
    lease === undefined || primary === undefined ? [] : [{ do: 'cancel', lease, attempts: [primary] }]
  return [persist('committed', ...rows), ...effects, ...cancels, ...onResult(job, attempt, output, nowMs)]
}

function onFailed(job: Job, event: Extract<JobEvent, { type: 'failed' }>, nowMs: number): JobEffect[] {
  if (job.hot.has(event.attempt)) return [...dropHot(job, event.attempt, false), ...fill(job, nowMs)]
  const found = current(job, event.attempt)
  if (found === undefined || found.slot.state !== 'running' || found.task.state !== 'open') return []
  const { task, slot } = found
  answered(job, slot)
  const { code, rows } = blameCheckpoint(job, task, slot, event.code)
  Object.assign(slot, { state: 'failed', failure: code })
  noteFailure(task, slot.account, code)
  const row = persist('committed', attemptWrite(job, task, slot), ...rows)
  const failure = { code, message: event.message }
  return [row, ...decideFailed(job, task, failure, nowMs), ...fill(job, nowMs)]
}

function onLost(job: Job, ids: readonly string[], nowMs: number): JobEffect[] {
  const rows: Write[] = []
  const effects: JobEffect[] = []
  for (const id of ids) {
    effects.push(...dropHot(job, id, false))
    const found = current(job, id)
    if (found === undefined || found.slot.state !== 'running' || found.task.state !== 'open') continue
    const standby = hotOf(job, id)
    if (standby !== undefined) {
      const promoted = promote(job, standby)
      rows.push(...promoted.rows)
      effects.push(...promoted.effects)
      continue
    }
    answered(job, found.slot)
    found.slot.state = 'lost'
    rows.push(attemptWrite(job, found.task, found.slot))
    effects.push(...decide(job, found.task, nowMs))
  }
  if (rows.length === 0) return effects
  const filled = [persist('committed', ...rows), ...effects, ...fill(job, nowMs)]
  // Nobody comes back there, so that nothing is waited for.
  return job.lanes.wanted > 0 && isGone(job, ids) ? [...filled, { do: 'starved' }] : filled
}

/** Tells whether attempts were lost with a provider that is dead, instead of with a connection. */
function isGone(job: Job, ids: readonly string[]): boolean {
  return ids.some((id) => {
    const reason = job.doubts.get(current(job, id)?.slot.lease ?? '0x')
    return reason !== undefined && reason !== 'closed'
  })
}

function onTick(job: Job, nowMs: number): JobEffect[] {
  const running = [...job.inFlight].flatMap((id) => current(job, id) ?? [])
  const slow = running.filter(({ slot }) => isSlow(job, slot, nowMs))
  for (const { task } of slow) classify(job, task, nowMs)
  const overdue = running.filter(({ slot }) => isOverdue(job, slot, nowMs))
  if (job.audits !== null) unpin(job, job.audits)
  const effects = [...overdue.flatMap(({ slot }) => takeBack(job, slot, nowMs)), ...fill(job, nowMs)]
  const isWaiting = job.inFlight.size > slow.length || job.lanes.wanted === 0
  return [...effects, ...starve(job, isWaiting, nowMs)]
}

/** Counts silence as a failure of the machine, so that others are asked before it. */
function takeBack(job: Job, { lease, attempt }: Slot, nowMs: number): JobEffect[] {
  const message = 'the provider said nothing about it for too long'
  const failed = onFailed(job, { type: 'failed', attempt, code: 'killed', message }, nowMs)
  return [{ do: 'cancel', lease, attempts: [attempt] }, ...failed]
}

/** Takes back what stands still, like what said nothing for too long. */
function onStuck(
  job: Job,
  { lease, attempts }: Extract<JobEvent, { type: 'stuck' }>,
  nowMs: number,
): JobEffect[] {
  const slots = attempts.flatMap((attempt) => current(job, attempt)?.slot ?? [])
  const stuck = slots.filter((slot) => slot.state === 'running' && slot.lease === lease)
  return stuck.flatMap((slot) => takeBack(job, slot, nowMs))
}

function isOverdue(job: Job, slot: Slot, nowMs: number): boolean {
  return nowMs - slot.startedMs > 2 * job.row.deadlineMs + OVERDUE_MS
}

/** Asks for more leases where tasks want replicas that no lease takes, and nothing fresh will change that. */
function starve(job: Job, isWaiting: boolean, nowMs: number): JobEffect[] {
  if (isWaiting || job.open === 0) {
    job.idleSinceMs = null
    return []
  }
  job.idleSinceMs ??= nowMs
  if (nowMs - job.idleSinceMs < STARVED_MS) return []
  job.idleSinceMs = nowMs
  return [{ do: 'starved' }]
}
