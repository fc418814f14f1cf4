import { on } from 'node:events'
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { extract, type Headers, pack } from 'tar-stream'
import type { OutputFile } from '../executor.ts'

/** Whom the files of a packed folder belong to, and what their mode is. */
export interface Owner {
  readonly uid: number
  readonly mode: number
}

/** One entry while a tar stream is read. */
export interface TarEntry {
  readonly header: Headers
  readonly content: Readable
}

/** Returns a tar stream of files, and of every folder on their way, so that their owner may write beside them. */
export function packFiles(
  files: readonly OutputFile[],
  { uid, mode }: Owner,
  folders: string[] = [],
): Readable {
  const tar = pack()
  const all = new Set([...folders, ...files.flatMap(({ path }) => foldersOf(path))])
  for (const folder of [...all].sort()) {
    tar.entry({ name: `${folder}/`, type: 'directory', uid, gid: uid, mode: 0o755, mtime: EPOCH })
  }
  for (const { path, bytes } of files) {
    tar.entry({ name: path, uid, gid: uid, mode, mtime: EPOCH }, asBuffer(bytes))
  }
  tar.finalize()
  return tar
}

/** Yields the entries of a tar stream, each once the last was read or left; ends the stream when the reader leaves. */
export async function* tarEntries(stream: Readable): AsyncGenerator<TarEntry> {
  const reader = extract()
  const entries = on(reader, 'entry', { close: ['finish'] })
  // Errors reach who reads the entries; those after the last one nobody needs.
  reader.on('error', () => undefined)
  stream.once('error', (error) => reader.destroy(error))
  stream.pipe(reader)
  try {
    for await (const [header, content, next] of entries) {
      yield { header, content }
      content.resume()
      next()
    }
  } finally {
    stream.destroy()
    reader.destroy()
  }
}

/** Returns the whole content of an entry, or null where it has more than `limit` bytes. */
export async function entryBytes({ header, content }: TarEntry, limit: number): Promise<Uint8Array | null> {
  return (header.size ?? 0) > limit ? null : new Uint8Array(await buffer(content))
}

/** A fixed time: equal files make equal archives. */
const EPOCH = new Date(0)

/** Returns the folders on the way to a path, outermost first. */
export function foldersOf(path: string): string[] {
  const segments = path.split('/').slice(0, -1)
  return segments.map((_, i) => segments.slice(0, i + 1).join('/'))
}

export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
