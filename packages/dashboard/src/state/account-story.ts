import type { Hex, Quote } from '@souk/protocol'
import type { PlacedEvent } from '@souk/settlement'

export type Role = 'buying' | 'selling'

/** One lease of the account, as the chain's events tell it. */
export interface LeaseStory {
  readonly lease: Hex
  readonly role: Role
  readonly quote: Quote
  readonly openBlock: number
  /** First block after it; may still come nearer. */
  endBlock: number
  /** Base units paid so far, and those of them by vouchers: a close by agreement pays the rest. */
  paid: bigint
  redeemed: bigint
  downSlots: number
  seized: boolean
  /** What closing it brought, `null` while it is open. */
  closed: { readonly refund: bigint; readonly toRequester: bigint; readonly toBurn: bigint } | null
}

/** What an account's events add up to. */
export interface AccountStory {
  /** By lease, in the order of opening. */
  readonly leases: ReadonlyMap<Hex, LeaseStory>
  /** Keys that the account ever authorised, in that order. */
  readonly delegates: readonly Hex[]
}

/** Adds up the events of `account`, oldest first; leases that opened before the first event are left out. */
export function tellStory(events: readonly PlacedEvent[], account: Hex): AccountStory {
  const leases = new Map<Hex, LeaseStory>()
  const delegates = new Set<Hex>()
  for (const { event, at } of events) {
    if (event.kind === 'delegateSet' && event.account === account) delegates.add(event.key)
    if (event.kind === 'opened') {
      const { lease, quote } = event
      const role = event.requester === account ? 'buying' : 'selling'
      const endBlock = at.block + quote.blocks
      const begun = { paid: 0n, redeemed: 0n, downSlots: 0, seized: false, closed: null }
      leases.set(lease, { lease, role, quote, openBlock: at.block, endBlock, ...begun })
    } else if ('lease' in event) {
      const story = leases.get(event.lease)
      if (story !== undefined) goOn(story, event)
    }
  }
  return { leases, delegates: [...delegates] }
}

function goOn(story: LeaseStory, event: PlacedEvent['event']): void {
  switch (event.kind) {
    case 'redeemed':
      story.paid = event.paid
      story.redeemed = event.paid
      break
    case 'ending':
      story.endBlock = event.endBlock
      break
    case 'downAdjusted':
      story.downSlots = event.downSlots
      break
    case 'seized':
      story.seized = true
      break
    case 'closed': {
      const { paid, refund, toRequester, toBurn } = event
      story.paid = paid
      story.closed = { refund, toRequester, toBurn }
      break
    }
    default:
  }
}

/** Returns the account's base units that one lease holds now. */
export function lockedIn({ role, quote, paid, seized, closed }: LeaseStory): bigint {
  if (closed !== null) return 0n
  if (role === 'buying') return quote.deposit - paid
  return quote.bond + (seized ? 0n : quote.resultBond)
}

/** Returns the account's base units that all its leases hold now. */
export function lockedInAll(story: AccountStory): bigint {
  return [...story.leases.values()].reduce((sum, lease) => sum + lockedIn(lease), 0n)
}

/** Returns the account's lease keys that have a lease open. */
export function keysOfOpenLeases(story: AccountStory): ReadonlySet<Hex> {
  const open = [...story.leases.values()].filter(({ closed }) => closed === null)
  return new Set(
    open.map(({ role, quote }) => (role === 'buying' ? quote.voucherSigner : quote.resultSigner)),
  )
}

/** Returns the penalty in base units that a lease has run up: half of it goes to the requester when it closes. */
export function penaltyOf({ quote, downSlots }: Pick<LeaseStory, 'quote' | 'downSlots'>): bigint {
  const counted = BigInt(downSlots) * quote.slotPenalty
  return counted < quote.bond ? counted : quote.bond
}

/** Where a lease stands at block `head`. */
export function stageOf(lease: LeaseStory, head: number): 'open' | 'ended' | 'closed' {
  if (lease.closed !== null) return 'closed'
  return head < lease.endBlock ? 'open' : 'ended'
}
