import type { CompareRequest } from '@souk/requester/node'
import type { Command } from 'commander'
import { CliError } from '../errors.ts'
import type { Home } from '../home.ts'
import { prepareProgram } from '../program/prepare-program.ts'

/** How results of a job are compared. */
export interface CompareOptions {
  compare?: string
  json: boolean
}

const OPTION = '--compare'

/** Adds the option that says how results are compared. */
export function addCompareOption(command: Command): Command {
  return command.option(
    `${OPTION} <how>`,
    'when results are equal: exact, tolerance[:abs=1e-6,rel=1e-5], or a program that exits with 0 (.wasm, .c, .cpp); default: tolerance for kernels, else exact',
  )
}

/**
 * Reads how results are compared, and compiles the program that does where it is source; `undefined` for what is usual.
 * Throws {@link CliError} `BAD_OPTION`, and what `prepareProgram` throws.
 */
export async function readCompare(
  { compare, json }: CompareOptions,
  home: Home,
): Promise<CompareRequest | undefined> {
  if (compare === undefined) return undefined
  if (compare === 'exact') return { kind: 'exact' }
  if (/^tolerance(:|$)/.test(compare)) return readTolerance(compare)
  if (!/\.(?:wasm|c|cc|cpp|cxx)$/.test(compare)) throw bad(compare)
  const { program } = await prepareProgram(compare, [], { with: [], cflag: [], entrypoint: [], json }, home)
  if (typeof program !== 'string') throw bad(compare)
  return { kind: 'custom', program }
}

/** Reads `tolerance[:abs=NUMBER][,rel=NUMBER]`. Throws {@link CliError} `BAD_OPTION`. */
export function readTolerance(text: string): CompareRequest {
  const fields = text.split(':').slice(1).join(':').split(',').filter(Boolean)
  const given: { abs?: number; rel?: number } = {}
  for (const field of fields) {
    const [, name, number] = /^(abs|rel)=(\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/i.exec(field) ?? []
    const value = Number(number)
    if (name !== 'abs' && name !== 'rel') throw bad(text)
    if (!Number.isFinite(value) || (name === 'rel' && value >= 1)) throw bad(text)
    given[name] = value
  }
  return { kind: 'tolerance', ...given }
}

function bad(got: string): CliError {
  const expected = 'exact, tolerance[:abs=NUMBER][,rel=NUMBER below 1], or a program (.wasm, .c, .cpp)'
  return new CliError(`${OPTION}: expected ${expected}, got ${got}`, { code: 'BAD_OPTION', option: OPTION })
}
