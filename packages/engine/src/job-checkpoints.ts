import type { Equality } from '@souk/availability'
import { type FailureCode, type Hex, type Task, taskDigest } from '@souk/protocol'
import { resultsOf } from './job-relation.ts'
import { current, type Job, type JobEffect, type JobEvent, type JobTask, type Slot } from './job-state.ts'
import { persist, type Write } from './program.ts'
import { checkpointKey, checkpoints, type KeptCheckpoint, MOST_CHECKPOINTS, put } from './records.ts'

/** Checkpoints of a slot in which its quorum may yet find one of another's: replicas save at other moments. */
const CANDIDATES = 4
/** Failures that may come from the checkpoint: the next attempt begins anew, and the program is not blamed. */
const BLAMED: readonly FailureCode[] = ['missing-input', 'bad-program', 'out-of-memory']

/** Returns the task that an attempt runs: its own, or one that goes on from a checkpoint, with a name of its own. */
export function attemptTask(task: Task, checkpoint: string | null): Task {
  return checkpoint === null ? task : { ...task, checkpoint }
}

/**
 * Keeps a checkpoint that is wholly here in the place of the slot's older ones; it is durable before those go. A
 * checkpoint of an attempt that is fenced or of no more use goes itself.
 */
export function onCheckpoint(job: Job, event: Extract<JobEvent, { type: 'checkpoint' }>): JobEffect[] {
  const { attempt, index, cid, bytes, atMs } = event
  const task = job.tasks[index]
  const found = current(job, attempt)
  if (task === undefined) return []
  if (found === undefined || task.state !== 'open' || found.slot.state === 'result') return [needed(task)]
  const at = task.slots.indexOf(found.slot)
  const { account } = found.slot
  const older = (task.kept?.get(at) ?? []).filter((one) => one.cid !== cid || one.account !== account)
  task.kept ??= new Map()
  task.kept.set(at, [...older, { cid, bytes, attempt, account, atMs }])
  task.kept.set(at, worthKeeping(job, task, at))
  return [
    // On the disk before the older ones go: a row that a cut of the power brings back would name what is gone.
    persist('synced', rowOf(job, task, at)),
    { do: 'kept', index, attempt, cid, bytes },
    needed(task),
  ]
}

/** Where nothing is compared the newest is enough; else what is agreed, and the newest on which others may agree. */
function worthKeeping(job: Job, task: JobTask, at: number): KeptCheckpoint[] {
  const kept = task.kept?.get(at) ?? []
  if (job.row.k === 1) return kept.slice(-1)
  const agreedCid = agreed(job, task)?.cid
  const isWorth = (one: KeptCheckpoint, i: number) => one.cid === agreedCid || i >= kept.length - CANDIDATES
  return kept.filter(isWorth).slice(-MOST_CHECKPOINTS)
}

/**
 * Returns what the next attempt of a slot goes on from; `undefined` for the beginning. Where results are compared it
 * is the newest checkpoint that k accounts produced alike, else the newest of the slot, or of the task.
 */
export function resumable(job: Job, task: JobTask, at: number): string | undefined {
  // Who audits a result goes on from nothing that its account made.
  if (task.kept === null || task.check !== null) return undefined
  if (job.row.k > 1) return agreed(job, task)?.cid
  return (task.kept.get(at)?.at(-1) ?? newest([...task.kept.values()].flat()))?.cid
}

/** Returns the checkpoint on which k accounts agreed last. */
function agreed(job: Job, task: JobTask): KeptCheckpoint | undefined {
  const firsts = new Map<string, Map<Hex, KeptCheckpoint>>()
  for (const one of [...(task.kept?.values() ?? [])].flat()) {
    const accounts = firsts.get(one.cid) ?? new Map<Hex, KeptCheckpoint>()
    if (one.atMs < (accounts.get(one.account)?.atMs ?? Number.POSITIVE_INFINITY))
      accounts.set(one.account, one)
    firsts.set(one.cid, accounts)
  }
  // Of each, the one that made it agreed.
  const decisive = [...firsts.values()].flatMap((accounts) => {
    const sorted = [...accounts.values()].sort((a, b) => a.atMs - b.atMs)
    return sorted[job.row.k - 1] ?? []
  })
  return newest(decisive)
}

function newest(some: readonly KeptCheckpoint[]): KeptCheckpoint | undefined {
  return some.toSorted((a, b) => b.atMs - a.atMs || (a.cid < b.cid ? -1 : 1))[0]
}

/** Says which checkpoints of a task must stay: those that are kept, and those that running attempts are given. */
function needed(task: JobTask): JobEffect {
  return { do: 'needed', index: task.index, cids: neededCheckpoints(task) }
}

/** Returns the checkpoints of a task that must stay. */
export function neededCheckpoints(task: JobTask): string[] {
  if (task.state !== 'open') return []
  const given = task.slots.flatMap(({ state, resumed }) =>
    state === 'running' && resumed !== null ? resumed : [],
  )
  return [...new Set([...[...(task.kept?.values() ?? [])].flat().map(({ cid }) => cid), ...given])]
}

/** Tells whether a task ever had a checkpoint here that may still be kept. */
export function hasCheckpoints(task: JobTask): boolean {
  return task.kept !== null || task.slots.some(({ resumed }) => resumed !== null)
}

/**
 * Lets all kept checkpoints of a task go: rows, which belong into one commit with why they go, and what follows that.
 */
export function forgetCheckpoints(job: Job, task: JobTask): { rows: Write[]; effects: JobEffect[] } {
  if (!hasCheckpoints(task)) return { rows: [], effects: [] }
  task.kept = null
  return { rows: task.slots.map((_, at) => rowOf(job, task, at)), effects: [needed(task)] }
}

/**
 * Returns what a failure counts as. An attempt that was given a checkpoint may fail because of that: then the
 * checkpoint goes, with its rows, and the failure is nobody's but this attempt's.
 */
export function blameCheckpoint(
  job: Job,
  task: JobTask,
  slot: Slot,
  code: FailureCode,
): { code: FailureCode; rows: Write[] } {
  if (slot.resumed === null || !BLAMED.includes(code)) return { code, rows: [] }
  const rows: Write[] = []
  for (const [at, kept] of task.kept ?? []) {
    const left = kept.filter(({ cid }) => cid !== slot.resumed)
    if (left.length === kept.length) continue
    task.kept?.set(at, left)
    rows.push(rowOf(job, task, at))
  }
  return { code: 'internal', rows }
}

/**
 * Sets results aside that honest machines may have given and that cannot be compared: a program that was resumed need
 * not write what it wrote before. Where such a result differs from one of another beginning, its slot is to run again,
 * from the beginning; tells whether there was one.
 */
export function setAside(task: JobTask, isEqual: Equality): boolean {
  const results = resultsOf(task)
  const differs = (slot: Slot & { digest: Hex }) =>
    results.some((other) => other.resumed !== slot.resumed && isEqual(other.digest, slot.digest) === false)
  const odd: Slot[] = results.filter((slot) => slot.resumed !== null && differs(slot))
  for (const slot of odd) Object.assign(slot, { state: 'lost', output: null, digest: null })
  return odd.length > 0
}

/** Tells whether a result contradicts an accepted output: one from the same beginning agrees with that. */
export function contradicts(task: JobTask, slot: Slot, accepted: Hex, isEqual: Equality): boolean {
  if (slot.state !== 'result' || slot.digest === null || isEqual(slot.digest, accepted) !== false)
    return false
  if (task.check?.digest === accepted) return slot.resumed === null
  return resultsOf(task).some(
    (other) => isEqual(other.digest, accepted) === true && other.resumed === slot.resumed,
  )
}

/** Returns the name of the task that a slot's attempt runs. */
export function slotTaskDigest(task: Task, { resumed }: Pick<Slot, 'resumed'>): Hex {
  return taskDigest(attemptTask(task, resumed))
}

function rowOf(job: Job, task: JobTask, at: number): Write {
  const key = checkpointKey(job.row.id, task.index, at)
  const kept = task.kept?.get(at) ?? []
  return kept.length === 0 ? { table: checkpoints.table, key, value: null } : put(checkpoints, key, { kept })
}
