import { type Context, isOver, type Sale, sales, type VoucherRow, vouchers } from '@souk/engine'
import type { Frame, Hex } from '@souk/protocol'
import type { Journal } from '@souk/storage'

/** A reservation as its provider keeps it. */
export interface KeptHold {
  readonly sale: Sale
  voucher: VoucherRow | null
  /** Whether a lease had its capacity: then it is kept to its end. */
  claimed: boolean
  /** Milliseconds since the epoch at which its capacity was let go; `null` while it is kept. */
  letGoAtMs: number | null
}

/** The reservations of one provider that are not over, and what the journal says of those that are. */
export class HoldBook {
  readonly #kept = new Map<Hex, KeptHold>()
  readonly #journal: Journal

  constructor(journal: Journal) {
    this.#journal = journal
  }

  get(lease: Hex): KeptHold | undefined {
    return this.#kept.get(lease)
  }

  all(): KeptHold[] {
    return [...this.#kept.values()]
  }

  set(kept: KeptHold): void {
    this.#kept.set(kept.sale.lease, kept)
  }

  delete(lease: Hex): void {
    this.#kept.delete(lease)
  }

  /** Answers about a reservation that is over: its requester may not have heard the end, or what was agreed. */
  async past(context: Context, lease: Hex): Promise<Frame> {
    const bytes = await this.#journal.get(sales.table, lease)
    const sale = bytes === undefined ? undefined : sales.codec.decode(bytes)
    if (sale?.terms.hold === undefined) return unknown(context, lease)
    return endedFrame(context, sale, sale.agreement?.own ?? null)
  }
}

/** What an earlier run left of a reservation that is not over. */
export interface UnfinishedHold {
  readonly sale: Sale
  readonly voucher: VoucherRow | null
  readonly claimed: boolean
}

/** Reads a reservation that an earlier run left; `null` where the sale is a lease, or over. */
export async function readHold(
  journal: Journal,
  sale: Sale,
  all: readonly Sale[],
): Promise<UnfinishedHold | null> {
  if (sale.terms.hold === undefined || isOver(sale.phase)) return null
  const bytes = await journal.get(vouchers.table, sale.lease)
  const voucher = bytes === undefined ? null : vouchers.codec.decode(bytes)
  return { sale, voucher, claimed: all.some((one) => isOf(one, sale)) }
}

/** Tells whether a sale is a lease of a reservation, of the same parties: anybody can name one. */
function isOf({ quote, terms }: Sale, { lease, quote: own }: Sale): boolean {
  const { requester, voucherSigner } = quote
  const isOwn = requester === own.requester && voucherSigner === own.voucherSigner
  return isOwn && terms.predecessor === lease
}

/** Says that a reservation is over, with our signature of what was agreed. */
export function endedFrame({ signer }: Context, { lease }: Sale, close: Hex | null): Frame {
  const code = close === null ? 'expired' : 'closed'
  const signature = signer.sign('Ending', { lease, code })
  return { t: 'ended', seq: 1, ack: 0, code, message: 'the reservation is over', signature, close }
}

function unknown({ signer }: Context, lease: Hex): Frame {
  const code = 'unknown-lease' as const
  const signature = signer.sign('Ending', { lease, code })
  const message = 'this provider keeps no such reservation; make another'
  return { t: 'ended', seq: 1, ack: 0, code, message, signature, close: null }
}
