import type { CourtRules, Hex } from '@souk/protocol'
import { createMemoryJournal } from '@souk/storage'
import { encodeDeployData, getContractAddress } from 'viem/utils'
import { ChainError } from './errors.ts'
import { escrowData } from './escrow-calls.ts'
import { courtAbi, courtBytecode } from './generated/court.ts'
import { devTokenBytecode } from './generated/devToken.ts'
import { escrowAbi, escrowBytecode } from './generated/escrow.ts'
import type { Receipt } from './receipt.ts'
import type { Rpc } from './rpc.ts'
import { tokenData } from './token-calls.ts'
import { startTransactionSender, type TransactionSender } from './transaction-sender.ts'

export interface DeployOptions {
  readonly rpc: Rpc
  /** Pays the gas; of a development token it owns the whole supply. */
  readonly deployerKey: Uint8Array
  /** Blocks between a lease's end and its settling; the court's own, where there is one. */
  readonly settleBlocks: number
  /** A token that exists already; a development token is deployed by default. */
  readonly token?: Hex
  /** The court to deploy; the market has none by default, and then nobody can reach a bond. */
  readonly court?: Omit<CourtRules, 'settleBlocks'>
  readonly pollMs?: number
  readonly signal?: AbortSignal
}

/** A deployed market. */
export interface Deployment {
  readonly token: Hex
  readonly escrow: Hex
  /** The zero address where there is none. */
  readonly court: Hex
  /** Block of the escrow, and its hash. */
  readonly block: number
  readonly blockHash: Hex
  /** Block of the token; of the escrow, for a token that existed before. */
  readonly tokenBlock: number
}

export const NO_COURT: Hex = '0x0000000000000000000000000000000000000000'

/**
 * Gas limits of the deployments: several are in flight at once, and the later ones cannot be estimated before the
 * earlier ones are mined. About a quarter above what they use.
 */
export const DEPLOY_GAS = { token: 1_500_000n, escrow: 5_500_000n, court: 7_000_000n } as const
/** Most that approving and parking a unit take together, with a development token. */
export const PARK_GAS = 250_000n

/**
 * Deploys an escrow, its court and, where none is named, a development token, all in flight at once: escrow and
 * court name each other, so the court's address is foretold from the deployer's nonce.
 *
 * Throws {@link ChainError} `UNKNOWN_TRANSACTION` where another transaction of the deployer came between.
 */
export async function deployMarket(options: DeployOptions): Promise<Deployment> {
  const { rpc, deployerKey, pollMs = 50 } = options
  const journal = createMemoryJournal()
  const sender = await startTransactionSender({ journal, key: deployerKey, rpc, pollMs })
  try {
    return await deploy(sender, options)
  } finally {
    await sender.stop()
  }
}

async function deploy(sender: TransactionSender, options: DeployOptions): Promise<Deployment> {
  const { settleBlocks, court } = options
  const wait = options.signal === undefined ? {} : { signal: options.signal }
  const count = await options.rpc.request('eth_getTransactionCount', [sender.address, 'pending'], wait)
  const first = Number(count)
  const place = (nonce: number) => lower(getContractAddress({ from: sender.address, nonce: BigInt(nonce) }))
  const create = async (purpose: string, data: Hex, gas: bigint) =>
    (await sender.submit({ purpose: `deploying the ${purpose}`, to: null, data, gas }, wait)).id
  const ids: string[] = []
  if (options.token === undefined) ids.push(await create('token', devTokenBytecode, DEPLOY_GAS.token))
  const token = lower(options.token ?? place(first))
  const escrow = place(first + ids.length)
  const courtPlace = court === undefined ? NO_COURT : place(first + ids.length + 1)
  const escrowArgs = [token, courtPlace, settleBlocks] as const
  const creation = encodeDeployData({ abi: escrowAbi, bytecode: escrowBytecode, args: escrowArgs })
  ids.push(await create('escrow', creation, DEPLOY_GAS.escrow))
  if (court !== undefined) {
    const courtArgs = [escrow, court] as const
    const data = encodeDeployData({ abi: courtAbi, bytecode: courtBytecode, args: courtArgs })
    ids.push(await create('court', data, DEPLOY_GAS.court))
  }
  const receipts = await Promise.all(ids.map((id) => sender.wait(id, wait)))
  for (const [i, receipt] of receipts.entries()) requireAt(receipt, place(first + i))
  const made = receipts.find(({ contractAddress }) => lower(contractAddress ?? NO_COURT) === escrow)
  const { block, blockHash } = made ?? raise(escrow)
  const tokenBlock = receipts[0]?.block ?? block
  // Whoever deploys the development token owns its supply.
  if (options.token === undefined && court !== undefined)
    await parkUnit(sender, token, escrow, courtPlace, wait)
  return { token, escrow, court: courtPlace, block, blockHash, tokenBlock }
}

/**
 * Leaves one base unit in the court's ledger balance for good: a word that is not zero makes each challenge 17k gas
 * cheaper (contracts/README.md).
 */
async function parkUnit(
  sender: TransactionSender,
  token: Hex,
  escrow: Hex,
  court: Hex,
  wait: { readonly signal?: AbortSignal },
): Promise<void> {
  const approval = { purpose: 'approve a unit', to: token, data: tokenData.approve(escrow, 1n) }
  await sender.wait((await sender.submit(approval, wait)).id, wait)
  const data = escrowData.multicall([escrowData.deposit(1n), escrowData.moveTo(court, 1n)])
  const parking = { purpose: 'park a unit at the court', to: escrow, data }
  await sender.wait((await sender.submit(parking, wait)).id, wait)
}

function requireAt({ contractAddress, hash }: Receipt, place: Hex): void {
  if (contractAddress !== null && lower(contractAddress) === place) return
  throw displaced(hash)
}

function raise(escrow: Hex): never {
  throw displaced(escrow)
}

function lower(address: Hex): Hex {
  return address.toLowerCase() as Hex
}

function displaced(hash: Hex): ChainError {
  return new ChainError(
    `expected the contracts at the addresses of the deployer's next nonces, transaction ${hash} put one ` +
      'elsewhere; deploy again with a key that nothing else uses',
    { code: 'UNKNOWN_TRANSACTION', hash },
  )
}
