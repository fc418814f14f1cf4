import type { Hex } from '@souk/protocol'
import type { JobEventReport } from '@souk/requester'

/** What the demo follows of its job, from the requester's events alone. */
export interface Timeline {
  readonly total: number
  done: number
  rerun: Set<number>
  readonly leases: Map<Hex, LeaseLine>
  readonly caught: { lease: Hex; index: number }[]
  readonly suspended: { lease: Hex; atMs: number; attempts: readonly string[] }[]
  readonly dispatched: { lease: Hex; atMs: number; attempts: readonly string[] }[]
  readonly failures: string[]
}

/** One lease as it goes. */
export interface LeaseLine {
  readonly lease: Hex
  readonly subject: Hex
  readonly peerId: string
  readonly negotiatedMs: number
  sent: number
  state: 'active' | 'closed' | 'lost'
}

/** Starts with nothing seen. */
export function newTimeline(total: number): Timeline {
  return {
    total,
    done: 0,
    rerun: new Set(),
    leases: new Map(),
    caught: [],
    suspended: [],
    dispatched: [],
    failures: [],
  }
}

/** Adds one event. */
export function note(timeline: Timeline, event: JobEventReport): void {
  switch (event.kind) {
    case 'lease': {
      const { lease, subject, peerId, negotiatedMs } = event
      timeline.leases.set(lease, { lease, subject, peerId, negotiatedMs, sent: 0, state: 'active' })
      return
    }
    case 'lease-over':
      setState(timeline, event.lease, event.phase)
      return
    case 'dispatched': {
      const line = timeline.leases.get(event.lease)
      if (line !== undefined) line.sent += event.attempts.length
      timeline.dispatched.push(event)
      for (const attempt of event.attempts)
        if (attemptNumber(attempt) > 1) timeline.rerun.add(taskOf(attempt))
      return
    }
    case 'suspended':
      timeline.suspended.push(event)
      return
    case 'accepted':
      timeline.done = event.done
      return
    case 'caught':
      timeline.caught.push(event)
      return
    case 'task-failed':
      timeline.failures.push(`task ${event.index}: ${event.message} (${event.code})`)
      return
    case 'refused':
      timeline.failures.push(event.why)
      return
  }
}

/** When the requester noticed a loss, and when its tasks were in other hands, in milliseconds since `killedAtMs`. */
export function failoverTimes(timeline: Timeline, lease: Hex, killedAtMs: number) {
  const loss = timeline.suspended.find((event) => event.lease === lease)
  if (loss === undefined) return undefined
  const open = new Set(loss.attempts.map(taskOf))
  let replacedMs = 0
  for (const { atMs, lease: to, attempts } of timeline.dispatched) {
    if (atMs < loss.atMs || to === lease) continue
    for (const task of attempts.map(taskOf)) if (open.delete(task)) replacedMs = atMs - killedAtMs
  }
  return {
    tasksInFlight: loss.attempts.length,
    detectedMs: loss.atMs - killedAtMs,
    replacedMs,
    open: open.size,
  }
}

function setState(timeline: Timeline, lease: Hex, state: 'closed' | 'lost'): void {
  const line = timeline.leases.get(lease)
  if (line !== undefined) line.state = state
}

/** Attempts are named `job.task.slot.number`. */
function taskOf(attempt: string): number {
  return Number(attempt.split('.')[1])
}

function attemptNumber(attempt: string): number {
  return Number(attempt.split('.')[3])
}
