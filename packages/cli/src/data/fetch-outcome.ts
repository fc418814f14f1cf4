import type { TaskOutcome } from '@souk/requester'
import type { Owner } from '../owner.ts'
import type { OutputFile } from './output-folder.ts'

/** Content of a task's result, read from whoever owns the data folder a piece at a time. */
export async function* readPieces(
  { call }: Pick<Owner, 'call'>,
  job: string,
  index: number,
  cid: string,
): AsyncGenerator<Uint8Array> {
  for (let offset = 0; ; ) {
    const piece = await call<Uint8Array>('piece', { job, index, cid, offset })
    if (piece.byteLength === 0) return
    yield piece
    offset += piece.byteLength
  }
}

/** Returns the files of a task's result. */
export function filesOf(
  owner: Pick<Owner, 'call'>,
  job: string,
  { index, output }: TaskOutcome,
): OutputFile[] {
  return (output?.files ?? []).map(([path, cid, bytes]) => ({
    ...{ path, bytes },
    content: () => readPieces(owner, job, index, cid),
  }))
}
