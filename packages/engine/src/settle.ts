import { LIMITS } from '@souk/protocol'
import type { Head } from './program.ts'
import { type Agreement, isOver, type LeasePhase } from './records.ts'

/** A lease as the escrow shows it. */
export interface ChainLease {
  /** `ended`: service is over, SETTLE runs; `finalizable`: SETTLE has passed. */
  readonly status: 'none' | 'open' | 'ended' | 'finalizable' | 'closed'
  /** Base units paid to the provider so far. */
  readonly paid: bigint
  /** Seconds that count for the pay cap. */
  readonly elapsedSeconds: number
}

/** The next transaction that one side should send for a lease. */
export type SettlementCall = 'open' | 'closeCooperative' | 'redeem' | 'startClose' | 'finalize'

/** What one side knows about a lease when it decides what to send. */
export interface Standing {
  readonly side: 'requester' | 'provider'
  readonly phase: LeasePhase
  readonly openBefore: number
  readonly agreement: Agreement | null
  /** Cumulative amount of the newest voucher; zero without one. */
  readonly cumulative: bigint
  /** What of it the escrow would pay in all by now; less than `cumulative` where a voucher states too much. */
  readonly redeemable: bigint
  readonly chain: ChainLease
  /** The requester gathers evidence for the court: to close now would waive it. */
  readonly holds: boolean
  /** The other side's key has no coins for transactions: what it would send is left to us at once. */
  readonly peerIsBroke?: boolean
  /** The last call sent and the block of the head then. */
  readonly last: { readonly call: SettlementCall; readonly block: number } | null
}

/** Blocks that the side with less at stake leaves to the other before it sends the same call itself. */
const PATIENCE_BLOCKS = 20
/** A part of a voucher is redeemed when it is at least one in this many of what is paid already. */
const LEAST_PART = 4n
/** Blocks after which a call that had no effect is sent again. */
const RETRY_BLOCKS = 10

/**
 * Returns the transaction to send now, or `null`.
 *
 * Computed from the journal and the chain alone, so that a restarted process takes up where it stopped: the
 * requester opens and closes, the provider redeems; each does the other's part when that stays away
 * (PROTOCOL §10). `sinceBlock` is the head when the lease reached its present phase.
 */
export function nextCall(standing: Standing, head: Head, sinceBlock: number): SettlementCall | null {
  const call = wantedCall(standing, head, sinceBlock)
  const { last } = standing
  if (call === null || last === null || last.call !== call || mayWait(standing, call)) return call
  return head.number - last.block >= RETRY_BLOCKS ? call : null
}

/**
 * Tells whether a call is offered rather than due: while a lease runs its voucher may still grow, and whoever sends
 * the transactions redeems it when so much is exposed that it is worth the gas (PROTOCOL §10).
 */
export function mayWait({ phase, chain }: Standing, call: SettlementCall): boolean {
  return call === 'redeem' && chain.status === 'open' && !isOver(phase)
}

function wantedCall(standing: Standing, head: Head, sinceBlock: number): SettlementCall | null {
  const { chain, side } = standing
  const patient = head.number - sinceBlock >= PATIENCE_BLOCKS
  const mine = (owner: Standing['side']) => side === owner || patient || standing.peerIsBroke === true
  switch (chain.status) {
    case 'closed':
      return null
    case 'none':
      return wantsOpening(standing, head) && (mine('requester') || isLate(standing, head)) ? 'open' : null
    case 'open':
      if (isOver(standing.phase)) return standing.holds ? null : closingCall(standing, head, mine)
      return wantsRedeem(standing) ? 'redeem' : null
    case 'ended':
      // Redeemed first: a close that the escrow refuses must not use up the time in which vouchers count.
      if (wantsRedeem(standing)) return 'redeem'
      return isAgreed(standing) && !standing.holds && mine('requester') ? 'closeCooperative' : null
    case 'finalizable':
      if (wantsRedeem(standing)) return 'redeem'
      return mine('requester') ? 'finalize' : null
  }
}

/** Half of the time for opening is over: the provider relays what the requester has not sent. */
function isLate({ openBefore }: Standing, head: Head): boolean {
  return head.timestampSeconds >= openBefore - LIMITS.openBeforeSeconds / 2
}

function closingCall(
  standing: Standing,
  head: Head,
  mine: (owner: Standing['side']) => boolean,
): SettlementCall | null {
  if (isAgreed(standing) && !(wantsRedeem(standing) && hasFailed(standing, head)))
    return mine('requester') ? 'closeCooperative' : null
  if (wantsRedeem(standing)) return 'redeem'
  return mine('requester') ? 'startClose' : null
}

function isAgreed({ agreement }: Standing): boolean {
  return agreement !== null && agreement.peer !== null
}

/** Tells whether our cooperative close had no effect: the escrow refuses amounts above what it would pay. */
function hasFailed({ last }: Standing, head: Head): boolean {
  return last?.call === 'closeCooperative' && head.number - last.block >= RETRY_BLOCKS
}

function wantsOpening({ phase, openBefore, agreement, cumulative }: Standing, head: Head): boolean {
  if (head.timestampSeconds >= openBefore || phase === 'accepted') return false
  return phase !== 'lost' || agreement !== null || cumulative > 0n
}

/**
 * Tells whether a redemption would pay: all that is left, or a part that is worth a transaction. A voucher beyond the
 * escrow's cap becomes payable second by second; taking each would cost gas without end and keep the lease from its
 * end.
 */
function wantsRedeem({ side, cumulative, redeemable, chain }: Standing): boolean {
  const rest = redeemable - chain.paid
  if (side !== 'provider' || rest <= 0n) return false
  return redeemable === cumulative || rest * LEAST_PART >= chain.paid
}
