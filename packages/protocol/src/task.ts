import { z } from 'zod'
import { compareBytewise, type Hex } from './bytes.ts'
import { type Codec, codec } from './codec.ts'
import { sha256Hex } from './content.ts'
import { LIMITS } from './limits.ts'
import { oncePerObject } from './once-per-object.ts'
import { whenRead } from './quick-form.ts'
import { runtimeName } from './resources.ts'
import { cid, count, text, uint } from './schema.ts'

const string = text(LIMITS.stringLength)
const strings = z.array(string).max(LIMITS.taskStrings)

/** A relative POSIX path without `.`, `..`, empty segments, backslashes, colons or NUL. */
export const filePath = string.refine(isFilePath, { error: 'expected a relative path without . or ..' })

/** Path, content and length of one file. */
export const fileEntry = z.tuple([filePath, cid, count(LIMITS.fileBytes)])
export type FileEntry = z.output<typeof fileEntry>

const sortedFiles = z
  .array(fileEntry)
  .max(LIMITS.taskFiles)
  .refine((files) => isStrictlySorted(files.map((file) => file[0])), {
    error: 'expected paths sorted bytewise, each once',
  })

/** Bounds of one execution; crossing one is an outcome of the task, the same on every machine. */
export const taskLimits = z.strictObject({
  /** Instructions; 0 where the engine does not meter. */
  fuel: uint(64),
  /** Memory in 64 KiB pages. */
  pages: count(65_536).min(1),
  /** Call depth; 0 where the engine does not count it. */
  depth: count(1_000_000),
  /** Bytes of standard output and output files together. */
  outputBytes: count(LIMITS.fileBytes),
  /** Number of output files. */
  files: count(LIMITS.taskFiles),
})
export type TaskLimits = z.output<typeof taskLimits>

/**
 * One unit of work as every machine must understand it (PROTOCOL §8). It names nothing of job, lease or price,
 * so equal work has equal names.
 */
export const task = z.strictObject({
  v: z.literal(1),
  engine: runtimeName,
  program: cid,
  args: strings,
  /** `NAME=value` entries, sorted bytewise. */
  env: strings.refine(isStrictlySorted, { error: 'expected entries sorted bytewise, each once' }),
  stdin: cid.nullable(),
  inputs: sortedFiles,
  checkpoint: cid.nullable(),
  limits: taskLimits,
  /** Seed of the random numbers the program reads. */
  seed: uint(64),
  /** Virtual time of day at the start, nanoseconds since the epoch. */
  clockNs: uint(64),
})
export type Task = z.output<typeof task>

export const taskCodec: Codec<Task> = codec('task', task, LIMITS.objectBytes)

const named = (bytes: Uint8Array) => ({ digest: sha256Hex(bytes), byteLength: bytes.byteLength })
const encoded = oncePerObject((value: Task) => named(taskCodec.encode(value)))
// What is read has its name from the very bytes, inside of whatever they came.
whenRead(task, (value, bytes) => encoded.note(value as Task, named(bytes)))

/** Returns the task's name: the SHA-256 of its DAG-CBOR form. A task is not changed once it was named. */
export function taskDigest(value: Task): Hex {
  return encoded(value).digest
}

/** Returns the length of the task's DAG-CBOR form. */
export function taskBytes(value: Task): number {
  return encoded(value).byteLength
}

/** Returns every content address that must be present before the task can run. */
export function taskContent(value: Task): string[] {
  const optional = [value.stdin, value.checkpoint].filter((address) => address !== null)
  return [value.program, ...optional, ...value.inputs.map((file) => file[1])]
}

/** Tells whether `path` is relative and stays inside its folder on every platform. */
export function isFilePath(path: string): boolean {
  if (path === '' || path.includes('\0') || path.includes('\\') || path.includes(':')) return false
  return path.split('/').every((segment) => segment !== '' && segment !== '.' && segment !== '..')
}

function isStrictlySorted(values: readonly string[]): boolean {
  return values.every((value, i) => i === 0 || compareBytewise(values[i - 1] ?? '', value) < 0)
}

export { sortedFiles }
