import type { Hex } from '@souk/protocol'
import { encodeDeployData, getContractAddress } from 'viem/utils'
import { DEPLOY_GAS, type DeployOptions, NO_COURT, PARK_GAS } from './deploy-market.ts'
import { type Fees, suggestFees } from './fees.ts'
import { courtAbi, courtBytecode } from './generated/court.ts'
import { devTokenBytecode } from './generated/devToken.ts'
import { escrowAbi, escrowBytecode } from './generated/escrow.ts'
import { isRevert } from './prepare-transaction.ts'
import { decodeRevert, revertedError } from './revert.ts'
import type { Rpc } from './rpc.ts'

/** What a deployment needs, found out without sending anything. */
export interface Rehearsal {
  /** Gas that it will use, by the node's estimate; the limit where the node cannot tell. */
  readonly gas: bigint
  /** Gas that the deployer must be able to pay for. */
  readonly gasLimit: bigint
  readonly fees: Fees
  readonly balanceWei: bigint
  /** The chain keeps the hashes of some thousand blocks (EIP-2935), from which a court draws its seats. */
  readonly keepsHashes: boolean
  /** The court was built upon the chain's state; false where the endpoint cannot pretend that contracts are there. */
  readonly courtTried: boolean
}

export type RehearsalOptions = Pick<DeployOptions, 'rpc' | 'settleBlocks' | 'token' | 'court' | 'signal'> & {
  /** The deployer's address. */
  readonly from: Hex
}

/** The system contract of EIP-2935. */
const HISTORY: Hex = '0x0000f90827f1c53a10cb7a02335b175320002935'
/** Wei per unit of gas beyond which nothing is sent; the sender's own bound. */
const MOST_FEE_PER_GAS = 500_000_000_000n

type Overrides = Readonly<Record<Hex, { readonly code: Hex }>>

/**
 * Builds token, escrow and court in calls upon the chain's state, each where the next one looks for it.
 *
 * Throws `ChainError` `CONTRACT_REVERTED` for what a constructor refuses, such as `BadPreset`.
 */
export async function rehearseDeployment(options: RehearsalOptions): Promise<Rehearsal> {
  const { rpc, from, court, signal } = options
  const wait = signal === undefined ? {} : { signal }
  const [fees, balance, history, tried] = await Promise.all([
    suggestFees(rpc, MOST_FEE_PER_GAS, signal),
    rpc.request('eth_getBalance', [from, 'latest'], wait),
    rpc.request('eth_getCode', [HISTORY, 'latest'], wait),
    build(options, wait),
  ])
  const limits = [
    ...(options.token === undefined ? [DEPLOY_GAS.token, PARK_GAS] : []),
    DEPLOY_GAS.escrow,
    ...(court === undefined ? [] : [DEPLOY_GAS.court]),
  ]
  return {
    gas: tried.gas,
    gasLimit: limits.reduce((sum, limit) => sum + limit, 0n),
    fees,
    balanceWei: BigInt(balance as Hex),
    keepsHashes: history !== '0x',
    courtTried: tried.court,
  }
}

async function build(
  { rpc, from, token, court, settleBlocks }: RehearsalOptions,
  wait: { signal?: AbortSignal },
): Promise<{ gas: bigint; court: boolean }> {
  const nonce = BigInt((await rpc.request('eth_getTransactionCount', [from, 'latest'], wait)) as Hex)
  // Each constructor runs as the deployer's next transaction, so the court stands where the escrow expects it.
  const courtPlace = lower(getContractAddress({ from, nonce }))
  const tokenPlace = token ?? lower(getContractAddress({ from, nonce: nonce + 1n }))
  const escrow = lower(getContractAddress({ from, nonce: nonce + 2n }))
  const there: Record<Hex, { code: Hex }> = {}
  const make = async (what: keyof typeof DEPLOY_GAS, data: Hex) =>
    construct(rpc, { from, what, data, there }, wait)
  let gas = 0n
  if (token === undefined) {
    const made = await make('token', devTokenBytecode)
    there[tokenPlace] = made
    gas += made.gas
  }
  const args = [tokenPlace, court === undefined ? NO_COURT : courtPlace, settleBlocks] as const
  const made = await make('escrow', encodeDeployData({ abi: escrowAbi, bytecode: escrowBytecode, args }))
  there[escrow] = made
  gas += made.gas
  if (court === undefined) return { gas, court: false }
  const data = encodeDeployData({ abi: courtAbi, bytecode: courtBytecode, args: [escrow, court] })
  const last = await make('court', data)
  return { gas: gas + last.gas, court: last.code !== '0x' }
}

/** Runs one constructor; without code where the node refuses for a reason that is not the contract's. */
async function construct(
  rpc: Rpc,
  { from, what, data, there }: { from: Hex; what: keyof typeof DEPLOY_GAS; data: Hex; there: Overrides },
  wait: { signal?: AbortSignal },
): Promise<{ code: Hex; gas: bigint }> {
  const codes = Object.fromEntries(Object.entries(there).map(([place, { code }]) => [place, { code }]))
  const params = [{ from, data }, 'latest', ...(Object.keys(codes).length === 0 ? [] : [codes])]
  try {
    const [code, gas] = await Promise.all([
      rpc.request('eth_call', params, wait) as Promise<Hex>,
      rpc.request('eth_estimateGas', params, wait).catch(() => DEPLOY_GAS[what]),
    ])
    return { code, gas: BigInt(gas as Hex) }
  } catch (error) {
    const revert = isRevert(error) ? decodeRevert(error.data.revertData) : undefined
    if (revert !== undefined && revert.error !== 'unknown') {
      throw revertedError(`deploying the ${what}`, revert, null)
    }
    wait.signal?.throwIfAborted()
    return { code: '0x', gas: DEPLOY_GAS[what] }
  }
}

function lower(address: Hex): Hex {
  return address.toLowerCase() as Hex
}
