import { accepted, jobs, type Shortage, taskKey } from '@souk/engine'
import { type BlockStore, type Journal, readContent } from '@souk/storage'
import type { TaskResult } from './job-spec.ts'
import { readPause } from './runway-pause.ts'

/** How far a job came, by its journal. */
export interface JobSummary {
  readonly job: string
  readonly state: 'running' | 'done' | 'failed' | 'cancelled'
  readonly tasks: number
  /** Tasks with an accepted output. */
  readonly verified: number
  /** What it lacked where it failed for want of money; null otherwise. */
  readonly shortage: Shortage | null
}

/** Reads how far a job came, of this run or an earlier one; `undefined` for a job the journal does not know. */
export async function readSummary(journal: Journal, id: string): Promise<JobSummary | undefined> {
  const bytes = await journal.get(jobs.table, id)
  if (bytes === undefined) return undefined
  const { state, tasks } = jobs.codec.decode(bytes)
  const rows = (await journal.scan(accepted.table, `${id}/`)).map((row) => accepted.codec.decode(row.value))
  const shortage = state === 'failed' ? (await readPause(journal, id)).paused?.shortage : null
  const verified = rows.filter((row) => row.output !== null).length
  return { job: id, state, tasks, verified, shortage: shortage ?? null }
}

/**
 * Reads a task's result with its content; `undefined` while it is not decided.
 *
 * Throws `StorageError` `MISSING_BLOCKS` where content was evicted since.
 */
export async function readResult(
  journal: Journal,
  blocks: BlockStore,
  id: string,
  index: number,
): Promise<TaskResult | undefined> {
  const bytes = await journal.get(accepted.table, taskKey(id, index))
  if (bytes === undefined) return undefined
  const { output, failure, message } = accepted.codec.decode(bytes)
  if (output === null) {
    const why = { code: failure ?? 'internal', message }
    return { index, output, stdout: new Uint8Array(), files: [], failure: why }
  }
  const files = []
  for (const [path, cid] of output.files) files.push({ path, bytes: await readContent(blocks, cid) })
  return { index, output, stdout: await readContent(blocks, output.stdout), files, failure: null }
}
