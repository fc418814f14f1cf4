import { createReadStream, lstatSync, readdirSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Pack, pack } from 'tar-stream'
import { CliError } from '../errors.ts'

/** What was packed so far. */
export interface Packed {
  files: number
  bytes: number
  /** Sockets, devices and the like, which were left out. */
  skipped: number
}

/**
 * Packs a file or folder as a tar stream in which it is called `name`; its owner does not matter there.
 *
 * Throws {@link CliError} `FILE_MISSING`, and while it is read what the file system throws.
 */
export function packTree(
  path: string,
  name: string,
  onProgress: (packed: Readonly<Packed>) => void = () => {},
): AsyncIterable<Uint8Array> {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) {
    throw new CliError(`expected a file or folder ${path}, there is none`, {
      code: 'FILE_MISSING',
      file: path,
    })
  }
  const tar = pack()
  const packed: Packed = { files: 0, bytes: 0, skipped: 0 }
  // Its own stream can neither be left early nor say that it failed.
  const out = tar.pipe(new PassThrough())
  out.once('close', () => tar.destroy())
  void addEntry(tar, path, name, packed, onProgress).then(
    () => tar.finalize(),
    (error: Error) => out.destroy(error),
  )
  return out
}

async function addEntry(
  tar: Pack,
  path: string,
  name: string,
  packed: Packed,
  onProgress: (packed: Readonly<Packed>) => void,
): Promise<void> {
  const stat = lstatSync(path)
  const { mtime } = stat
  const mode = stat.mode & 0o777
  if (stat.isDirectory()) {
    tar.entry({ name: `${name}/`, type: 'directory', mode, mtime, size: 0 }).end()
    for (const child of readdirSync(path).sort())
      await addEntry(tar, join(path, child), `${name}/${child}`, packed, onProgress)
    return
  }
  if (stat.isSymbolicLink()) {
    tar.entry({ name, type: 'symlink', linkname: readlinkSync(path), mode, mtime, size: 0 }).end()
  } else if (stat.isFile()) {
    await pipeline(createReadStream(path), tar.entry({ name, type: 'file', mode, mtime, size: stat.size }))
    packed.bytes += stat.size
  } else {
    packed.skipped += 1
    return
  }
  packed.files += 1
  onProgress(packed)
}
