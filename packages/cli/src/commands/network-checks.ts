import type { CourtRules, Hex } from '@souk/protocol'
import {
  askChains,
  createCourtReader,
  createEscrowReader,
  createRpc,
  type EndpointChain,
  type EscrowConstants,
  type MarketCheck,
  type NetworkConfig,
  NO_COURT,
  type Rpc,
  readTokenFacts,
  verifyMarket,
} from '@souk/settlement'

/** One thing that was looked at, and what was found. */
export interface Check {
  readonly what: 'endpoint' | 'deployment' | 'token' | 'escrow' | 'court' | 'links' | 'settling'
  readonly ok: boolean
  readonly found: string
}

/** All that a look at a network found. */
export interface Inspection {
  readonly ok: boolean
  readonly checks: readonly Check[]
  /** Undefined where there is no court, or something else stands at its address. */
  readonly rules: CourtRules | undefined
}

/**
 * Compares what stands on chain with a network's file and with what this version builds.
 *
 * Throws `ChainError` `RPC_UNAVAILABLE` or `WRONG_CHAIN` where no endpoint serves the network's chain.
 */
export async function inspectNetwork(config: NetworkConfig, signal: AbortSignal): Promise<Inspection> {
  const endpoints = await askChains(config.rpcUrls)
  const urls = endpoints.filter(({ chainId }) => chainId === config.chainId).map(({ url }) => url)
  const rpc = createRpc({ urls: urls.length > 0 ? urls : config.rpcUrls, chainId: config.chainId })
  const [start, token, market] = await Promise.all([
    checkStart(rpc, config, signal),
    checkToken(rpc, config, signal),
    verifyMarket(rpc, config, signal),
  ])
  const linked = await checkLinks(rpc, config, market, signal)
  const checks = [
    ...endpoints.map((endpoint) => checkEndpoint(endpoint, config.chainId)),
    ...[start, token, ...market.contracts.map(checkCode), ...linked.checks],
  ]
  return { ok: market.ok && checks.every(({ ok }) => ok), checks, rules: linked.rules }
}

function checkEndpoint({ url, chainId, failure }: EndpointChain, expected: number): Check {
  const origin = new URL(url).origin
  // An outage is no difference: another endpoint answered.
  if (chainId === null) return { what: 'endpoint', ok: true, found: `no answer now from ${failure}` }
  const found = `chain ${chainId} at ${origin}`
  return {
    what: 'endpoint',
    ok: chainId === expected,
    found: differing(found, chainId === expected, `chain ${expected}`),
  }
}

async function checkStart(
  rpc: Rpc,
  { deployedAt, deployedHash }: NetworkConfig,
  signal: AbortSignal,
): Promise<Check> {
  const block = await rpc.request('eth_getBlockByNumber', [`0x${deployedAt.toString(16)}`, false], { signal })
  const hash = (block as { hash: Hex } | null)?.hash
  const ok = hash === deployedHash
  const found = hash === undefined ? `no block ${deployedAt}` : `block ${deployedAt} is ${hash}`
  return { what: 'deployment', ok, found: differing(found, ok, `${deployedHash}: this is another chain`) }
}

async function checkToken(rpc: Rpc, config: NetworkConfig, signal: AbortSignal): Promise<Check> {
  const facts = await readTokenFacts(rpc, config.token, signal)
  const expected = `${config.tokenSymbol} with ${config.tokenDecimals} decimals`
  if (typeof facts === 'string') {
    const nothing = facts === 'no-code' ? 'no contract' : 'a contract that is no token'
    return { what: 'token', ok: false, found: differing(`${nothing} at ${config.token}`, false, expected) }
  }
  const ok = facts.symbol === config.tokenSymbol && facts.decimals === config.tokenDecimals
  const found = `${facts.symbol} with ${facts.decimals} decimals at ${config.token}`
  return { what: 'token', ok, found: differing(found, ok, expected) }
}

function checkCode({ contract, address, code }: MarketCheck['contracts'][number]): Check {
  const found = {
    same: `what this version builds, at ${address}`,
    different: `another contract at ${address}; expected what this version builds`,
    none: `no contract at ${address}; expected what this version builds`,
  }[code]
  return { what: contract, ok: code === 'same', found }
}

/** Looks at what the contracts say of each other, as far as they are what they should be. */
async function checkLinks(
  rpc: Rpc,
  config: NetworkConfig,
  { contracts }: MarketCheck,
  signal: AbortSignal,
): Promise<{ checks: Check[]; rules: CourtRules | undefined }> {
  const [escrow, court] = contracts
  if (escrow?.code !== 'same') return { checks: [], rules: undefined }
  const constants = await createEscrowReader(rpc, config).constants({ signal })
  const checks = [checkItsToken(constants, config), checkSettling(constants, config)]
  if (court?.code !== 'same') {
    const none: Check = { what: 'court', ok: true, found: 'none: nobody can reach a bond' }
    return { checks: constants.court === NO_COURT ? [...checks, none] : checks, rules: undefined }
  }
  const judge = createCourtReader(rpc, constants)
  const [judgesFor, rules] = await Promise.all([judge.escrow({ signal }), judge.rules({ signal })])
  const ok = judgesFor === config.escrow
  const found = differing(`the court judges for ${judgesFor}`, ok, config.escrow)
  return { checks: [...checks, { what: 'links', ok, found }], rules }
}

function checkItsToken({ token }: EscrowConstants, config: NetworkConfig): Check {
  const ok = token === config.token
  return { what: 'links', ok, found: differing(`the escrow holds token ${token}`, ok, config.token) }
}

function checkSettling({ settleBlocks }: EscrowConstants, config: NetworkConfig): Check {
  const ok = settleBlocks === config.settleBlocks
  const found = `${settleBlocks} blocks after a lease’s end`
  return {
    what: 'settling',
    ok,
    found: differing(found, ok, `${config.settleBlocks} as the network’s file says`),
  }
}

function differing(found: string, ok: boolean, expected: string): string {
  return ok ? found : `${found}; expected ${expected}`
}

/** Reads where a network's court is, and its rules; undefined where there is none. Throws `ChainError`. */
export async function readCourt(
  config: NetworkConfig,
  signal: AbortSignal,
): Promise<{ court: Hex; rules: CourtRules | undefined }> {
  const rpc = createRpc({ urls: config.rpcUrls, chainId: config.chainId })
  const reader = createEscrowReader(rpc, config)
  await reader.checkChain({ signal })
  const constants = await reader.constants({ signal })
  if (constants.court === NO_COURT) return { court: NO_COURT, rules: undefined }
  const rules = await createCourtReader(rpc, constants).rules({ signal })
  return { court: constants.court, rules }
}
