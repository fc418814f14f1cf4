import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Tree } from '@yowasp/clang'
import { SourceError } from './errors.ts'
import type { Sources } from './gather-sources.ts'
import type { Language } from './program-kind.ts'

const PACKAGE = '@yowasp/clang'
/** Bytes of stack below a program's data: an overflow traps instead of overwriting it. */
const STACK_BYTES = 1_048_576
const TARGET = ['--target=wasm32-wasip1', '-O3', '-msimd128', '-Wall']
const LINK = ['-Wl,--strip-all', '-Wl,--stack-first', `-Wl,-z,stack-size=${STACK_BYTES}`]
/** The C++ library comes without exceptions: a throw ends the program. */
const BY_LANGUAGE: Readonly<Record<Language, readonly string[]>> = {
  c: [],
  'c++': ['-std=c++20', '-fno-exceptions'],
}

/** A compiler for WASI preview 1. */
export interface Compiler {
  /** Version of the whole toolchain: equal versions, flags and sources give equal programs. */
  readonly version: string
  /**
   * Compiles and links `sources`; `show` gets what the compiler writes. Throws {@link SourceError} `COMPILE_FAILED`.
   */
  compile(
    language: Language,
    sources: Sources,
    flags: readonly string[],
    show: (bytes: Uint8Array) => void,
  ): Promise<Uint8Array>
}

type Clang = typeof import('@yowasp/clang')

/** Loads the compiler. Throws {@link SourceError} `NO_COMPILER` where its package is not installed. */
export async function openCompiler(
  load: () => Promise<Clang> = () => import('@yowasp/clang'),
): Promise<Compiler> {
  const clang = await load().catch((cause) => {
    throw cause?.code === 'ERR_MODULE_NOT_FOUND' ? noCompiler(cause) : cause
  })
  const about = new URL('../package.json', import.meta.resolve(PACKAGE))
  const { version } = JSON.parse(await readFile(about, 'utf8')) as { version: string }
  return { version, compile: (...args) => compile(clang, ...args) }
}

/** Returns the flags that a language's sources are compiled with, before the user's own. */
export function flagsOf(language: Language): readonly string[] {
  return [...TARGET, ...BY_LANGUAGE[language], ...LINK]
}

async function compile(
  { commands, Exit }: Clang,
  language: Language,
  sources: Sources,
  flags: readonly string[],
  show: (bytes: Uint8Array) => void,
): Promise<Uint8Array> {
  const output = 'souk-program.wasm'
  const args = [...flagsOf(language), ...flags, ...sources.units, '-o', output]
  const write = (bytes: Uint8Array | null) => bytes !== null && show(bytes)
  const run = commands[language === 'c' ? 'clang' : 'clang++']
  try {
    // Loads the toolchain first, in silence: otherwise it tells its progress on standard output.
    await run(undefined, {}, { fetchProgress: () => {} })
    const made = (await run(args, toTree(sources.files), { stdout: write, stderr: write }))?.[output]
    if (made instanceof Uint8Array) return made
    throw failed(sources, 0)
  } catch (error) {
    throw error instanceof Exit ? failed(sources, error.code) : error
  }
}

function toTree(files: ReadonlyMap<string, Uint8Array>): Tree {
  const root: Tree = {}
  for (const [path, bytes] of files) {
    const folders = path.split('/')
    const name = folders.pop() ?? ''
    let folder = root
    for (const part of folders) {
      const next = folder[part]
      const inside: Tree = typeof next === 'object' && !(next instanceof Uint8Array) ? next : {}
      folder[part] = inside
      folder = inside
    }
    folder[name] = bytes
  }
  return root
}

function failed({ units }: Sources, exit: number): SourceError {
  const source = units.join(', ')
  return new SourceError(
    `expected ${source} to compile to a program, the compiler ended with ${exit}; it says above what to change`,
    { code: 'COMPILE_FAILED', source, exit },
  )
}

function noCompiler(cause: unknown): SourceError {
  const require = createRequire(import.meta.url)
  const { optionalDependencies } = require('../../package.json') as {
    optionalDependencies: Record<string, string>
  }
  const name = `${PACKAGE}@${optionalDependencies[PACKAGE]}`
  return new SourceError(
    `expected the compiler ${PACKAGE} to be installed, it is not; install it with: npm install ${name}, or compile the program yourself to wasm32-wasip1`,
    { code: 'NO_COMPILER', package: name },
    { cause },
  )
}
