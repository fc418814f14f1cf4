import type { Hex } from '@souk/protocol'
import { type BlockRange, type PlacedEvent, readEscrowEvents } from './escrow-history.ts'
import { readReceipt } from './receipt.ts'
import type { Rpc } from './rpc.ts'

/** The gas that one lease took, all senders together. */
export interface LeaseGas {
  readonly gas: bigint
  readonly transactions: readonly {
    readonly hash: Hex
    readonly events: readonly string[]
    readonly gas: bigint
  }[]
}

/**
 * Returns the gas of every lease that the escrow's events of `range` name.
 *
 * A transaction that concerns several leases is split evenly; units that do not divide go to the first ones,
 * so that the sum is what was really used.
 */
export async function gasOfLeases(
  rpc: Rpc,
  escrow: Hex,
  range: BlockRange,
  signal: AbortSignal,
): Promise<Map<Hex, LeaseGas>> {
  const touched = leasesByTransaction(await readEscrowEvents(rpc, escrow, range, signal))
  const shares = await Promise.all(
    [...touched].map(async ([hash, leases]) => {
      const receipt = await readReceipt(rpc, hash, signal)
      return { hash, leases, parts: splitEvenly(receipt?.gasUsed ?? 0n, leases.size) }
    }),
  )
  const report = new Map<Hex, LeaseGas>()
  for (const { hash, leases, parts } of shares) {
    for (const [index, [lease, events]] of [...leases].entries()) {
      const gas = parts[index] ?? 0n
      const before = report.get(lease) ?? { gas: 0n, transactions: [] }
      report.set(lease, {
        gas: before.gas + gas,
        transactions: [...before.transactions, { hash, events, gas }],
      })
    }
  }
  return report
}

/** Splits `total` into `parts` integers that differ by at most one and add up to it, the larger ones first. */
export function splitEvenly(total: bigint, parts: number): bigint[] {
  const count = BigInt(parts)
  return Array.from({ length: parts }, (_, i) => total / count + (BigInt(i) < total % count ? 1n : 0n))
}

function leasesByTransaction(events: readonly PlacedEvent[]): Map<Hex, Map<Hex, string[]>> {
  const transactions = new Map<Hex, Map<Hex, string[]>>()
  for (const { event, at } of events) {
    if (!('lease' in event)) continue
    const leases = transactions.get(at.transaction) ?? new Map<Hex, string[]>()
    transactions.set(at.transaction, leases)
    leases.set(event.lease, [...(leases.get(event.lease) ?? []), event.kind])
  }
  return transactions
}
