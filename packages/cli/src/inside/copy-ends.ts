import { posix } from 'node:path'
import { CliError } from '../errors.ts'

/** What is copied, and which way. */
export interface CopyEnds {
  readonly direction: 'out' | 'in'
  /** The job or lease. */
  readonly name: string
  /** Absolute path in the program. */
  readonly remote: string
  readonly local: string
}

/** Where a program starts, and what relative paths are relative to. */
const WORK = '/work'

/** Reads the two arguments of a copy. Throws {@link CliError} `BAD_OPTION` unless exactly one is `LEASE:PATH`. */
export function readEnds(from: string, to: string): CopyEnds {
  const [source, target] = [remoteOf(from), remoteOf(to)]
  if (source !== null && target === null) return { direction: 'out', ...source, local: to }
  if (source === null && target !== null) return { direction: 'in', ...target, local: from }
  throw new CliError(
    `expected one of the two as LEASE:PATH, got ${from} and ${to}; write ./${to} for a local name with a colon`,
    { code: 'BAD_OPTION', option: 'path' },
  )
}

function remoteOf(text: string): { name: string; remote: string } | null {
  const [, name, path] = /^([0-9a-zA-Z…]{4,}):(.+)$/s.exec(text) ?? []
  return name === undefined || path === undefined ? null : { name, remote: posix.resolve(WORK, path) }
}
