import { type Task, taskContent, toBlocks } from '@souk/protocol'
import { type BlockStore, contentBlocks, missingBlocks } from '@souk/storage'
import { missingContent } from './job-error.ts'
import type { JobSpec } from './job-spec.ts'

/**
 * Stores what the tasks of a job need, and what compares their results, pinned to the job, and returns the addresses that providers may fetch. Content
 * that came into the store before is pinned and must be whole.
 *
 * Throws `JobError` `MISSING_CONTENT` before anything is stored.
 */
export async function keepContent(
  blocks: BlockStore,
  job: string,
  { content, tasks, comparator }: Pick<JobSpec, 'content' | 'tasks' | 'comparator'>,
): Promise<Set<string>> {
  const files = content.flatMap((one) => (one instanceof Uint8Array ? [toBlocks(one)] : []))
  const stored = content.flatMap((one) => (one instanceof Uint8Array ? [] : [one.cid]))
  const given = new Set([...stored, ...files.map((file) => file.content.cid)])
  const compares = comparator?.kind === 'custom' ? [comparator.program] : []
  const missing = [...tasks.flatMap(taskContent), ...compares].find((cid) => !given.has(cid))
  if (missing !== undefined) throw missingContent(missing)
  const served = new Set<string>()
  for (const cid of stored) for (const block of await keepStored(blocks, job, cid)) served.add(block)
  for (const { blocks: list } of files) {
    const cids = list.map((block) => block.cid)
    await blocks.pin(job, cids)
    for (const { cid, bytes } of list.toReversed()) await blocks.put(cid, bytes)
    for (const cid of cids) served.add(cid)
  }
  return served
}

/** Throws `JobError` `MISSING_CONTENT` where a task names content that is not among `given`. */
export function requireContent(tasks: readonly Task[], given: ReadonlySet<string>): void {
  const missing = tasks.flatMap(taskContent).find((cid) => !given.has(cid))
  if (missing !== undefined) throw missingContent(missing)
}

/** Pins what is here and returns its blocks. */
async function keepStored(blocks: BlockStore, job: string, cid: string): Promise<string[]> {
  const all = await contentBlocks(blocks, cid)
  await blocks.pin(job, all)
  const [missing] = await missingBlocks(blocks, cid)
  if (missing !== undefined) throw missingContent(missing)
  return all
}
