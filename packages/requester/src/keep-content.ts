import { taskContent, toBlocks } from '@souk/protocol'
import type { BlockStore } from '@souk/storage'
import { JobError } from './job-error.ts'
import type { JobSpec } from './job-spec.ts'

/**
 * Stores what the tasks of a job need, pinned to the job, and returns the addresses that providers may fetch.
 *
 * Throws {@link JobError} `MISSING_CONTENT` before anything is stored.
 */
export async function keepContent(blocks: BlockStore, job: string, spec: JobSpec): Promise<Set<string>> {
  const files = spec.content.map(toBlocks)
  const given = new Set(files.map((file) => file.content.cid))
  const missing = spec.tasks.flatMap(taskContent).find((cid) => !given.has(cid))
  if (missing !== undefined) throw missingContent(missing)
  const served = new Set<string>()
  for (const { blocks: list } of files) {
    const cids = list.map((block) => block.cid)
    await blocks.pin(job, cids)
    for (const { cid, bytes } of list.toReversed()) await blocks.put(cid, bytes)
    for (const cid of cids) served.add(cid)
  }
  return served
}

function missingContent(cid: string): JobError {
  return new JobError(
    `expected the content of ${cid} with the job, it is not there; add it to the job's content`,
    { code: 'MISSING_CONTENT', cid },
  )
}
