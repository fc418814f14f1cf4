import { createHash, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { type Compiler, flagsOf, openCompiler } from './compiler.ts'
import { gatherSources, type Sources } from './gather-sources.ts'
import type { Language } from './program-kind.ts'

/** Compiled programs that are kept, the least used to go first: a rebuild takes seconds, each may take mebibytes. */
export const KEPT_PROGRAMS = 64

/** What to compile, where to keep it, and where to show what the compiler says. */
export interface Compilation {
  readonly language: Language
  readonly sources: readonly string[]
  readonly flags: readonly string[]
  /** Folder of compiled programs. */
  readonly folder: string
  tell(sentence: string): void
  /** Gets the compiler's warnings and errors as it writes them. */
  show(bytes: Uint8Array): void
}

/**
 * Compiles sources to a program and returns its file; what was compiled before, with the same compiler, flags and
 * sources, is there at once. Throws {@link CliError} `FILE_MISSING` and {@link SourceError}.
 */
export async function compiledProgram(compilation: Compilation): Promise<string> {
  const { language, flags, folder, tell, show } = compilation
  const sources = await gatherSources(compilation.sources)
  const compiler = await openCompiler()
  const file = join(folder, `${digestOf(compiler, language, sources, flags)}.wasm`)
  if (existsSync(file)) {
    await utimes(file, new Date(), new Date())
    return file
  }
  tell(`compiling ${compilation.sources.map((path) => basename(path)).join(', ')}: some seconds, once`)
  await keep(file, await compiler.compile(language, sources, flags, show))
  await dropOldest(folder)
  return file
}

/** Hashes everything that a program is made of, each part behind its length. */
function digestOf(
  { version }: Compiler,
  language: Language,
  sources: Sources,
  flags: readonly string[],
): string {
  const hash = createHash('sha256')
  const add = (part: string | Uint8Array) => hash.update(`${Buffer.byteLength(part)}:`).update(part)
  for (const part of [version, language, ...flagsOf(language), ...flags, '', ...sources.units, '']) add(part)
  for (const [path, bytes] of [...sources.files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    add(path)
    add(bytes)
  }
  return hash.digest('hex')
}

/** Writes a file whole or not at all. */
async function keep(file: string, bytes: Uint8Array): Promise<void> {
  await mkdir(join(file, '..'), { recursive: true, mode: 0o700 })
  const unfinished = `${file}.${randomBytes(4).toString('hex')}`
  await writeFile(unfinished, bytes)
  await rename(unfinished, file)
}

/** Removes what was used longest ago; what another command writes or removes meanwhile is its own business. */
async function dropOldest(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.wasm'))
  const found = await Promise.all(
    names.map(async (name) => {
      const file = join(folder, name)
      return { file, at: (await stat(file).catch(() => null))?.mtimeMs ?? null }
    }),
  )
  const used = found.flatMap(({ file, at }) => (at === null ? [] : [{ file, at }]))
  const old = used.sort((a, b) => b.at - a.at).slice(KEPT_PROGRAMS)
  await Promise.all(old.map(({ file }) => rm(file, { force: true })))
}
