import { EXIT } from '../exit-codes.ts'
import { untilInterrupted } from '../interrupt.ts'
import { findPlace } from '../wallet/place.ts'
import { type Check, inspectNetwork } from './network-checks.ts'
import { rulesLines } from './network-words.ts'
import { printJson } from './shared.ts'

/** What `verify` and `show` were told. */
export interface LookCommand {
  readonly network: string
  readonly json: boolean
}

/** Carries out `souk network verify`: exit code 0 where all is as it should be, 1 where something differs. */
export async function verifyNetwork({ network, json }: LookCommand): Promise<void> {
  const { config, networkFile } = await findPlace(network)
  const inspection = await inspectNetwork(config, untilInterrupted())
  if (json) printJson({ network: config.name, chainId: config.chainId, file: networkFile, ...inspection })
  else {
    const { checks, rules, ok } = inspection
    // Every escrow of this code is safe; what its court may cost is in the rules.
    const ruled = rules === undefined ? [] : rulesLines(rules, config)
    process.stdout.write(`${[...checkLines(checks), ...ruled, verdict(ok)].join('\n')}\n`)
  }
  process.exit(inspection.ok ? 0 : EXIT.failed)
}

/** Says what was looked at, one line each. */
export function checkLines(checks: readonly Check[]): string[] {
  return checks.map(({ what, ok, found }) => `${ok ? 'ok ' : 'NO '} ${what.padEnd(11)} ${found}`)
}

function verdict(ok: boolean): string {
  return ok
    ? 'the network is what its file says and what this version builds'
    : 'do not use this network before the differences are explained'
}
