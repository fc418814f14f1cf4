import { extname } from 'node:path'

/** Begins the name of an image of an OCI registry. */
export const IMAGE_SCHEME = 'docker://'

export type Language = 'c' | 'c++'
/** What a user names as a program: an image, sources to compile, a script, a kernel, or else a WASI program. */
export type ProgramKind = 'image' | Language | 'javascript' | 'wgsl' | 'wasm'

const KINDS: Readonly<Record<string, ProgramKind>> = {
  '.c': 'c',
  '.cc': 'c++',
  '.cpp': 'c++',
  '.cxx': 'c++',
  '.js': 'javascript',
  '.mjs': 'javascript',
  '.cjs': 'javascript',
  '.wgsl': 'wgsl',
}

/** Tells by its name what `program` is. */
export function programKind(program: string): ProgramKind {
  if (program.startsWith(IMAGE_SCHEME)) return 'image'
  return KINDS[extname(program).toLowerCase()] ?? 'wasm'
}
