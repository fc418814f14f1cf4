import type { Hex, Quote } from '@souk/protocol'
import type { EscrowEvent, LogPlace } from './escrow-events.ts'
import type { PlacedEvent } from './escrow-history.ts'

/** What happened to an account, as its owner would say it. */
export type WalletEntryKind =
  | 'deposit'
  | 'withdrawal'
  | 'sent'
  | 'received'
  | 'delegate-set'
  | 'delegate-revoked'
  | 'lease-opened'
  | 'payment'
  | 'lease-ending'
  | 'lease-closed'
  | 'downtime'
  | 'result-bond-lost'
  | 'watching'
  | 'stake-returned'
  | 'stake-lost'

/** One line of an account's history. */
export interface WalletEntry {
  readonly kind: WalletEntryKind
  readonly at: LogPlace
  /** Null for what concerns no lease. */
  readonly lease: Hex | null
  /** The other side of the lease or payment, the recipient, or the delegate; null where there is none. */
  readonly with: Hex | null
  /** On which side of the lease the account is; null for what concerns no lease. */
  readonly side: 'requester' | 'provider' | null
  /**
   * What the entry is about, in base units: what was paid, deposited, locked, or may be locked; the term of `watching`,
   * the slots of `downtime`; null without.
   */
  readonly amount: bigint | null
  /** Change of the free balance in base units; null where the lease's opening lies before the range. */
  readonly change: bigint | null
  /** Base units that went from provider to requester as penalty, burned part included; 0 without. */
  readonly penalty: bigint
}

interface Lease {
  readonly quote: Quote
  redeemed: bigint
  seized: boolean
}

/** Tells the history of `account` from its events in order; entries come in the same order. */
export function walletHistory(account: Hex, events: readonly PlacedEvent[]): WalletEntry[] {
  const self = account.toLowerCase() as Hex
  const leases = new Map<Hex, Lease>()
  return events.flatMap(({ event, at }) => {
    const entry = entryOf(self, event, leases)
    remember(event, leases)
    return entry === undefined ? [] : [{ ...BLANK, ...entry, at }]
  })
}

const BLANK = { lease: null, with: null, side: null, amount: null, change: 0n, penalty: 0n } as const

type Entry = Partial<WalletEntry> & Pick<WalletEntry, 'kind'>

function entryOf(self: Hex, event: EscrowEvent, leases: ReadonlyMap<Hex, Lease>): Entry | undefined {
  switch (event.kind) {
    case 'deposited':
      return { kind: 'deposit', amount: event.amount, change: event.amount }
    case 'withdrawn':
      return { kind: 'withdrawal', with: event.to, amount: event.amount, change: -event.amount }
    case 'moved':
      return moved(self, event)
    case 'delegateSet': {
      const kind = event.expiry === 0 || event.limit === 0n ? 'delegate-revoked' : 'delegate-set'
      return { kind, with: event.key, amount: event.limit }
    }
    case 'opened':
      return opened(self, event)
    case 'closed':
      return closed(self, event, leases.get(event.lease))
    default:
      return 'lease' in event ? ofLease(self, event, leases.get(event.lease)) : undefined
  }
}

function moved(self: Hex, { from, to, amount }: EscrowEvent & { kind: 'moved' }): Entry {
  if (from === to) return { kind: 'sent', with: to, amount }
  return from === self
    ? { kind: 'sent', with: to, amount, change: -amount }
    : { kind: 'received', with: from, amount, change: amount }
}

function opened(self: Hex, { lease, quote }: EscrowEvent & { kind: 'opened' }): Entry {
  const side = quote.requester === self ? 'requester' : 'provider'
  const locked = side === 'requester' ? quote.deposit : quote.bond + quote.resultBond
  return { kind: 'lease-opened', lease, side, with: otherOf(self, quote), amount: locked, change: -locked }
}

/** The escrow gives back what is left: of the deposit to the requester, of the bonds and the last pay to the provider. */
function closed(self: Hex, event: EscrowEvent & { kind: 'closed' }, known: Lease | undefined): Entry {
  const { lease, paid, refund, toRequester, toBurn } = event
  const penalty = toRequester + toBurn
  const side = event.requester === self ? 'requester' : 'provider'
  const base = {
    kind: 'lease-closed',
    lease,
    side,
    with: otherOf(self, event),
    amount: paid,
    penalty,
  } as const
  if (side === 'requester') return { ...base, change: refund + toRequester }
  if (known === undefined) return { ...base, change: null }
  const { bond, resultBond } = known.quote
  const bonds = known.seized ? bond : bond + resultBond
  return { ...base, change: bonds - penalty + paid - known.redeemed }
}

function ofLease(
  self: Hex,
  event: Extract<EscrowEvent, { lease: Hex }>,
  known: Lease | undefined,
): Entry | undefined {
  const { lease } = event
  const side = known?.quote.requester === self ? 'requester' : 'provider'
  const base = { lease, side, with: known === undefined ? null : otherOf(self, known.quote) } as const
  switch (event.kind) {
    case 'redeemed': {
      const isOurs = event.provider === self
      if (!isOurs && known === undefined) return undefined
      return { ...base, kind: 'payment', amount: event.amount, change: isOurs ? event.amount : 0n }
    }
    case 'ending':
      return known === undefined ? undefined : { ...base, kind: 'lease-ending' }
    case 'downAdjusted':
      return known === undefined ? undefined : { ...base, kind: 'downtime', amount: BigInt(event.downSlots) }
    case 'seized':
      return known === undefined ? undefined : { ...base, kind: 'result-bond-lost', amount: event.amount }
    default:
      return undefined
  }
}

function remember(event: EscrowEvent, leases: Map<Hex, Lease>): void {
  if (event.kind === 'opened') leases.set(event.lease, { quote: event.quote, redeemed: 0n, seized: false })
  if (!('lease' in event)) return
  const known = leases.get(event.lease)
  if (known === undefined) return
  if (event.kind === 'redeemed') known.redeemed += event.amount
  if (event.kind === 'seized') known.seized = true
}

function otherOf(self: Hex, { provider, requester }: { provider: Hex; requester: Hex }): Hex {
  return requester === self ? provider : requester
}
