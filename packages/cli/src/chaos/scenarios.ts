import { CliError } from '../errors.ts'
import type { Scenario } from './scenario.ts'
import { CHAIN_FAULTS } from './scenarios/chain.ts'
import { COURT_LIES } from './scenarios/court.ts'
import { CRASHES } from './scenarios/crashes.ts'
import { LIES } from './scenarios/lies.ts'
import { LINKS } from './scenarios/links.ts'

/** Everything that can be broken, those of one world after each other. */
export const SCENARIOS: readonly Scenario[] = [...CRASHES, ...LIES, ...COURT_LIES, ...LINKS, ...CHAIN_FAULTS]

/** Returns the scenarios of these names, all where none are given. Throws `CliError` `BAD_OPTION` for others. */
export function scenariosNamed(names: readonly string[] | undefined): readonly Scenario[] {
  if (names === undefined) return SCENARIOS
  const unknown = names.find((name) => !SCENARIOS.some((one) => one.name === name))
  if (unknown !== undefined) {
    throw new CliError(`expected scenarios that souk chaos --list names, got ${unknown}`, {
      code: 'BAD_OPTION',
      option: '--only',
    })
  }
  return SCENARIOS.filter(({ name }) => names.includes(name))
}
