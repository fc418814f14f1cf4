import { readFile } from 'node:fs/promises'
import { dirname, relative, resolve, sep } from 'node:path'
import { CliError } from '../errors.ts'

/** Sources as the compiler sees them: paths below a folder that holds them all, parted by `/`. */
export interface Sources {
  /** The files to compile, in the order given. */
  readonly units: readonly string[]
  /** All files, those to compile and those that they include, by path. */
  readonly files: ReadonlyMap<string, Uint8Array>
}

const INCLUDE = /^[ \t]*#[ \t]*(?:include|embed)[ \t]+"([^"\n]+)"/gm

/**
 * Reads source files, and all that they name in `#include "…"` and `#embed "…"`, as far as it is there: about what is
 * not, the compiler has better words. Throws {@link CliError} `FILE_MISSING` for a source itself.
 */
export async function gatherSources(given: readonly string[]): Promise<Sources> {
  const found = new Map<string, Uint8Array>()
  for (const file of given) {
    const bytes = await readFile(file).catch((cause) => {
      throw missing(file, cause.code)
    })
    await addIncluded(resolve(file), bytes, found)
  }
  const folder = commonFolder([...found.keys()])
  const below = (file: string) => relative(folder, file).split(sep).join('/')
  return {
    units: given.map((file) => below(resolve(file))),
    files: new Map([...found].map(([file, bytes]) => [below(file), bytes])),
  }
}

async function addIncluded(file: string, bytes: Uint8Array, found: Map<string, Uint8Array>): Promise<void> {
  if (found.has(file)) return
  found.set(file, bytes)
  for (const [, name = ''] of new TextDecoder().decode(bytes).matchAll(INCLUDE)) {
    const path = resolve(dirname(file), name)
    const included = await readFile(path).catch(() => null)
    if (included !== null) await addIncluded(path, included, found)
  }
}

function commonFolder(files: readonly string[]): string {
  const holds = (folder: string) => files.every((file) => folder === sep || file.startsWith(folder + sep))
  let folder = dirname(files[0] ?? sep)
  while (!holds(folder) && folder !== dirname(folder)) folder = dirname(folder)
  return folder
}

function missing(file: string, got: string): CliError {
  return new CliError(`expected a file that can be read at ${file}, got ${got}; check the path`, {
    code: 'FILE_MISSING',
    file,
  })
}
