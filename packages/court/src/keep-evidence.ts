import { type Hex, rawCidOfDigest, type Task, taskCodec, taskContent, taskDigest } from '@souk/protocol'
import { type BlockStore, contentBlocks } from '@souk/storage'

/** Keeps the task's own bytes and its content until `subject` is unpinned; returns all blocks that a juror needs. */
export async function keepEvidence(
  blocks: BlockStore,
  subject: Hex,
  task: Task,
): Promise<ReadonlySet<string>> {
  const cid = rawCidOfDigest(taskDigest(task))
  const parts = await Promise.all(taskContent(task).map((part) => contentBlocks(blocks, part)))
  const evidence = new Set([cid, ...parts.flat()])
  await blocks.pin(subject, [...evidence])
  await blocks.put(cid, taskCodec.encode(task))
  return evidence
}
