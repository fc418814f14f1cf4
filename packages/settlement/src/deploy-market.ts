import type { Hex } from '@souk/protocol'
import { createMemoryJournal } from '@souk/storage'
import { encodeDeployData, getContractAddress } from 'viem/utils'
import { ChainError } from './errors.ts'
import { devTokenBytecode } from './generated/devToken.ts'
import { escrowAbi, escrowBytecode } from './generated/escrow.ts'
import type { Receipt } from './receipt.ts'
import type { Rpc } from './rpc.ts'
import { startTransactionSender, type TransactionSender } from './transaction-sender.ts'

export interface DeployOptions {
  readonly rpc: Rpc
  /** Pays the gas and owns the development token's whole supply. */
  readonly deployerKey: Uint8Array
  readonly settleBlocks: number
  /** The only caller of the court's hooks; nobody by default. */
  readonly court?: Hex
  readonly pollMs?: number
  readonly signal?: AbortSignal
}

/** A deployed development market. */
export interface Deployment {
  readonly token: Hex
  readonly escrow: Hex
  /** Block of the escrow, and its hash. */
  readonly block: number
  readonly blockHash: Hex
  /** Block of the token. */
  readonly tokenBlock: number
}

const NO_COURT: Hex = '0x0000000000000000000000000000000000000000'

/** Deploys the development token and an escrow for it, both in flight at once. */
export async function deployMarket(options: DeployOptions): Promise<Deployment> {
  const { rpc, deployerKey, pollMs = 50 } = options
  const sender = await startTransactionSender({
    journal: createMemoryJournal(),
    key: deployerKey,
    rpc,
    pollMs,
  })
  try {
    return await deploy(sender, options)
  } finally {
    await sender.stop()
  }
}

async function deploy(sender: TransactionSender, { settleBlocks, court = NO_COURT, signal }: DeployOptions) {
  const options = signal === undefined ? {} : { signal }
  const request = { id: 'token', purpose: 'deploying the token', to: null, data: devTokenBytecode }
  const { nonce } = await sender.submit(request, options)
  const token = lower(getContractAddress({ from: sender.address, nonce: BigInt(nonce) }))
  const data = encodeDeployData({
    abi: escrowAbi,
    bytecode: escrowBytecode,
    args: [token, court, settleBlocks],
  })
  await sender.submit({ id: 'escrow', purpose: 'deploying the escrow', to: null, data }, options)
  const [first, second] = await Promise.all([sender.wait('token', options), sender.wait('escrow', options)])
  if (addressIn(first) !== token) throw displaced(first.hash)
  const { block, blockHash } = second
  return { token, escrow: addressIn(second), block, blockHash, tokenBlock: first.block }
}

function addressIn({ contractAddress, hash }: Receipt): Hex {
  if (contractAddress === null) throw displaced(hash)
  return lower(contractAddress)
}

function lower(address: Hex): Hex {
  return address.toLowerCase() as Hex
}

function displaced(hash: Hex): ChainError {
  return new ChainError(
    `expected the token at the address of its nonce, transaction ${hash} put it elsewhere; ` +
      'deploy again with a key that nothing else uses',
    { code: 'UNKNOWN_TRANSACTION', hash },
  )
}
