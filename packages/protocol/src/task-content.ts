import { folderCodec } from './folder.ts'
import { containerImageCodec } from './image.ts'
import type { Task } from './task.ts'

/** Content that a task needs: what it names, or what is named inside of that. */
export interface TaskPart {
  readonly cid: string
  /** Bytes that it must have, where whoever names it says so. */
  readonly bytes: number | null
}

/**
 * Returns what a task needs beyond {@link taskContent}: the files of its checkpoint and the archive of its image.
 * `read` returns content that is here. Throws {@link WireError} for a checkpoint or image that is none.
 */
export async function nestedContent(
  { engine, program, checkpoint }: Task,
  read: (cid: string) => Promise<Uint8Array>,
): Promise<TaskPart[]> {
  const files = checkpoint === null ? [] : folderCodec.decode(await read(checkpoint)).files
  const parts: TaskPart[] = files.map(([, cid, bytes]) => ({ cid, bytes }))
  if (engine !== 'container/1') return parts
  const { archive } = containerImageCodec.decode(await read(program))
  return archive === null ? parts : [...parts, archive]
}
