import { randomBytes } from 'node:crypto'
import { type FileHandle, link, lstat, mkdir, open, realpath, rename, rm, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isFilePath } from '@souk/protocol'
import { CliError } from '../errors.ts'

/** A file that a program wrote. */
export interface OutputFile {
  /** Path below the folder, with `/`. */
  readonly path: string
  /** Bytes that it has. */
  readonly bytes: number
  /** Returns its content, in order. */
  content(): AsyncIterable<Uint8Array>
}

/** What was written. */
export interface Written {
  readonly folder: string
  readonly files: number
  readonly bytes: number
}

/**
 * Writes files below `folder`, which is made where there is none: all of them are complete in a hidden folder beside
 * before the first appears, each by one rename.
 *
 * Nothing is written outside: paths that lead out of it are refused, and so are links and files where a folder must
 * be. Throws {@link CliError} `OUT_EXISTS` for a file that is there, unless `force`; `OUT_UNSAFE`, `OUT_INCOMPLETE`,
 * and what the file system throws. Then nothing was written, but what had already been moved when it failed.
 */
export async function writeOutputs(
  folder: string,
  files: readonly OutputFile[],
  { force }: { readonly force: boolean },
): Promise<Written> {
  requirePaths(files)
  await mkdir(folder, { recursive: true })
  const root = await realpath(folder)
  for (const { path } of files) await requirePlace(root, path, force)
  const hidden = join(root, `.souk-${randomBytes(6).toString('hex')}`)
  await mkdir(hidden, { mode: 0o700 })
  try {
    for (const [i, file] of files.entries()) await writeWhole(join(hidden, `${i}`), file)
    for (const [i, { path }] of files.entries()) await moveIn(root, path, join(hidden, `${i}`), force)
  } finally {
    await rm(hidden, { recursive: true, force: true })
  }
  return { folder: root, files: files.length, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) }
}

/** Refuses paths that lead anywhere else, and one that is a file and a folder. */
function requirePaths(files: readonly OutputFile[]): void {
  const paths = new Set(files.map(({ path }) => path))
  for (const { path } of files) {
    const above = path.split('/').slice(0, -1)
    const isFolderToo = above.some((_, i) => paths.has(above.slice(0, i + 1).join('/')))
    if (!isFilePath(path) || isFolderToo)
      throw unsafe(path, 'it does not stay below the folder, or lies in a file')
  }
}

/** Refuses a place that a link leads away from, or where something is that nobody allowed to replace. */
async function requirePlace(root: string, path: string, force: boolean): Promise<void> {
  const parts = path.split('/')
  for (let i = 1; i < parts.length; i++) {
    const found = await statOf(join(root, ...parts.slice(0, i)))
    if (found === undefined) return
    if (!found.isDirectory()) throw unsafe(path, `${parts.slice(0, i).join('/')} is a link or a file`)
  }
  const found = await statOf(join(root, ...parts))
  if (found === undefined) return
  if (found.isDirectory()) throw unsafe(path, 'a folder is there')
  if (!force) throw exists(join(root, ...parts))
}

async function writeWhole(file: string, { path, bytes, content }: OutputFile): Promise<void> {
  const handle = await open(file, 'wx')
  try {
    const written = await copy(content(), handle)
    if (written !== bytes) throw incomplete(path, bytes, written)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function copy(content: AsyncIterable<Uint8Array>, handle: FileHandle): Promise<number> {
  let written = 0
  for await (const chunk of content) {
    await handle.writeFile(chunk)
    written += chunk.byteLength
  }
  return written
}

/** Puts a complete file where it belongs; looked at again, because folders may have changed meanwhile. */
async function moveIn(root: string, path: string, file: string, force: boolean): Promise<void> {
  const target = join(root, ...path.split('/'))
  await requirePlace(root, path, force)
  await mkdir(dirname(target), { recursive: true })
  await requirePlace(root, path, force)
  if (force) await rename(file, target)
  else await linkIn(file, target)
}

/** Unlike a rename, a link replaces nothing; where the file system knows none, what was looked at must do. */
async function linkIn(file: string, target: string): Promise<void> {
  try {
    await link(file, target)
    await unlink(file)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') throw exists(target)
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error
    await rename(file, target)
  }
}

function statOf(path: string) {
  return lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
}

function exists(file: string): CliError {
  return new CliError(`expected ${file} not to exist yet; give another --out, or --force`, {
    code: 'OUT_EXISTS',
    file,
  })
}

function unsafe(path: string, why: string): CliError {
  return new CliError(
    `expected to write ${JSON.stringify(path)} below --out, but ${why}; give an empty folder`,
    { code: 'OUT_UNSAFE', file: path },
  )
}

function incomplete(path: string, expected: number, got: number): CliError {
  return new CliError(
    `expected ${expected} bytes for ${JSON.stringify(path)}, got ${got}; nothing was written`,
    {
      code: 'OUT_INCOMPLETE',
      file: path,
    },
  )
}
