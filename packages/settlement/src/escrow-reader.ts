import type { Hex, Quote } from '@souk/protocol'
import { ChainError } from './errors.ts'
import {
  type DelegateOnChain,
  type EscrowConstants,
  escrowReads,
  type LeaseOnChain,
  type Read,
  tokenReads,
} from './escrow-reads.ts'
import { CHAIN_LIMITS } from './limits.ts'
import { pause } from './pause.ts'
import { decodeRevert, revertedError } from './revert.ts'
import type { Rpc } from './rpc.ts'
import type { TokenDomain } from './token-calls.ts'

export interface ReadOptions {
  readonly signal?: AbortSignal
  /** Block number or tag; `latest` by default. */
  readonly block?: number | 'latest' | 'pending'
}

/** Reads of one escrow and its token. Reads made in the same turn travel in one request. */
export interface EscrowReader {
  /** Throws {@link ChainError} `WRONG_CHAIN` or `NO_ESCROW` unless the endpoints serve our chain and escrow. */
  checkChain(options?: ReadOptions): Promise<void>
  /** Returns the escrow's immutables. */
  constants(options?: ReadOptions): Promise<EscrowConstants>
  /** Returns an account's free ledger balance in base units. */
  balance(account: Hex, options?: ReadOptions): Promise<bigint>
  /** Returns what `account` lets `key` lock. */
  delegate(account: Hex, key: Hex, options?: ReadOptions): Promise<DelegateOnChain>
  /** Returns where a lease stands. */
  leaseState(lease: Hex, options?: ReadOptions): Promise<LeaseOnChain>
  /** Returns the base units that vouchers of `quote` could have paid in total by now. */
  payCap(quote: Quote, options?: ReadOptions): Promise<bigint>
  /** Returns the base units burned so far. */
  burned(options?: ReadOptions): Promise<bigint>
  /** Returns an account's token balance in base units. */
  tokenBalance(account: Hex, options?: ReadOptions): Promise<bigint>
  /** Returns the base units of `owner`'s tokens that `spender` may take. */
  allowance(owner: Hex, spender: Hex, options?: ReadOptions): Promise<bigint>
  /** Returns the token's total supply in base units. */
  tokenSupply(options?: ReadOptions): Promise<bigint>
  /** Returns the token's EIP-712 domain (ERC-5267) and the owner's permit counter, for a permit. */
  permitFacts(owner: Hex, options?: ReadOptions): Promise<{ domain: TokenDomain; nonce: bigint }>
  /** Returns how far the endpoint is that answers the reads made in the same turn. */
  blockNumber(options?: { signal?: AbortSignal }): Promise<number>
  /** Returns an account's native balance in wei. */
  nativeBalance(account: Hex, options?: ReadOptions): Promise<bigint>
}

/** Reads of a view in all where the node is between two blocks. */
const TORN_READS = 5

/** Makes the reader of the escrow at `escrow`, whose token is `token`. */
export function createEscrowReader(rpc: Rpc, { escrow, token }: { escrow: Hex; token: Hex }): EscrowReader {
  const call = async (to: Hex, data: Hex, options: ReadOptions): Promise<Hex> => {
    try {
      return (await rpc.request('eth_call', [{ to, data }, blockTag(options)], options)) as Hex
    } catch (error) {
      throw reverted(error)
    }
  }
  const readEscrow = async <R>(read: Read<R>, options: ReadOptions = {}) =>
    read.decode(await call(escrow, read.data, options))
  const readToken = async <R>(read: Read<R>, options: ReadOptions = {}) =>
    read.decode(await call(token, read.data, options))
  return {
    async checkChain(options = {}) {
      const code = await rpc.request('eth_getCode', [escrow, blockTag(options)], options)
      if (code === '0x') throw noEscrow(escrow, rpc.chainId, 'no contract there')
      const { token: actual } = await this.constants(options)
      if (actual !== token.toLowerCase())
        throw noEscrow(escrow, rpc.chainId, `a contract with token ${actual}`)
    },
    async constants(options) {
      const [tokenAddress, court, settleBlocks] = await Promise.all([
        readEscrow(escrowReads.token(), options),
        readEscrow(escrowReads.court(), options),
        readEscrow(escrowReads.settle(), options),
      ])
      return { token: tokenAddress, court, settleBlocks }
    },
    balance: (account, options) => readEscrow(escrowReads.balance(account), options),
    delegate: (account, key, options) => readEscrow(escrowReads.delegate(account, key), options),
    leaseState: (lease, options) =>
      unlessTorn(() => readEscrow(escrowReads.leaseState(lease), options), options),
    payCap: (quote, options) => unlessTorn(() => readEscrow(escrowReads.payCap(quote), options), options),
    burned: (options) => readEscrow(escrowReads.burned(), options),
    tokenBalance: (account, options) => readToken(tokenReads.balance(account), options),
    allowance: (owner, spender, options) => readToken(tokenReads.allowance(owner, spender), options),
    tokenSupply: (options) => readToken(tokenReads.supply(), options),
    async permitFacts(owner, options) {
      const [domain, nonce] = await Promise.all([
        readToken(tokenReads.domain(), options),
        readToken(tokenReads.nonce(owner), options),
      ])
      return { domain, nonce }
    },
    async blockNumber(options = {}) {
      return Number(await rpc.request('eth_blockNumber', [], options))
    },
    async nativeBalance(account, options = {}) {
      return BigInt((await rpc.request('eth_getBalance', [account, blockTag(options)], options)) as Hex)
    },
  }
}

/**
 * Reads again what counts seconds since a lease was opened and panics: a node that takes a block in shows its state for
 * a moment under the time of the block before.
 */
async function unlessTorn<T>(read: () => Promise<T>, { signal }: ReadOptions = {}): Promise<T> {
  for (let reads = 1; ; reads++) {
    try {
      return await read()
    } catch (error) {
      if (!isPanic(error) || reads >= TORN_READS) throw error
    }
    await pause(CHAIN_LIMITS.retryFirstMs, signal)
  }
}

function isPanic(error: unknown): boolean {
  return (
    error instanceof ChainError && error.data.code === 'CONTRACT_REVERTED' && error.data.error === 'Panic'
  )
}

function blockTag({ block = 'latest' }: ReadOptions): string {
  return typeof block === 'number' ? `0x${block.toString(16)}` : block
}

function reverted(error: unknown): unknown {
  if (!(error instanceof ChainError) || error.data.code !== 'RPC_ERROR') return error
  const { revertData } = error.data
  return revertData === null ? error : revertedError('a read of the escrow', decodeRevert(revertData), null)
}

function noEscrow(escrow: Hex, chainId: number, found: string): ChainError {
  return new ChainError(
    `expected the escrow of this network at ${escrow} on chain ${chainId}, found ${found}; check the network file`,
    { code: 'NO_ESCROW', escrow, chainId },
  )
}
