import { mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { addressOf } from '@souk/protocol'
import {
  ChainError,
  checksumAddress,
  deployMarket,
  type NetworkConfig,
  type Rehearsal,
  rehearseDeployment,
} from '@souk/settlement'
import { readKeystore, writeNetworkConfig } from '@souk/settlement/node'
import { EXIT } from '../exit-codes.ts'
import { untilInterrupted } from '../interrupt.ts'
import { coins } from '../wallet/coins.ts'
import { readPassphrase } from '../wallet/passphrase.ts'
import { inspectNetwork } from './network-checks.ts'
import { NetworkCommandError } from './network-error.ts'
import { type DeployCommand, type DeployPlan, planDeployment } from './network-plan.ts'
import { checkLines } from './network-verify.ts'
import { rulesLines } from './network-words.ts'
import { printJson } from './shared.ts'

/** Milliseconds between looks for a receipt, at least and at most. */
const POLL_MS = { least: 50, most: 1_000 } as const

/** Carries out `souk network deploy`; what people read before anything is sent goes to standard error. */
export async function deployNetwork(options: DeployCommand): Promise<void> {
  const signal = untilInterrupted()
  const plan = await planDeployment(options, signal)
  const passphrase = await readPassphrase(options.keystore, options.passwordFile)
  const { key } = await readKeystore(options.keystore, passphrase)
  const { rpc, rules, token, draft } = plan
  const tokenOption = token === undefined ? {} : { token }
  const from = addressOf(key)
  const terms = { rpc, settleBlocks: rules.settleBlocks, court: rules, ...tokenOption, signal }
  const rehearsal = await rehearseDeployment({ ...terms, from })
  tell(planLines(plan, from, rehearsal))
  requireAble(from, draft.chainId, rehearsal)
  if (options.dryRun) return finish(options, { deployed: false, deployer: from, ...costs(rehearsal), rules })
  tell(['deploying …'])
  const pollMs = Math.min(POLL_MS.most, Math.max(POLL_MS.least, draft.blockSeconds * 250))
  const made = await deployMarket({ ...terms, deployerKey: key, pollMs })
  const place = {
    escrow: made.escrow,
    token: made.token,
    deployedAt: made.block,
    deployedHash: made.blockHash,
  }
  const config: NetworkConfig = { ...draft, ...place }
  mkdirSync(dirname(resolve(options.out)), { recursive: true })
  await writeNetworkConfig(options.out, config)
  tell([`wrote ${resolve(options.out)}`])
  const { ok, checks } = await inspectNetwork(config, signal)
  if (!options.json) process.stdout.write(`${checkLines(checks).join('\n')}\n`)
  const { court, tokenBlock } = made
  finish(
    options,
    { deployed: true, ok, file: resolve(options.out), court, tokenBlock, config, rules, checks },
    ok,
  )
}

function finish(options: DeployCommand, report: unknown, ok = true): never {
  if (options.json) printJson(report)
  process.exit(ok ? 0 : EXIT.failed)
}

function tell(lines: readonly string[]): void {
  process.stderr.write(`${lines.join('\n')}\n`)
}

function planLines({ draft, token, rules }: DeployPlan, from: `0x${string}`, rehearsal: Rehearsal): string[] {
  const { likelyWei, mostWei } = costs(rehearsal)
  const { tokenSymbol, tokenDecimals } = draft
  const gwei = (wei: bigint) => `${Number(wei) / 1e9} gwei`
  const named = token === undefined ? 'a new development token, worth nothing' : checksumAddress(token)
  return [
    `network     ${draft.name} on chain ${draft.chainId}, a block every ${draft.blockSeconds} s${draft.dev ? ', for development' : ''}`,
    `token       ${tokenSymbol} with ${tokenDecimals} decimals: ${named}`,
    'contracts   escrow and court, without owner, fee or upgrade: what is deployed stays as it is',
    ...rulesLines(rules, draft),
    `deployer    ${checksumAddress(from)}, which has no rights afterwards; it holds ${coins(rehearsal.balanceWei)} native coins`,
    `cost        about ${rehearsal.gas} gas, at up to ${gwei(rehearsal.fees.maxFeePerGas)} a unit ${coins(likelyWei)} native coins; ${coins(mostWei)} must be there`,
    ...(rehearsal.courtTried ? [] : ['note        this endpoint cannot try the court before it is sent']),
  ]
}

function costs({ gas, gasLimit, fees, balanceWei }: Rehearsal) {
  const { maxFeePerGas } = fees
  return { gas, maxFeePerGas, likelyWei: gas * maxFeePerGas, mostWei: gasLimit * maxFeePerGas, balanceWei }
}

function requireAble(account: `0x${string}`, chainId: number, rehearsal: Rehearsal): void {
  if (!rehearsal.keepsHashes) {
    throw new NetworkCommandError(
      `expected chain ${chainId} to keep the hashes of old blocks (EIP-2935), it does not; ` +
        'a court could not draw its seats there: take another chain',
      { code: 'NO_BLOCK_HASHES', chainId },
    )
  }
  const { mostWei, balanceWei } = costs(rehearsal)
  if (balanceWei >= mostWei) return
  throw new ChainError(
    `expected ${coins(mostWei)} native coins at ${account} for the gas of the deployment, found ` +
      `${coins(balanceWei)}; send some there`,
    { code: 'NO_GAS_MONEY', account, balanceWei, neededWei: mostWei },
  )
}
