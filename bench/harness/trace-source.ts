import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Where the data of a replay came from. */
export interface TraceSource {
  readonly name: string
  /** SHA-256 over the files in the order of their names; of a generated trace over its values. */
  readonly sha256: string
}

/** A file of a trace. */
export interface TraceFile {
  readonly name: string
  readonly text: string
}

/** Returns the files of a folder that end so, by name; none where there is no such folder. */
export function readTraceFiles(folder: string, ending: string): TraceFile[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(ending))
      .sort()
      .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/** Returns the folders within a folder, by name; none where there is no such folder. */
export function readTraceFolders(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true })
    return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/** Names what a trace was read from. */
export function sourceOf(name: string, texts: readonly string[]): TraceSource {
  const hash = createHash('sha256')
  for (const text of texts) hash.update(text)
  return { name, sha256: hash.digest('hex') }
}

/** Numbers in [0, 1) from a seed (Numerical Recipes' linear congruence), the same everywhere. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
