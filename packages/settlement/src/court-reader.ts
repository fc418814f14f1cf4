import type { CourtRules, Hex } from '@souk/protocol'
import { decodeFunctionResult, encodeFunctionData } from 'viem/utils'
import { readBlock } from './chain-blocks.ts'
import { ChainError } from './errors.ts'
import type { ReadOptions } from './escrow-reader.ts'
import { courtAbi } from './generated/court.ts'
import { decodeRevert, revertedError } from './revert.ts'
import type { Rpc } from './rpc.ts'

/** What the court knows of a key that watches. */
export interface WatcherOnChain {
  /** Whose stake it is; the zero address for a key without one. */
  readonly account: Hex
  /** Newest term in whose table it was given a place. */
  readonly lastTerm: number
  /** First block in which the account can take the stake back. */
  readonly leaveBlock: number
}

/** What the court found about one epoch of a lease; bit s stands for slot s. */
export interface DownOnChain {
  readonly down: number
  readonly refuted: number
}

/** Where a dispute stands, in the order of the contract's enum. */
export const DISPUTE_STAGES = ['none', 'pending', 'done'] as const

/** What the chain knows of a dispute. */
export interface DisputeOnChain {
  readonly stage: (typeof DISPUTE_STAGES)[number]
  readonly challenger: Hex
  /** Block of the challenge. */
  readonly openedBlock: number
}

/** Reads of one court. Reads made in the same turn travel in one request. */
export interface CourtReader {
  /** Returns what the court was deployed with; `settleBlocks` is its escrow's. */
  rules(options?: ReadOptions): Promise<CourtRules>
  /** Returns the escrow that the court judges for. */
  escrow(options?: ReadOptions): Promise<Hex>
  /** Returns the keys in the table of a term; a slashed key leaves the zero address. */
  table(term: number, options?: ReadOptions): Promise<readonly Hex[]>
  /** Returns what the court knows of a key. */
  watcher(key: Hex, options?: ReadOptions): Promise<WatcherOnChain>
  /** Returns what the court found about an epoch of a lease. */
  downRecord(lease: Hex, epoch: number, options?: ReadOptions): Promise<DownOnChain>
  /** Returns where the dispute about a subject stands. */
  dispute(subject: Hex, options?: ReadOptions): Promise<DisputeOnChain>
  /** Returns the hash of a block, from which seats are drawn; `null` for a block that is not there yet. */
  seed(block: number, signal: AbortSignal): Promise<Hex | null>
}

/** Makes the reader of the court at `court`, whose escrow settles after `settleBlocks`. */
export function createCourtReader(
  rpc: Rpc,
  { court, settleBlocks }: { readonly court: Hex; readonly settleBlocks: number },
): CourtReader {
  const call = async (data: Hex, { block = 'latest', ...options }: ReadOptions = {}): Promise<Hex> => {
    const tag = typeof block === 'number' ? `0x${block.toString(16)}` : block
    try {
      return (await rpc.request('eth_call', [{ to: court, data }, tag], options)) as Hex
    } catch (error) {
      throw reverted(error)
    }
  }
  return {
    async rules(options) {
      const functionName = 'preset'
      const data = await call(encodeFunctionData({ abi: courtAbi, functionName }), options)
      return { ...decodeFunctionResult({ abi: courtAbi, functionName, data }), settleBlocks }
    },
    async escrow(options) {
      const functionName = 'escrow'
      const data = await call(encodeFunctionData({ abi: courtAbi, functionName }), options)
      return lower(decodeFunctionResult({ abi: courtAbi, functionName, data }))
    },
    async table(term, options) {
      const functionName = 'table'
      const args = [BigInt(term)] as const
      const data = await call(encodeFunctionData({ abi: courtAbi, functionName, args }), options)
      return decodeFunctionResult({ abi: courtAbi, functionName, data }).map(lower)
    },
    async watcher(key, options) {
      const functionName = 'watcherOf'
      const data = await call(encodeFunctionData({ abi: courtAbi, functionName, args: [key] }), options)
      const { account, lastTerm, leaveBlock } = decodeFunctionResult({ abi: courtAbi, functionName, data })
      return { account: lower(account), lastTerm, leaveBlock: Number(leaveBlock) }
    },
    async downRecord(lease, epoch, options) {
      const functionName = 'downRecord'
      const args = [lease, BigInt(epoch)] as const
      const data = await call(encodeFunctionData({ abi: courtAbi, functionName, args }), options)
      return decodeFunctionResult({ abi: courtAbi, functionName, data })
    },
    async dispute(subject, options) {
      const functionName = 'disputeOf'
      const data = await call(encodeFunctionData({ abi: courtAbi, functionName, args: [subject] }), options)
      const { stage, challenger, openedBlock } = decodeFunctionResult({ abi: courtAbi, functionName, data })
      return { stage: DISPUTE_STAGES[stage] ?? 'none', challenger: lower(challenger), openedBlock }
    },
    async seed(block, signal) {
      return (await readBlock(rpc, block, signal))?.hash ?? null
    },
  }
}

function lower(address: Hex): Hex {
  return address.toLowerCase() as Hex
}

function reverted(error: unknown): unknown {
  if (!(error instanceof ChainError) || error.data.code !== 'RPC_ERROR') return error
  const { revertData } = error.data
  return revertData === null ? error : revertedError('a read of the court', decodeRevert(revertData), null)
}
