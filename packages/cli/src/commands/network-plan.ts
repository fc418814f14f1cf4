import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseAmount } from '@souk/market'
import { COURT_PRESETS, type CourtRules, type Hex } from '@souk/protocol'
import {
  askChains,
  ChainError,
  createRpc,
  type NetworkConfig,
  type Rpc,
  readTokenFacts,
  type TokenFacts,
} from '@souk/settlement'
import { checkNetworkConfig } from '@souk/settlement/node'
import { CliError } from '../errors.ts'
import { readAddress, readCount } from '../wallet/read-input.ts'
import { NetworkCommandError } from './network-error.ts'

/** What `souk network deploy` was told. */
export interface DeployCommand {
  readonly rpc: readonly string[]
  readonly name: string
  readonly keystore: string
  readonly out: string
  readonly passwordFile?: string
  readonly chainId?: string
  readonly token?: string
  readonly preset?: 'public' | 'dev'
  readonly stake?: string
  readonly challengeDeposit?: string
  readonly juryFee?: string
  readonly fuel?: string
  readonly blockSeconds?: string
  readonly bootstrap: readonly string[]
  readonly explorer?: string
  readonly dryRun: boolean
  readonly json: boolean
}

/** What will be deployed, as far as it can be known before. */
export interface DeployPlan {
  readonly rpc: Rpc
  readonly rules: CourtRules
  /** A token that exists already. */
  readonly token?: Hex
  /** The network's file, complete but for the places of what is deployed. */
  readonly draft: NetworkConfig
}

/** Numbers that development chains go by: anvil's and Hardhat's, and geth's. */
const DEVELOPMENT_CHAINS = [31_337, 1_337]
const DEVELOPMENT_TOKEN: TokenFacts = { symbol: 'devSOUK', decimals: 18 }
/** Amounts of a development court in token units, as the local market has them. */
const DEVELOPMENT_AMOUNTS = { stake: '1', challengeDeposit: '0.00002', juryFee: '0.000001' } as const
/** Some seconds of one core: what a juror should take on for a fee. */
const FUEL = '10000000000'
/** Blocks over which their distance is measured. */
const MEASURED_BLOCKS = 100
const MOST_AMOUNT = 2n ** 96n - 1n
const NOWHERE: Hex = `0x${'00'.repeat(20)}`
const NO_HASH: Hex = `0x${'00'.repeat(32)}`

/**
 * Reads options and chain into a plan; sends nothing.
 *
 * Throws {@link CliError} `BAD_OPTION` and `OUT_EXISTS`, {@link NetworkCommandError}, `ChainError` `WRONG_CHAIN`
 * and `RPC_UNAVAILABLE`, `NetworkFileError` for what a network's file cannot say.
 */
export async function planDeployment(options: DeployCommand, signal: AbortSignal): Promise<DeployPlan> {
  if (existsSync(options.out)) throw outExists(resolve(options.out))
  const rpc = createRpc({ urls: options.rpc, chainId: await commonChain(options) })
  const dev = DEVELOPMENT_CHAINS.includes(rpc.chainId)
  const token = options.token === undefined ? undefined : readAddress(options.token)
  if (token === undefined && !dev) throw tokenNeeded(rpc.chainId)
  const facts = token === undefined ? DEVELOPMENT_TOKEN : await tokenFacts(rpc, token, signal)
  const rules = readRules(options, facts, { dev, own: token === undefined })
  const { explorer, bootstrap, name } = options
  const draft: NetworkConfig = {
    ...{ name, chainId: rpc.chainId, escrow: NOWHERE, token: token ?? NOWHERE },
    ...{ tokenSymbol: facts.symbol, tokenDecimals: facts.decimals },
    ...{ rpcUrls: options.rpc, bootstrap, blockSeconds: await blockSeconds(options, rpc, { dev, signal }) },
    ...{ settleBlocks: rules.settleBlocks, dev, deployedAt: 0, deployedHash: NO_HASH },
    ...(explorer === undefined ? {} : { explorer }),
  }
  checkNetworkConfig(draft, resolve(options.out))
  return { rpc, rules, draft, ...(token === undefined ? {} : { token }) }
}

/** Every endpoint must answer, and all for the same chain: the file is handed round. */
async function commonChain({ rpc, chainId }: DeployCommand): Promise<number> {
  const chains = await askChains(rpc)
  const silent = chains.flatMap(({ failure }) => failure ?? [])
  if (silent.length > 0) throw silentEndpoints(silent)
  const expected = chainId === undefined ? chains[0]?.chainId : readCount('--chain-id', chainId)
  if (expected == null) throw badOption('--rpc', 'expected an endpoint, got none')
  for (const { url, chainId: actual } of chains) {
    if (actual !== null && actual !== expected) throw wrongChain(expected, actual, new URL(url).origin)
  }
  return expected
}

async function tokenFacts(rpc: Rpc, token: Hex, signal: AbortSignal): Promise<TokenFacts> {
  const facts = await readTokenFacts(rpc, token, signal)
  if (facts === 'no-code') {
    throw new NetworkCommandError(
      `expected a token at ${token}, there is no contract on chain ${rpc.chainId}; check address and endpoint`,
      { code: 'NO_TOKEN', token },
    )
  }
  if (facts === 'no-token') {
    throw new NetworkCommandError(
      `expected an ERC-20 token at ${token}, the contract there tells no symbol or decimals; check the address`,
      { code: 'NOT_A_TOKEN', token },
    )
  }
  return facts
}

function readRules(
  options: DeployCommand,
  { decimals }: TokenFacts,
  { dev, own }: { dev: boolean; own: boolean },
): CourtRules {
  const preset = options.preset ?? (dev ? 'dev' : 'public')
  if (preset === 'dev' && !dev) {
    throw badOption(
      '--preset',
      'expected public, got dev: three watchers and eight votes protect play money only',
    )
  }
  const money = (name: keyof typeof DEVELOPMENT_AMOUNTS, flag: string) => {
    const text = options[name] ?? (own ? DEVELOPMENT_AMOUNTS[name] : undefined)
    if (text === undefined) throw badOption(flag, 'expected an amount in units of the token, got none')
    const units = parseAmount(text, decimals)
    if (units > MOST_AMOUNT) throw badOption(flag, `expected at most ${MOST_AMOUNT} base units, got ${units}`)
    return units
  }
  const fuel = options.fuel ?? FUEL
  return {
    ...COURT_PRESETS[preset],
    stake: money('stake', '--stake'),
    challengeDeposit: money('challengeDeposit', '--challenge-deposit'),
    juryFee: money('juryFee', '--jury-fee'),
    fuel: BigInt(readCount('--fuel', fuel)),
  }
}

async function blockSeconds(
  { blockSeconds: text }: DeployCommand,
  rpc: Rpc,
  { dev, signal }: { dev: boolean; signal: AbortSignal },
): Promise<number> {
  if (text !== undefined) {
    if (Number(text) > 0) return Number(text)
    throw badOption('--block-seconds', `expected a positive number, got ${JSON.stringify(text)}`)
  }
  const head = Number(await rpc.request('eth_blockNumber', [], { signal }))
  // A development chain's blocks come at will.
  if (dev || head <= MEASURED_BLOCKS) return dev ? 1 : 2
  const [first = 0, last = 0] = await Promise.all(
    [head - MEASURED_BLOCKS, head].map(async (block) => {
      const found = await rpc.request('eth_getBlockByNumber', [`0x${block.toString(16)}`, false], { signal })
      return Number((found as { timestamp: Hex }).timestamp)
    }),
  )
  return Math.max(0.1, Math.round((10 * (last - first)) / MEASURED_BLOCKS) / 10)
}

function badOption(option: string, sentence: string): CliError {
  return new CliError(`${option}: ${sentence}`, { code: 'BAD_OPTION', option })
}

function tokenNeeded(chainId: number): CliError {
  return badOption(
    '--token',
    `expected the ERC-20 token to pay in on chain ${chainId}, got none; only development chains get one made`,
  )
}

function outExists(file: string): CliError {
  return new CliError(
    `--out: expected the name of a new file, there is one at ${file}; choose another name`,
    {
      code: 'OUT_EXISTS',
      file,
    },
  )
}

function silentEndpoints(endpoints: readonly string[]): ChainError {
  return new ChainError(
    `expected an answer from every endpoint, got none from ${endpoints.join(', ')}; leave it out or correct it`,
    { code: 'RPC_UNAVAILABLE', endpoints },
  )
}

function wrongChain(expected: number, actual: number, endpoint: string): ChainError {
  return new ChainError(
    `expected chain ${expected} at ${endpoint}, found chain ${actual}; check --rpc and --chain-id`,
    { code: 'WRONG_CHAIN', expected, actual, endpoint },
  )
}
