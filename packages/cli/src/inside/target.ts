import type { SessionTarget } from '@souk/requester'
import type { Command } from 'commander'
import { addSharedOptions, type SharedOptions } from '../commands/shared.ts'
import { CliError } from '../errors.ts'

/** Options of commands that look into what runs on a lease. */
export interface TargetOptions extends SharedOptions {
  task?: string
}

/** Adds the options that say which attempt is meant. */
export function addTarget(command: Command): Command {
  return addSharedOptions(command.option('--task <n>', 'which task, from 0, where several run'))
}

/** Reads which attempt is meant. Throws {@link CliError} `BAD_OPTION`. */
export function readTarget(name: string, { task }: TargetOptions): SessionTarget {
  if (task === undefined) return { name }
  if (/^\d{1,9}$/.test(task)) return { name, task: Number(task) }
  throw new CliError(`--task: expected a whole number from 0 on, got ${task}`, {
    code: 'BAD_OPTION',
    option: '--task',
  })
}
