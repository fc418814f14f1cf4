import { decideQuorum, type Replica } from '@souk/availability'
import { type FailureCode, type Hex, type Output, outputDigest } from '@souk/protocol'
import { type Persist, persist, type Write } from './program.ts'
import {
  type AttemptRow,
  accepted,
  attempts,
  type JobRow,
  jobs,
  mismatches,
  put,
  type ReceiptRow,
  taskKey,
} from './records.ts'

/** A job: its tasks, the replicas of each, and the leases they run on (DESIGN §7 fencing, §8 assurance). */
export interface Job {
  readonly row: JobRow
  readonly tasks: JobTask[]
  readonly leases: Map<Hex, JobLease>
  /** Tasks that want a replica, most urgent first: replacements, further replicas, fresh tasks. */
  readonly wanting: readonly [Set<number>, Set<number>, Set<number>]
  /** Where each attempt belongs. */
  readonly where: Map<string, { index: number; slot: number }>
  readonly durations: number[]
  open: number
  /** Running attempts of open tasks. */
  readonly inFlight: Set<string>
  /** Since when nothing runs although tasks are open. */
  idleSinceMs: number | null
}

/** A lease as the job sees it. */
export interface JobLease {
  readonly account: Hex
  readonly subject: Hex
  /** Attempts that it takes at the same time; 0 while it cannot be used. */
  credit: number
  /** Attempts that it was given and has not answered. */
  readonly running: Set<string>
}

export interface JobTask {
  readonly index: number
  readonly slots: Slot[]
  state: 'open' | 'accepted' | 'failed'
  output: Hex | null
  attempts: number
}

/** One replica: its newest attempt fences all earlier ones. */
export interface Slot {
  n: number
  attempt: string
  lease: Hex
  account: Hex
  subject: Hex
  state: 'running' | 'result' | 'failed' | 'lost'
  output: Output | null
  digest: Hex | null
  failure: FailureCode | null
  startedMs: number
}

export type JobEvent =
  | { type: 'lease'; lease: Hex; account: Hex; subject: Hex; credit: number }
  | { type: 'result'; attempt: string; output: Output }
  | { type: 'failed'; attempt: string; code: FailureCode; message: string }
  | { type: 'lost'; attempts: readonly string[] }
  | { type: 'stop'; state: 'failed' | 'cancelled' }
  | { type: 'tick' }

/** An attempt to dispatch. */
export interface Assignment {
  readonly attempt: string
  readonly n: number
  readonly index: number
}

export type JobEffect =
  | Persist
  | { readonly do: 'dispatch'; readonly lease: Hex; readonly assignments: readonly Assignment[] }
  | { readonly do: 'cancel'; readonly lease: Hex; readonly attempts: readonly string[] }
  /** The one result of a task; `agreeing` are attempts whose providers hold the content. */
  | {
      readonly do: 'accepted'
      readonly index: number
      readonly output: Output
      readonly agreeing: readonly string[]
    }
  | {
      readonly do: 'task-failed'
      readonly index: number
      readonly code: FailureCode
      readonly message: string
    }
  /** A result that the quorum contradicted. */
  | { readonly do: 'caught'; readonly index: number; readonly lease: Hex; readonly subject: Hex }
  /** Nothing runs and no lease can take what is open. */
  | { readonly do: 'starved' }
  | { readonly do: 'finished'; readonly state: 'done' | 'failed' | 'cancelled' }

/** Failures that say something about the program: k accounts that agree on one end the task. */
const PROGRAM_FAILURES: readonly FailureCode[] = ['deadline', 'out-of-memory', 'bad-program']
/** Attempts of one task before it is given up. */
const MOST_ATTEMPTS = 12
/** A replica is slow after this many times the median duration, and never before the floor. */
const SLOW_FACTOR = 4
const SLOW_FLOOR_MS = 4_000
/** Durations remembered for the median. */
const DURATIONS = 64
/** Milliseconds without anything in flight before the shell is asked for more leases. */
const STARVED_MS = 3_000
/** Tasks looked at per free place, so that one event stays cheap in a job of any size. */
const SCAN = 256

/** Starts a job with nothing dispatched. */
export function newJob(row: JobRow): Job {
  const tasks = Array.from({ length: row.tasks }, (_, index) => newTask(index))
  return {
    row,
    tasks,
    leases: new Map(),
    wanting: [new Set(), new Set(), new Set(tasks.map((task) => task.index))],
    where: new Map(),
    durations: [],
    open: row.tasks,
    inFlight: new Set(),
    idleSinceMs: null,
  }
}

/** Takes a job up after a restart from its rows; attempts without a receipt count as still running. */
export function recoverJob(
  row: JobRow,
  acceptedIndexes: ReadonlyMap<number, { digest: Hex | null; failed: boolean }>,
  attemptRows: ReadonlyMap<string, AttemptRow>,
  receiptRows: ReadonlyMap<string, ReceiptRow>,
  parties: (lease: Hex) => { account: Hex; subject: Hex },
  nowMs: number,
): Job {
  const job = newJob(row)
  for (const [id, attempt] of [...attemptRows].sort((a, b) => a[1].n - b[1].n)) {
    const task = job.tasks[attempt.index]
    if (task === undefined) continue
    const output = receiptRows.get(id)?.output ?? null
    task.attempts += 1
    const slot = placeAttempt(
      job,
      task,
      attempt.slot,
      id,
      attempt.n,
      attempt.lease,
      parties(attempt.lease),
      nowMs,
    )
    if (output !== null) Object.assign(slot, { state: 'result', output, digest: outputDigest(output) })
    else if (attempt.failure !== null)
      Object.assign(slot, { state: attempt.failure === 'lost' ? 'lost' : 'failed' })
  }
  for (const [index, { digest, failed }] of acceptedIndexes) {
    const task = job.tasks[index]
    if (task === undefined) continue
    Object.assign(task, { state: failed ? 'failed' : 'accepted', output: digest })
    job.open -= 1
  }
  for (const task of job.tasks) {
    for (const slot of task.slots)
      if (slot.state === 'running' && task.state === 'open') job.inFlight.add(slot.attempt)
    classify(job, task, nowMs)
  }
  return job
}

/** Decides what one event means for the job. */
export function advanceJob(job: Job, event: JobEvent, nowMs: number): JobEffect[] {
  if (job.row.state !== 'running') return []
  switch (event.type) {
    case 'lease':
      return onLease(job, event, nowMs)
    case 'result':
      return onResult(job, event.attempt, event.output, nowMs)
    case 'failed':
      return onFailed(job, event, nowMs)
    case 'lost':
      return onLost(job, event.attempts, nowMs)
    case 'stop':
      return stop(job, event.state)
    case 'tick':
      return onTick(job, nowMs)
  }
}

function onLease(job: Job, event: Extract<JobEvent, { type: 'lease' }>, nowMs: number): JobEffect[] {
  const { lease, account, subject, credit } = event
  const known = job.leases.get(lease)
  if (known === undefined) job.leases.set(lease, { account, subject, credit, running: runningOn(job, lease) })
  else known.credit = credit
  return fill(job, nowMs)
}

function onResult(job: Job, attempt: string, output: Output, nowMs: number): JobEffect[] {
  const found = current(job, attempt)
  if (found === undefined) return []
  const { task, slot } = found
  Object.assign(slot, { state: 'result', output, digest: outputDigest(output) })
  answered(job, slot)
  if (task.state !== 'open')
    return task.output !== null && task.output !== slot.digest ? caught(job, task, [slot]) : []
  remember(job.durations, nowMs - slot.startedMs)
  return [...decide(job, task, nowMs), ...fill(job, nowMs)]
}

function onFailed(job: Job, event: Extract<JobEvent, { type: 'failed' }>, nowMs: number): JobEffect[] {
  const found = current(job, event.attempt)
  if (found === undefined || found.slot.state !== 'running' || found.task.state !== 'open') return []
  const { task, slot } = found
  answered(job, slot)
  Object.assign(slot, { state: 'failed', failure: event.code })
  const row = persist('committed', attemptWrite(job, task, slot))
  return [row, ...(failedForGood(job, task, event) ?? decide(job, task, nowMs)), ...fill(job, nowMs)]
}

function onLost(job: Job, ids: readonly string[], nowMs: number): JobEffect[] {
  const rows: Write[] = []
  const effects: JobEffect[] = []
  for (const id of ids) {
    const found = current(job, id)
    if (found === undefined || found.slot.state !== 'running' || found.task.state !== 'open') continue
    answered(job, found.slot)
    found.slot.state = 'lost'
    rows.push(attemptWrite(job, found.task, found.slot))
    effects.push(...decide(job, found.task, nowMs))
  }
  if (rows.length === 0) return []
  return [persist('committed', ...rows), ...effects, ...fill(job, nowMs)]
}

function onTick(job: Job, nowMs: number): JobEffect[] {
  const limit = slowAfter(job)
  for (const id of job.inFlight) {
    const found = current(job, id)
    if (found !== undefined && nowMs - found.slot.startedMs > limit) classify(job, found.task, nowMs)
  }
  const effects = fill(job, nowMs)
  if (job.inFlight.size > 0 || job.open === 0) job.idleSinceMs = null
  else job.idleSinceMs ??= nowMs
  const starved = job.idleSinceMs !== null && nowMs - job.idleSinceMs >= STARVED_MS
  if (!starved) return effects
  job.idleSinceMs = nowMs
  return [...effects, { do: 'starved' }]
}

/** Looks at a task after something happened to a replica: accept it, give it up, or want more replicas. */
function decide(job: Job, task: JobTask, nowMs: number): JobEffect[] {
  const decision = classify(job, task, nowMs)
  if (decision.kind === 'accepted') return accept(job, task, decision.output as Hex)
  if (decision.kind === 'undecided') {
    const { answered, best } = decision.reason
    return giveUp(job, task, 'internal', `${answered} providers answered, at most ${best} alike`)
  }
  return []
}

/** Files the task under what it wants; returns the quorum's decision. */
function classify(job: Job, task: JobTask, nowMs: number): ReturnType<typeof decideQuorum> {
  for (const set of job.wanting) set.delete(task.index)
  const decision = decideQuorum({ k: job.row.k, n: job.row.n }, replicasOf(job, task, nowMs))
  if (task.state === 'open' && decision.kind === 'start') job.wanting[urgency(job, task)]?.add(task.index)
  return decision
}

function urgency(job: Job, task: JobTask): 0 | 1 | 2 {
  if (task.slots.length === 0) return 2
  const live = task.slots.filter((slot) => slot.state === 'running' || slot.state === 'result').length
  return task.slots.length > live || live >= job.row.k ? 0 : 1
}

function replicasOf(job: Job, task: JobTask, nowMs: number): Replica[] {
  const limit = slowAfter(job)
  return task.slots.map((slot, index) => ({
    slot: index,
    account: slot.account,
    state: slot.state,
    ...(slot.digest === null ? {} : { output: slot.digest }),
    slow: slot.state === 'running' && nowMs - slot.startedMs > limit,
  }))
}

function accept(job: Job, task: JobTask, digest: Hex): JobEffect[] {
  const agreeing = task.slots.filter((slot) => slot.digest === digest)
  const wrong = task.slots.filter((slot) => slot.state === 'result' && slot.digest !== digest)
  const output = agreeing[0]?.output
  if (output === null || output === undefined) return []
  const row = put(accepted, taskKey(job.row.id, task.index), {
    output,
    digest,
    failure: null,
    message: '',
    agreeing: agreeing.map((slot) => slot.attempt),
    disagreeing: wrong.map((slot) => slot.attempt),
  })
  task.state = 'accepted'
  task.output = digest
  return [
    persist('synced', row),
    { do: 'accepted', index: task.index, output, agreeing: agreeing.map((slot) => slot.attempt) },
    ...caught(job, task, wrong),
    ...conclude(job, task),
  ]
}

function caught(job: Job, task: JobTask, wrong: readonly Slot[]): JobEffect[] {
  if (wrong.length === 0) return []
  const rows = wrong.map((slot) =>
    put(mismatches, slot.attempt, {
      job: job.row.id,
      index: task.index,
      lease: slot.lease,
      subject: slot.subject,
      output: slot.digest ?? '0x',
    }),
  )
  const events = wrong.map(
    ({ lease, subject }) => ({ do: 'caught', index: task.index, lease, subject }) as const,
  )
  return [persist('committed', ...rows), ...events]
}

function failedForGood(
  job: Job,
  task: JobTask,
  event: { code: FailureCode; message: string },
): JobEffect[] | undefined {
  const same = task.slots.filter((slot) => slot.state === 'failed' && slot.failure === event.code)
  const accounts = new Set(same.map((slot) => slot.account)).size
  const isProgram = PROGRAM_FAILURES.includes(event.code) && accounts >= job.row.k
  return isProgram || task.attempts >= MOST_ATTEMPTS
    ? giveUp(job, task, event.code, event.message)
    : undefined
}

function giveUp(job: Job, task: JobTask, code: FailureCode, message: string): JobEffect[] {
  const row = put(accepted, taskKey(job.row.id, task.index), {
    output: null,
    digest: null,
    failure: code,
    message: message.slice(0, 1024),
    agreeing: [],
    disagreeing: [],
  })
  task.state = 'failed'
  return [
    persist('synced', row),
    { do: 'task-failed', index: task.index, code, message },
    ...conclude(job, task),
  ]
}

/** Cancels what still runs for a decided task, and ends the job after its last one. */
function conclude(job: Job, task: JobTask): JobEffect[] {
  for (const set of job.wanting) set.delete(task.index)
  job.open -= 1
  const running = task.slots.filter((slot) => slot.state === 'running')
  for (const slot of running) answered(job, slot)
  const cancels = running.map(({ lease, attempt }) => ({ do: 'cancel', lease, attempts: [attempt] }) as const)
  if (job.open > 0) return cancels
  const failed = job.tasks.some((one) => one.state === 'failed')
  return [...cancels, ...finish(job, failed ? 'failed' : 'done')]
}

function stop(job: Job, state: 'failed' | 'cancelled'): JobEffect[] {
  const running = job.tasks.flatMap((task) => (task.state === 'open' ? task.slots : []))
  const cancels = running
    .filter((slot) => slot.state === 'running')
    .map(({ lease, attempt }) => ({ do: 'cancel', lease, attempts: [attempt] }) as const)
  return [...cancels, ...finish(job, state)]
}

function finish(job: Job, state: 'done' | 'failed' | 'cancelled'): JobEffect[] {
  job.row.state = state
  return [persist('synced', put(jobs, job.row.id, job.row)), { do: 'finished', state }]
}

/** Gives every free place the most urgent task that its account may take. */
function fill(job: Job, nowMs: number): JobEffect[] {
  const effects: JobEffect[] = []
  for (const [lease, member] of [...job.leases].sort((a, b) => spare(b[1]) - spare(a[1]))) {
    const assigned = assign(job, lease, member, nowMs)
    if (assigned.length === 0) continue
    const rows = assigned.map(({ task, slot }) => attemptWrite(job, task, slot))
    const assignments = assigned.map(({ task, slot }) => ({
      attempt: slot.attempt,
      n: slot.n,
      index: task.index,
    }))
    effects.push(persist('committed', ...rows), { do: 'dispatch', lease, assignments })
  }
  return effects
}

function assign(job: Job, lease: Hex, member: JobLease, nowMs: number): { task: JobTask; slot: Slot }[] {
  const assigned: { task: JobTask; slot: Slot }[] = []
  while (spare(member) > 0) {
    const task = nextTask(job, member.account)
    if (task === undefined) break
    const reusable = task.slots.findIndex((slot) => slot.state === 'lost' || slot.state === 'failed')
    const at = reusable === -1 ? task.slots.length : reusable
    const n = (task.slots[at]?.n ?? 0) + 1
    const id = `${job.row.id}.${task.index}.${at}.${n}`
    const slot = placeAttempt(job, task, at, id, n, lease, member, nowMs)
    task.attempts += 1
    job.inFlight.add(id)
    member.running.add(id)
    assigned.push({ task, slot })
    classify(job, task, nowMs)
  }
  return assigned
}

function nextTask(job: Job, account: Hex): JobTask | undefined {
  for (const set of job.wanting) {
    let looked = 0
    for (const index of set) {
      const task = job.tasks[index]
      if (task !== undefined && mayTake(task, account)) return task
      if (++looked >= SCAN) break
    }
  }
  return undefined
}

/** An account serves a task once, except where its attempt was lost or its machine failed. */
function mayTake(task: JobTask, account: Hex): boolean {
  return task.slots.every((slot) => {
    if (slot.account !== account) return true
    if (slot.state === 'lost') return true
    return slot.state === 'failed' && slot.failure !== null && !PROGRAM_FAILURES.includes(slot.failure)
  })
}

function placeAttempt(
  job: Job,
  task: JobTask,
  at: number,
  attempt: string,
  n: number,
  lease: Hex,
  party: { account: Hex; subject: Hex },
  nowMs: number,
): Slot {
  const old = task.slots[at]
  if (old !== undefined) job.where.delete(old.attempt)
  const { account, subject } = party
  const fresh = { output: null, digest: null, failure: null, startedMs: nowMs }
  const slot: Slot = { n, attempt, lease, account, subject, state: 'running', ...fresh }
  task.slots[at] = slot
  job.where.set(attempt, { index: task.index, slot: at })
  return slot
}

function spare({ credit, running }: JobLease): number {
  return credit - running.size
}

/** Notes that an attempt no longer takes a place on its lease. */
function answered(job: Job, slot: Slot): void {
  job.inFlight.delete(slot.attempt)
  job.leases.get(slot.lease)?.running.delete(slot.attempt)
}

/** Returns the attempts of a lease that are running by the job's own books. */
function runningOn(job: Job, lease: Hex): Set<string> {
  return new Set([...job.inFlight].filter((attempt) => current(job, attempt)?.slot.lease === lease))
}

/** Finds an attempt unless a newer one of its slot has fenced it. */
function current(job: Job, attempt: string): { task: JobTask; slot: Slot } | undefined {
  const place = job.where.get(attempt)
  const task = place && job.tasks[place.index]
  const slot = place && task?.slots[place.slot]
  return task !== undefined && slot !== undefined ? { task, slot } : undefined
}

function attemptWrite(job: Job, task: JobTask, slot: Slot): Write {
  return put(attempts, slot.attempt, {
    job: job.row.id,
    index: task.index,
    slot: task.slots.indexOf(slot),
    n: slot.n,
    lease: slot.lease,
    failure: slot.state === 'lost' ? 'lost' : slot.failure,
  })
}

function slowAfter(job: Job): number {
  const sorted = [...job.durations].sort((a, b) => a - b)
  const median = sorted[Math.floor(sorted.length / 2)] ?? Number.POSITIVE_INFINITY
  return Math.max(SLOW_FLOOR_MS, SLOW_FACTOR * median)
}

function remember(durations: number[], durationMs: number): void {
  durations.push(durationMs)
  if (durations.length > DURATIONS) durations.shift()
}

function newTask(index: number): JobTask {
  return { index, slots: [], state: 'open', output: null, attempts: 0 }
}
