import { compareBytewise, isFilePath, LIMITS } from '@souk/protocol'
import { httpFile } from './http-file.ts'
import { InputError } from './input-error.ts'
import type { InputFile } from './input-file.ts'
import { ipfsFiles } from './ipfs-files.ts'
import { localFiles, tooMany } from './local-files.ts'

/** A file with the path under which the program sees it. */
export interface PlacedFile {
  readonly path: string
  readonly file: InputFile
}

/** How sources are looked up. */
export interface FindOptions {
  /** Trustless gateways of IPFS, in the order in which they are asked. */
  readonly gateways: readonly string[]
  readonly signal: AbortSignal
}

/**
 * Returns the files of one source: a path of this machine, a folder, a pattern, `https://…#sha256=…` or
 * `ipfs://CID/path`. Throws {@link InputError}.
 */
export async function findFiles(source: string, { gateways, signal }: FindOptions): Promise<InputFile[]> {
  if (/^https?:\/\//i.test(source)) return [httpFile(source)]
  if (/^ipfs:\/\//i.test(source)) return ipfsFiles(source, gateways, signal)
  return localFiles(source)
}

/**
 * Returns the files of a task's inputs with their paths, sorted. `null` instead of a name gives a file its own, and
 * the files of a folder the folder's in front; `.` puts a folder's files where the program starts.
 *
 * Throws {@link InputError} as {@link findFiles}, and `BAD_NAME`, `NAME_TWICE` and `TOO_MANY_FILES`.
 */
export async function placeInputs(
  inputs: readonly (readonly [name: string | null, source: string])[],
  options: FindOptions,
): Promise<PlacedFile[]> {
  const placed = new Map<string, PlacedFile>()
  for (const [name, source] of inputs) {
    for (const file of await findFiles(source, options)) {
      const path = pathOf(name, file)
      if (!isFilePath(path) || path.length > LIMITS.stringLength) throw badName(file.from, path)
      if (placed.has(path)) throw nameTwice(path, file.from, placed.get(path)?.file.from ?? '')
      placed.set(path, { path, file })
      if (placed.size > LIMITS.taskFiles) throw tooMany(source, placed.size)
    }
  }
  return [...placed.values()].sort((a, b) => compareBytewise(a.path, b.path))
}

function pathOf(name: string | null, { path, name: own }: InputFile): string {
  const parts = [name === '.' ? '' : (name ?? own), path]
  return parts.filter((part) => part !== '').join('/')
}

function badName(from: string, path: string): InputError {
  return new InputError(
    `expected a name that every machine can give a file, got ${JSON.stringify(path)}; ` +
      'put =NAME behind the source, without .., :, \\ or a leading /',
    { code: 'BAD_NAME', file: from },
  )
}

function nameTwice(name: string, one: string, other: string): InputError {
  return new InputError(
    `expected different names for the files of a task, ${one} and ${other} are both ${name}; put =NAME behind one`,
    { code: 'NAME_TWICE', name },
  )
}
