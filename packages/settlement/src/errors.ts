import { SoukError } from '@souk/protocol'

/** What goes wrong between us and a chain. */
export class ChainError extends SoukError<
  | { code: 'RPC_UNAVAILABLE'; endpoints: readonly string[] }
  | { code: 'RPC_ERROR'; method: string; rpcCode: number; reason: string; revertData: string | null }
  | { code: 'WRONG_CHAIN'; expected: number; actual: number; endpoint: string }
  | { code: 'NO_ESCROW'; escrow: string; chainId: number }
  | {
      code: 'CONTRACT_REVERTED'
      purpose: string
      error: string
      args: Readonly<Record<string, unknown>>
      hash: string | null
    }
  | { code: 'NO_GAS_MONEY'; account: string; balanceWei: bigint; neededWei: bigint }
  | { code: 'QUEUE_FULL'; limit: number }
  | { code: 'UNKNOWN_TRANSACTION'; hash: string }
  | { code: 'STOPPED'; what: string }
> {}

/** A {@link ChainError} for which trying again later is the answer. */
export function isUnavailable(error: unknown): error is ChainError {
  return error instanceof ChainError && error.code === 'RPC_UNAVAILABLE'
}
