import { readdir, stat } from 'node:fs/promises'
import { basename, join, resolve, sep } from 'node:path'
import { compareBytewise, LIMITS } from '@souk/protocol'
import { glob, isDynamicPattern } from 'tinyglobby'
import { InputError } from './input-error.ts'
import type { InputFile } from './input-file.ts'
import { cannotRead, localFile, notAFile } from './read-file.ts'

/**
 * Returns the files behind a path of this machine: a file, all files of a folder and its folders, or those that a
 * pattern such as `data/*.csv` matches, in the order of their paths.
 *
 * Throws {@link InputError} as {@link localFile}, `NO_FILES`, and `TOO_MANY_FILES` beyond `most`, which is what one task
 * can have unless told.
 */
export async function localFiles(path: string, most: number = LIMITS.taskFiles): Promise<InputFile[]> {
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT' && isDynamicPattern(path)) return null
    throw cannotRead(path, cause)
  })
  if (found === null) return matching(path, most)
  if (!found.isDirectory()) return [await localFile(path)]
  const paths: string[] = []
  await walk(path, '', paths, most)
  return inFolder(path, path, paths)
}

async function matching(pattern: string, most: number): Promise<InputFile[]> {
  const parts = pattern.split('/')
  const first = parts.findIndex((part) => isDynamicPattern(part))
  const folder = parts.slice(0, first).join('/') || (pattern.startsWith('/') ? '/' : '.')
  const paths = await glob(parts.slice(first).join('/'), { cwd: folder, expandDirectories: false })
  if (paths.length > most) throw tooMany(pattern, paths.length, most)
  return inFolder(folder, pattern, paths)
}

async function inFolder(folder: string, named: string, paths: readonly string[]): Promise<InputFile[]> {
  if (paths.length === 0) {
    throw new InputError(`expected ${named} to name at least one file, it names none; check the path`, {
      code: 'NO_FILES',
      file: named,
    })
  }
  const name = folder === named ? basename(resolve(folder)) : ''
  const sorted = [...paths].sort(compareBytewise)
  return Promise.all(sorted.map(async (path) => ({ ...(await localFile(join(folder, path), path)), name })))
}

/** Collects the paths of all files below `at`; a link to a folder could lead anywhere, and is refused. */
async function walk(root: string, at: string, found: string[], most: number): Promise<void> {
  const folder = join(root, at)
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause) => {
    throw cannotRead(folder, cause)
  })
  for (const entry of entries) {
    const path = at === '' ? entry.name : `${at}/${entry.name}`
    if (entry.isDirectory()) await walk(root, path, found, most)
    else if (!entry.isFile() && !(entry.isSymbolicLink() && (await leadsToFile(join(root, path))))) {
      throw notAFile(join(root, path))
    } else if (found.push(path) > most) throw tooMany(root, found.length, most)
  }
}

async function leadsToFile(link: string): Promise<boolean> {
  const found = await stat(link).catch((cause) => {
    throw cannotRead(link, cause)
  })
  return found.isFile()
}

/** Returns the error of more files than a task, or a set of inputs, can have. */
export function tooMany(named: string, files: number, most: number = LIMITS.taskFiles): InputError {
  const ofTask = most === LIMITS.taskFiles
  const advice = ofTask
    ? 'pack them into one archive that the program reads, or split the job'
    : 'name fewer, in several commands'
  return new InputError(
    `expected at most ${most} files${ofTask ? ' for one task' : ''}, ${named.split(sep).join('/')} brings it to ${files} or more; ${advice}`,
    { code: 'TOO_MANY_FILES', file: named, files },
  )
}
