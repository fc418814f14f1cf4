import { accepted, jobs, type PlanRow, plans, type Shortage, taskKey } from '@souk/engine'
import { type Output, SoukError } from '@souk/protocol'
import { type BlockStore, contentLength, type Journal, readContent, readPiece } from '@souk/storage'
import type { TaskResult } from './job-spec.ts'
import { contentOf } from './output-content.ts'
import { readRow } from './read-rows.ts'
import { readPause } from './runway-pause.ts'
import { secretsProblem } from './secret-desk.ts'

/** How far a job came, by its journal. */
export interface JobSummary {
  readonly job: string
  readonly state: 'running' | 'done' | 'failed' | 'cancelled'
  readonly tasks: number
  /** Tasks with an accepted output. */
  readonly verified: number
  /** What it lacked where it failed for want of money; null otherwise. */
  readonly shortage: Shortage | null
  /** Why it failed without its secrets after a restart; null where it did not. */
  readonly secretsProblem: string | null
  /** The leases that were chosen last for the availability that it wants; only of one that wants some. */
  readonly plan?: Omit<PlanRow, 'domains'>
}

/** Reads how far a job came, of this run or an earlier one; `undefined` for a job the journal does not know. */
export async function readSummary(journal: Journal, id: string): Promise<JobSummary | undefined> {
  const bytes = await journal.get(jobs.table, id)
  if (bytes === undefined) return undefined
  const { state, tasks } = jobs.codec.decode(bytes)
  const rows = (await journal.scan(accepted.table, `${id}/`)).map((row) => accepted.codec.decode(row.value))
  const shortage = state === 'failed' ? (await readPause(journal, id)).paused?.shortage : null
  const verified = rows.filter((row) => row.output !== null).length
  const problem = await secretsProblem(journal, id)
  const summary = { job: id, state, tasks, verified, shortage: shortage ?? null, secretsProblem: problem }
  const planned = await readRow(journal, plans, id)
  if (planned === undefined) return summary
  const { domains: _, ...plan } = planned
  return { ...summary, plan }
}

/** How a task ended, without its content. */
export interface TaskOutcome {
  readonly index: number
  readonly output: Output | null
  /** Bytes of its standard output. */
  readonly stdoutBytes: number
  readonly failure: { code: string; message: string } | null
}

/**
 * Reads how a task ended; `undefined` while it is not decided. Throws `StorageError` `MISSING_BLOCKS` where its
 * content was evicted since.
 */
export async function readOutcome(
  journal: Journal,
  blocks: BlockStore,
  id: string,
  index: number,
): Promise<TaskOutcome | undefined> {
  const bytes = await journal.get(accepted.table, taskKey(id, index))
  if (bytes === undefined) return undefined
  const { output, failure, message } = accepted.codec.decode(bytes)
  if (output === null) {
    const why = { code: failure ?? 'internal', message }
    return { index, output, stdoutBytes: 0, failure: why }
  }
  return { index, output, stdoutBytes: await contentLength(blocks, output.stdout), failure: null }
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
  const outcome = await readOutcome(journal, blocks, id, index)
  if (outcome === undefined) return undefined
  const { output, failure } = outcome
  if (output === null) return { index, output, stdout: new Uint8Array(), files: [], failure }
  const files = []
  for (const [path, cid] of output.files) files.push({ path, bytes: await readContent(blocks, cid) })
  return { index, output, stdout: await readContent(blocks, output.stdout), files, failure: null }
}

/**
 * Reads a part of what a task put out, from `offset` on: at most a block, nothing at the end. Content is named by its
 * address, which must be of that output.
 *
 * Throws {@link ResultError} `NOT_AN_OUTPUT`, and `StorageError` `MISSING_BLOCKS` where it was evicted since.
 */
export async function readOutputPiece(
  journal: Journal,
  blocks: BlockStore,
  { job, index, cid, offset }: OutputPiece,
): Promise<Uint8Array> {
  const bytes = await journal.get(accepted.table, taskKey(job, index))
  const output = bytes === undefined ? null : accepted.codec.decode(bytes).output
  if (output !== null && contentOf(output).has(cid)) return readPiece(blocks, cid, offset)
  throw new ResultError(
    `expected content of what task ${index} of ${job} put out, got ${cid}; ask for its result`,
    {
      code: 'NOT_AN_OUTPUT',
      cid,
    },
  )
}

/** A part of a task's output. */
export interface OutputPiece {
  readonly job: string
  readonly index: number
  readonly cid: string
  /** Bytes from the content's beginning. */
  readonly offset: number
}

/** What was asked for is no part of a result. */
export class ResultError extends SoukError<{ code: 'NOT_AN_OUTPUT'; cid: string }> {}
