import type { Hex } from '@souk/protocol'
import {
  decodeFunctionResult,
  encodeAbiParameters,
  encodeFunctionData,
  keccak256,
  parseAbi,
  stringToHex,
} from 'viem/utils'
import { ChainError } from './errors.ts'
import type { Read } from './escrow-reads.ts'
import type { Rpc } from './rpc.ts'
import type { TokenDomain } from './token-calls.ts'

/** What a permit of a token must be signed over. */
export interface PermitFacts {
  readonly domain: TokenDomain
  /** The owner's permit counter. */
  readonly nonce: bigint
}

export interface PermitQuestion {
  readonly rpc: Rpc
  readonly token: Hex
  readonly owner: Hex
  readonly signal?: AbortSignal
}

const abi = parseAbi([
  'function nonces(address owner) view returns (uint256)',
  'function eip712Domain() view returns (bytes1, string, string, uint256, address, bytes32, uint256[])',
  'function DOMAIN_SEPARATOR() view returns (bytes32)',
  'function name() view returns (string)',
  'function version() view returns (string)',
])

/** The views that tell about permits. */
const views = {
  nonce: (owner: Hex): Read<bigint> => ({
    data: encodeFunctionData({ abi, functionName: 'nonces', args: [owner] }),
    decode: (data) => decodeFunctionResult({ abi, functionName: 'nonces', data }),
  }),
  domain: (): Read<TokenDomain | null> => ({
    data: encodeFunctionData({ abi, functionName: 'eip712Domain' }),
    decode: (data) => domainOf(decodeFunctionResult({ abi, functionName: 'eip712Domain', data })),
  }),
  separator: (): Read<Hex> => ({
    data: encodeFunctionData({ abi, functionName: 'DOMAIN_SEPARATOR' }),
    decode: (data) => decodeFunctionResult({ abi, functionName: 'DOMAIN_SEPARATOR', data }),
  }),
  name: (): Read<string> => ({
    data: encodeFunctionData({ abi, functionName: 'name' }),
    decode: (data) => decodeFunctionResult({ abi, functionName: 'name', data }),
  }),
  version: (): Read<string> => ({
    data: encodeFunctionData({ abi, functionName: 'version' }),
    decode: (data) => decodeFunctionResult({ abi, functionName: 'version', data }),
  }),
} as const

/** Fields of a domain that a permit's has: name, version, chain and contract, no salt (ERC-5267). */
const PERMIT_FIELDS = '0x0f'
const DOMAIN_TYPE = keccak256(
  stringToHex('EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)'),
)

/**
 * Asks a token whether it takes permits (ERC-2612), and what they are signed over; null where it does not.
 *
 * Tokens older than ERC-5267 tell only their domain's hash: name and version are then found by trying.
 * Throws {@link ChainError} `RPC_UNAVAILABLE` and `WRONG_CHAIN`.
 */
export async function readPermitFacts(question: PermitQuestion): Promise<PermitFacts | null> {
  const [nonce, told] = await Promise.all([
    ask(question, views.nonce(question.owner)),
    ask(question, views.domain()),
  ])
  const domain = nonce === null ? null : (told ?? (await guessDomain(question)))
  return nonce === null || domain === null ? null : { nonce, domain }
}

function domainOf(fields: readonly [Hex, string, string, bigint, Hex, ...unknown[]]): TokenDomain | null {
  const [which, name, version, chainId, verifyingContract] = fields
  return which === PERMIT_FIELDS ? { name, version, chainId: Number(chainId), verifyingContract } : null
}

async function guessDomain(question: PermitQuestion): Promise<TokenDomain | null> {
  const [separator, name, version] = await Promise.all([
    ask(question, views.separator()),
    ask(question, views.name()),
    ask(question, views.version()),
  ])
  if (separator === null || name === null) return null
  const base = { name, chainId: question.rpc.chainId, verifyingContract: question.token }
  const guesses = [version, '1', '2'].flatMap((guess) =>
    guess === null ? [] : [{ ...base, version: guess }],
  )
  return guesses.find((domain) => separatorOf(domain) === separator) ?? null
}

function separatorOf({ name, version, chainId, verifyingContract }: TokenDomain): Hex {
  const types = ['bytes32', 'bytes32', 'bytes32', 'uint256', 'address'].map((type) => ({ type }))
  const parts = [DOMAIN_TYPE, ...[name, version].map((text) => keccak256(stringToHex(text)))]
  return keccak256(encodeAbiParameters(types, [...parts, BigInt(chainId), verifyingContract]))
}

/** Returns what a view answers; null where the token refuses or answers something else. */
async function ask<R>({ rpc, token, signal }: PermitQuestion, { data, decode }: Read<R>): Promise<R | null> {
  let result: unknown
  try {
    const options = signal === undefined ? {} : { signal }
    result = await rpc.request('eth_call', [{ to: token, data }, 'pending'], options)
  } catch (error) {
    if (error instanceof ChainError && error.data.code === 'RPC_ERROR') return null
    throw error
  }
  try {
    return decode(result as Hex)
  } catch {
    return null
  }
}
