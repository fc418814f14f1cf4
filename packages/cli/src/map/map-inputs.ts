import { basename, resolve } from 'node:path'
import { isFilePath } from '@souk/protocol'
import { InputError, localFiles, tooMany } from '@souk/requester/node'
import { size } from '../commands/shared.ts'
import { STDIN_BYTES } from '../data/input-options.ts'
import { CliError } from '../errors.ts'

/** Inputs of one command: each is a task, and a line that stays in memory. */
export const MOST_INPUTS = 100_000

/** One input: a task of its own. */
export interface MapInput {
  /** Path below what the user named: names its results, too. */
  readonly name: string
  readonly file: string
}

/** Where a result lies below the folder of results. */
export const outOf = (name: string) => `${name}.out`
/** The folder, below that of results, of the files that a task wrote. */
export const filesOf = (name: string) => `${name}.files`

/**
 * Returns the files behind paths, folders and patterns, in the order of what was named and of their paths; a file that
 * several name is one input.
 *
 * Throws `InputError` as `localFiles` and for names that are no paths or would share a result, and {@link CliError}
 * `BAD_OPTION` for a file that is too large to be standard input.
 */
export async function findInputs(patterns: readonly string[]): Promise<MapInput[]> {
  const found = new Map<string, MapInput>()
  for (const pattern of patterns) {
    for (const { path, name: own, from, bytes } of await localFiles(pattern, MOST_INPUTS)) {
      const file = resolve(from)
      if ((bytes ?? 0) > STDIN_BYTES) throw tooLarge(file, bytes ?? 0)
      if (!found.has(file)) found.set(file, { name: path || own, file })
      if (found.size > MOST_INPUTS) throw tooMany(pattern, found.size, MOST_INPUTS)
    }
  }
  const inputs = [...found.values()]
  requireNames(inputs)
  return inputs
}

/** The name under which a program sees its input, beside standard input. */
export function seenAs({ name }: MapInput): string {
  return basename(name)
}

/** Refuses names whose results would lie on, or in, each other. */
function requireNames(inputs: readonly MapInput[]): void {
  const files = new Map(inputs.map(({ name, file }) => [name, file]))
  if (files.size < inputs.length) throw nameTwice(inputs)
  for (const { name, file } of inputs) {
    if (!isFilePath(name)) throw unsafe(name, file)
    const parts = name.split('/')
    for (let i = 1; i < parts.length; i++) {
      const above = parts.slice(0, i).join('/')
      const owner = above.replace(/\.(?:files|out)$/, '')
      if (owner !== above && files.has(owner)) throw within(file, files.get(owner) ?? '')
    }
  }
}

function nameTwice(inputs: readonly MapInput[]): InputError {
  const seen = new Map<string, string>()
  for (const { name, file } of inputs) {
    const other = seen.get(name)
    if (other !== undefined) {
      return new InputError(
        `expected different names below what --inputs names, ${other} and ${file} are both ${name}; name a folder above both`,
        { code: 'NAME_TWICE', name },
      )
    }
    seen.set(name, file)
  }
  throw new Error('two inputs share a name')
}

function within(file: string, other: string): InputError {
  return new InputError(
    `expected results that lie apart, those of ${file} would lie in those of ${other}; rename one`,
    { code: 'NAME_TWICE', name: file },
  )
}

function unsafe(name: string, file: string): InputError {
  return new InputError(
    `expected a name that every machine can give a file, got ${JSON.stringify(name)}; rename it, without .., :, \\ or a leading /`,
    { code: 'BAD_NAME', file },
  )
}

function tooLarge(file: string, bytes: number): CliError {
  return new CliError(
    `--inputs: expected files of at most ${size(STDIN_BYTES)}, ${file} has ${size(bytes)}; give it to souk run --input FILE=NAME`,
    { code: 'BAD_OPTION', option: '--inputs' },
  )
}
