import { STANDBY_LEVELS, type StandbyLevel } from '@souk/availability'
import type { Command } from 'commander'
import { CliError } from '../errors.ts'

/** The option that says how far successors are prepared. */
export interface StandbyOption {
  standby?: string
}

/** Adds the option that says how far a successor of a provider in doubt is prepared. */
export function addStandbyOption(command: Command): Command {
  return command.option(
    '--standby <level>',
    'what is prepared while a provider is in doubt: hot (its work begins elsewhere), warm (a lease with program and checkpoint), prepared (a quote), cold (nothing)',
    'warm',
  )
}

/** Reads `--standby`. Throws {@link CliError} `BAD_OPTION`. */
export function readStandby({ standby }: StandbyOption): { standby?: StandbyLevel } {
  if (standby === undefined) return {}
  const level = STANDBY_LEVELS.find((one) => one === standby)
  if (level !== undefined) return { standby: level }
  throw new CliError(`--standby: expected ${STANDBY_LEVELS.join(', ')}, got ${standby}`, {
    code: 'BAD_OPTION',
    option: '--standby',
  })
}
