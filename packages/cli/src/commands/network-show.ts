import { errorMessage, type Hex } from '@souk/protocol'
import { checksumAddress, explorerLink, isUnavailable, type NetworkConfig, NO_COURT } from '@souk/settlement'
import { untilInterrupted } from '../interrupt.ts'
import { findPlace } from '../wallet/place.ts'
import { readCourt } from './network-checks.ts'
import type { LookCommand } from './network-verify.ts'
import { rulesLines } from './network-words.ts'
import { printJson } from './shared.ts'

/** Carries out `souk network show`; a chain that does not answer hides the court's rules alone. */
export async function showNetwork({ network, json }: LookCommand): Promise<void> {
  const { config, networkFile } = await findPlace(network)
  const found = await readCourt(config, untilInterrupted()).catch((error) => {
    if (isUnavailable(error)) return { missing: errorMessage(error) }
    throw error
  })
  if (json) printJson({ file: networkFile, ...config, ...found })
  else {
    const court =
      'missing' in found
        ? [`court       not known: ${found.missing}`]
        : [`court       ${found.court === NO_COURT ? 'none' : place(config, found.court)}`]
    const rules = 'rules' in found && found.rules !== undefined ? rulesLines(found.rules, config) : []
    process.stdout.write(`${[...fileLines(config, networkFile), ...court, ...rules].join('\n')}\n`)
  }
  process.exit(0)
}

function fileLines(config: NetworkConfig, file: string): string[] {
  const { name, chainId, dev, blockSeconds, rpcUrls, bootstrap, deployedAt } = config
  return [
    `network     ${name} on chain ${chainId}, a block every ${blockSeconds} s${dev ? ', for development' : ''}`,
    `file        ${file}`,
    `endpoints   ${rpcUrls.map((url) => new URL(url).origin).join(', ')}`,
    `bootstrap   ${bootstrap.length} peers`,
    `escrow      ${place(config, config.escrow)}, since block ${deployedAt}`,
    `token       ${config.tokenSymbol} with ${config.tokenDecimals} decimals: ${place(config, config.token)}`,
  ]
}

function place(config: NetworkConfig, address: Hex): string {
  return explorerLink(config, 'address', checksumAddress(address)) ?? checksumAddress(address)
}
