import { type Equality, sameDigest } from '@souk/availability'
import type { Hex } from '@souk/protocol'
import type { Job, JobEffect, JobTask, Slot } from './job-state.ts'
import type { Write } from './program.ts'
import { type ComparisonRow, comparisons, put, taskKey } from './records.ts'

/** Whether two outputs are equal, by the key of their pair; `null` while they are compared. */
export type Relation = Map<string, boolean | null>

/** Says which outputs of a task are equal, as far as that is known. */
export function equalityOf(job: Job, task: JobTask): Equality {
  if (job.row.comparator.kind === 'exact') return sameDigest
  return (a, b) => a === b || (task.relation?.get(pairKey(a, b)) ?? undefined)
}

/** Asks for pairs of outputs to be compared that nobody was asked to compare yet. */
export function compare(task: JobTask, pairs: readonly (readonly [Hex, Hex])[]): JobEffect[] {
  const asked = pairs.flatMap(([digestA, digestB]) => {
    const [a, b] = [outputOf(task, digestA), outputOf(task, digestB)]
    const key = pairKey(digestA, digestB)
    if (a === null || b === null || task.relation?.has(key)) return []
    task.relation ??= new Map()
    task.relation.set(key, null)
    return [{ a, b }]
  })
  return asked.length === 0 ? [] : [{ do: 'compare', index: task.index, pairs: asked }]
}

/** Takes in what a comparison found; returns the task's row. */
export function noteCompared(
  job: Job,
  task: JobTask,
  { a, b, equal }: ComparisonRow['pairs'][number],
): Write {
  task.relation ??= new Map()
  task.relation.set(pairKey(a, b), equal)
  const pairs = [...task.relation].flatMap(([key, known]) => {
    const [one, other] = key.split(' ') as [Hex, Hex]
    return known === null ? [] : [{ a: one, b: other, equal: known }]
  })
  return put(comparisons, taskKey(job.row.id, task.index), { pairs })
}

/** Takes up what an earlier run compared. */
export function restoreRelation(task: JobTask, { pairs }: ComparisonRow): void {
  task.relation = new Map(pairs.map(({ a, b, equal }) => [pairKey(a, b), equal]))
}

/** Returns the write that lets the row of a decided task go. */
export function forgetRelation(job: Job, task: JobTask): Write[] {
  if (task.relation === null) return []
  return [{ table: comparisons.table, key: taskKey(job.row.id, task.index), value: null }]
}

/** Returns the results of a task with their digests. */
export function resultsOf(task: JobTask): (Slot & { digest: Hex })[] {
  return task.slots.filter(
    (slot): slot is Slot & { digest: Hex } => slot.state === 'result' && slot.digest !== null,
  )
}

function outputOf(task: JobTask, digest: Hex) {
  // What the task came to here is no result, and is compared with those.
  if (task.check?.digest === digest) return task.check.output
  return resultsOf(task).find((slot) => slot.digest === digest)?.output ?? null
}

function pairKey(a: Hex, b: Hex): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`
}
