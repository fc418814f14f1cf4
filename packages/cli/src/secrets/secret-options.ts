import type { SecretUse } from '@souk/engine'
import { isSecretName, LIMITS, type RuntimeName } from '@souk/protocol'
import type { Command } from 'commander'
import { CliError } from '../errors.ts'

/** Options of secrets that a program reads. */
export interface SecretOptions {
  secret: string[]
}

/** Adds the options of secrets that a program reads. */
export function addSecretOptions(command: Command): Command {
  return command.option(
    '--secret <name[=file]>',
    'secret (souk secret) for the program to read at /run/secrets/FILE, its own name by default; ' +
      'every provider of the job sees it, with a quorum each replica’s; not with wasm-det; may be repeated',
    (value: string, before: string[]) => [...before, value],
    [] as string[],
  )
}

/**
 * Reads which secrets a program is given, and by which names of files.
 *
 * Throws {@link CliError} `BAD_OPTION`, also for an engine that takes none.
 */
export function readSecretOptions({ secret }: SecretOptions, runtime: RuntimeName): SecretUse[] {
  const uses = secret.map(readUse)
  if (uses.length > 0 && runtime === 'wasm-det/1')
    throw badOption('no secrets with wasm-det/1, whose results anybody must be able to check')
  if (uses.length > LIMITS.secrets) throw badOption(`at most ${LIMITS.secrets} secrets, got ${uses.length}`)
  const twice = uses.find(({ file }, at) => uses.findIndex((one) => one.file === file) !== at)
  if (twice !== undefined)
    throw badOption(`each file once, got ${twice.file} twice; choose names by NAME=FILE`)
  return uses
}

function readUse(text: string): SecretUse {
  const [secret = '', file = secret, ...rest] = text.split('=')
  if (isSecretName(secret) && isSecretName(file) && rest.length === 0) return { file, secret }
  throw badOption(
    `NAME or NAME=FILE of letters, digits, dots, dashes or _, got ${JSON.stringify(text.slice(0, 80))}`,
  )
}

function badOption(expected: string): CliError {
  return new CliError(`--secret: expected ${expected}`, { code: 'BAD_OPTION', option: '--secret' })
}
