import type { Hex } from '@souk/protocol'
import type { Rpc } from './rpc.ts'

/** EIP-1559 fees in wei per unit of gas. */
export interface Fees {
  readonly maxFeePerGas: bigint
  readonly maxPriorityFeePerGas: bigint
}

/** Per cent added to both fees of a replacement; nodes demand 10, some 12.5. */
const BUMP_PERCENT = 25n

/** Returns fees that pay twice the base fee of the latest block: six full blocks of rising fees are covered. */
export async function suggestFees(rpc: Rpc, most: bigint, signal?: AbortSignal): Promise<Fees> {
  const options = signal === undefined ? {} : { signal }
  const [block, tip] = await Promise.all([
    rpc.request('eth_getBlockByNumber', ['latest', false], options),
    rpc.request('eth_maxPriorityFeePerGas', [], options),
  ])
  const { baseFeePerGas } = block as { baseFeePerGas?: Hex }
  const maxPriorityFeePerGas = BigInt(tip as Hex)
  return capFees(
    { maxPriorityFeePerGas, maxFeePerGas: 2n * BigInt(baseFeePerGas ?? 0) + maxPriorityFeePerGas },
    most,
  )
}

/** Returns fees for a replacement of `old`: higher than it by what nodes demand, at least `suggested`. */
export function bumpFees(old: Fees, suggested: Fees, most: bigint): Fees {
  const raised = (value: bigint) => value + (value * BUMP_PERCENT) / 100n + 1n
  return capFees(
    {
      maxFeePerGas: larger(raised(old.maxFeePerGas), suggested.maxFeePerGas),
      maxPriorityFeePerGas: larger(raised(old.maxPriorityFeePerGas), suggested.maxPriorityFeePerGas),
    },
    most,
  )
}

/** Tells whether nodes would take `fees` in the place of `old`. */
export function outbids(fees: Fees, old: Fees): boolean {
  const enough = (value: bigint, before: bigint) => value * 8n >= before * 9n
  return (
    enough(fees.maxFeePerGas, old.maxFeePerGas) && enough(fees.maxPriorityFeePerGas, old.maxPriorityFeePerGas)
  )
}

function capFees(fees: Fees, most: bigint): Fees {
  const maxFeePerGas = smaller(fees.maxFeePerGas, most)
  return { maxFeePerGas, maxPriorityFeePerGas: smaller(fees.maxPriorityFeePerGas, maxFeePerGas) }
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}
