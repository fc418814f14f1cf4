import { basename, dirname, join, resolve } from 'node:path'
import type { RuntimeName } from '@souk/protocol'
import type { JobRequest, TaskFiles } from '@souk/requester/node'
import { CliError } from '../errors.ts'
import type { Home } from '../home.ts'
import { compiledProgram } from './compiled-programs.ts'
import { type ImageOptions, readImage } from './image.ts'
import { type ProgramKind, programKind } from './program-kind.ts'
import { type KernelOptions, readKernel } from './read-kernel.ts'
import { JAVASCRIPT, scriptInputs } from './script.ts'

/** Options that say what a program is made of. */
export interface ProgramOptions extends ImageOptions, KernelOptions {
  with: readonly string[]
  cflag: readonly string[]
  json: boolean
}

/** A program as jobs name it, with what it needs beside what the user gave. */
export interface PreparedProgram {
  readonly program: JobRequest['program']
  readonly args: readonly string[]
  readonly inputs: TaskFiles['inputs']
}

/** Returns the engine that a program is for unless the user says otherwise. */
export function usualEngine(program: string): RuntimeName {
  const kind = programKind(program)
  return kind === 'image' ? 'container/1' : kind === 'wgsl' ? 'webgpu/1' : 'wasm/1'
}

/**
 * Makes of what the user named a program that providers run: compiles C and C++, gives a script its interpreter,
 * checks that an image is pinned, and puts a kernel together. Throws {@link CliError}, {@link SourceError}.
 */
export async function prepareProgram(
  program: string,
  args: readonly string[],
  options: ProgramOptions,
  home: Home,
): Promise<PreparedProgram> {
  const kind = programKind(program)
  requireFitting(kind, options)
  switch (kind) {
    case 'image':
      return { program: readImage(program, options), args, inputs: [] }
    case 'javascript': {
      const inputs = scriptInputs(program, options.with)
      return { program: JAVASCRIPT, args: [basename(program), ...args], inputs }
    }
    case 'wgsl':
      return { program: await readKernel(program, options), args, inputs: [] }
    case 'wasm':
      return { program: resolve(program), args, inputs: [] }
    default: {
      const { with: more, cflag: flags, json } = options
      const show = (bytes: Uint8Array) => void process.stderr.write(bytes)
      const tell = (sentence: string) => json || void process.stderr.write(`souk: ${sentence}\n`)
      const folder = join(dirname(home.path), 'compiled')
      const sources = [program, ...more]
      const file = await compiledProgram({ language: kind, sources, flags, folder, tell, show })
      return { program: file, args, inputs: [] }
    }
  }
}

const ENGINES: Readonly<Record<'wasm' | 'image' | 'kernel', readonly RuntimeName[]>> = {
  wasm: ['wasm/1', 'wasm-det/1'],
  image: ['container/1'],
  kernel: ['webgpu/1'],
}

/** Throws {@link CliError} `BAD_OPTION` unless `engine` is one that runs what `program` is. */
export function requireEngine(program: PreparedProgram['program'], engine: RuntimeName): void {
  const kind = typeof program === 'string' ? 'wasm' : 'kernel' in program ? 'kernel' : 'image'
  const fitting = ENGINES[kind]
  if (fitting.includes(engine)) return
  const expected = `${fitting.join(' or ')} for a program of this kind`
  throw new CliError(`--engine: expected ${expected}, got ${engine}`, {
    code: 'BAD_OPTION',
    option: '--engine',
  })
}

/** Throws {@link CliError} `BAD_OPTION` for an option that a program of this kind has no use for. */
function requireFitting(kind: ProgramKind, options: ProgramOptions): void {
  const compiled = kind === 'c' || kind === 'c++'
  const given: [string, boolean, boolean][] = [
    ['--with', options.with.length > 0, compiled || kind === 'javascript'],
    ['--cflag', options.cflag.length > 0, compiled],
    ['--image-archive', options.imageArchive !== undefined, kind === 'image'],
    ['--entrypoint', options.entrypoint.length > 0, kind === 'image'],
    ['--spec', options.spec !== undefined, kind === 'wgsl'],
  ]
  for (const [option, isGiven, fits] of given) {
    if (!isGiven || fits) continue
    throw new CliError(`${option}: expected a program that it is for, got ${kind}; leave it out`, {
      code: 'BAD_OPTION',
      option,
    })
  }
}
