import type { Hex } from '@souk/protocol'
import type { EscrowReader, NetworkConfig, Rpc } from '@souk/settlement'

/** What every look at the chain works with. */
export interface ChainTools {
  readonly network: NetworkConfig
  readonly rpc: Rpc
  readonly reader: EscrowReader
}

/** What an action of the account works with besides: its wallet. */
export interface AccountTools extends ChainTools {
  /** Lower case. */
  readonly account: Hex
  /** Asks the wallet for an EIP-712 signature, 65 bytes. */
  signTypedData(data: TypedData): Promise<Hex>
  /** Asks the wallet to sign and send a call; returns the transaction's hash. */
  send(call: EscrowCall): Promise<Hex>
}

/** One call that the wallet is asked to send. */
export interface EscrowCall {
  /** What it does, in words that are kept with the transaction. */
  readonly purpose: string
  readonly to: Hex
  readonly data: Hex
}

/** An EIP-712 message, as wallets take it. */
export interface TypedData {
  readonly domain: { name: string; version: string; chainId: number; verifyingContract: Hex }
  readonly types: Readonly<Record<string, readonly { readonly name: string; readonly type: string }[]>>
  readonly primaryType: string
  readonly message: Readonly<Record<string, unknown>>
}

/** Resolves after `ms` milliseconds; rejects with the signal's reason as soon as it aborts. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const stop = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    }, ms)
    signal.addEventListener('abort', stop, { once: true })
  })
}

/** Returns the milliseconds between two looks at a chain: twice per block, within bounds. */
export function pollMs({ blockSeconds }: NetworkConfig): number {
  return Math.min(POLL_MOST_MS, Math.max(POLL_LEAST_MS, blockSeconds * 500))
}

const POLL_LEAST_MS = 500
const POLL_MOST_MS = 4_000
