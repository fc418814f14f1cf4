import {
  type ChainLease,
  newMemory,
  orderPurchase,
  orderSale,
  purchases,
  type SettlementMemory,
  type SettlementOrder,
  sales,
  vouchers,
} from '@souk/engine'
import type { Hex } from '@souk/protocol'
import type { ChainModel } from './chain-model.ts'
import type { EscrowCall } from './escrow-model.ts'
import type { Buyer, Party, Seller } from './party.ts'

/** Shows the requester's programs what the chain has, and sends what is due, as its settler does. */
export function settlePurchases(buyer: Buyer, chain: ChainModel): void {
  const { process, journal } = buyer
  process?.broadcast({ type: 'head', head: chain.head })
  for (const [lease, purchase] of journal.all(purchases)) {
    const look = lookAt(chain, purchase.lease)
    const opened = chain.escrow.leases.get(purchase.lease)?.opened
    const running = process?.leases.get(purchase.lease)
    if (opened !== undefined && running?.state.purchase.opening === null)
      running.worker.post({ type: 'opened', ...opened })
    const voucher = journal.one(vouchers, lease) ?? null
    const memory = memoryOf(buyer, purchase.lease)
    send(chain, purchase.lease, orderPurchase(purchase, voucher, look, chain.head, memory), true)
  }
}

/** Does the same for a provider. */
export function settleSales(seller: Seller, chain: ChainModel): void {
  const { process, journal } = seller
  process?.broadcast({ type: 'head', head: chain.head })
  for (const [lease, sale] of journal.all(sales)) {
    const look = lookAt(chain, sale.lease)
    const running = process?.leases.get(sale.lease)
    const opened = chain.escrow.leases.get(sale.lease)?.opened
    if (running !== undefined) {
      const knows = running.state.sale.opening !== null
      if (opened !== undefined && !knows) running.worker.post({ type: 'opened', ...opened })
      if (opened === undefined && knows) running.worker.post({ type: 'unopened' })
      if (look.status !== 'none' && look.status !== 'open') running.worker.post({ type: 'ended-on-chain' })
    }
    const voucher = journal.one(vouchers, lease) ?? null
    const order = orderSale(sale, voucher, look, chain.head, memoryOf(seller, sale.lease))
    send(chain, sale.lease, order, false)
  }
}

function lookAt({ escrow, head }: ChainModel, lease: Hex): ChainLease {
  return escrow.look(lease, { block: head.number, timestampSeconds: head.timestampSeconds })
}

function memoryOf({ memories }: Party<unknown>, lease: Hex): SettlementMemory {
  const memory = memories.get(lease) ?? newMemory()
  memories.set(lease, memory)
  return memory
}

function send(chain: ChainModel, lease: Hex, order: SettlementOrder | null, byRequester: boolean): void {
  // What may wait is only offered: here a voucher is redeemed at its lease's end.
  if (order === null || order.mayWait) return
  chain.submit(callOf(lease, order, byRequester))
}

function callOf(
  lease: Hex,
  { call, quote, voucher, paid }: SettlementOrder,
  byRequester: boolean,
): EscrowCall {
  switch (call) {
    case 'open':
      return { call, lease, quote }
    case 'redeem':
      return { call, lease, cumulative: voucher?.cumulative ?? 0n }
    case 'startClose':
      return { call, lease, byRequester }
    case 'finalize':
      return { call, lease }
    case 'closeCooperative':
      return { call, lease, paid }
  }
}
