import type { Shortage } from '@souk/engine'
import type { Cover } from '@souk/settlement'

/** What the chain lets the requester's key lock, at one block. */
export interface Funds {
  /** Free ledger balance of the account in base units. */
  readonly free: bigint
  /** Base units that the key may lock more by its limit; null where the key is the account itself. */
  readonly limitLeft: bigint | null
  /** Unix seconds from which the key may open no more leases; null where the key is the account itself. */
  readonly expirySeconds: number | null
  /** Time and number of the block. */
  readonly atSeconds: number
  readonly block: number
}

/** Nothing, before the chain was read. */
export const NO_FUNDS: Funds = { free: 0n, limitLeft: null, expirySeconds: null, atSeconds: 0, block: 0 }

/** Returns what a cover read at `head` means for the next leases. */
export function fundsOf(
  { free, delegate }: Pick<Cover, 'free' | 'delegate'>,
  head: { number: number; timestampSeconds: number },
): Funds {
  const at = { atSeconds: head.timestampSeconds, block: head.number }
  if (delegate === null) return { free, limitLeft: null, expirySeconds: null, ...at }
  const limitLeft = atLeastZero(delegate.limit - delegate.inUse)
  return { free, limitLeft, expirySeconds: delegate.expiry, ...at }
}

/** Returns the base units that may be locked: the balance within the key's limit, until the key expires. */
export function lockableFunds(funds: Funds): bigint {
  if (isExpired(funds)) return 0n
  const { free, limitLeft } = funds
  return limitLeft !== null && limitLeft < free ? limitLeft : free
}

/** Returns why `needed` base units cannot be locked beside those promised already; null where they can. */
export function shortageOf(funds: Funds, promised: bigint, needed: bigint): Shortage | null {
  if (isExpired(funds)) return { lacks: 'expiry', needed, available: 0n }
  const available = atLeastZero(lockableFunds(funds) - promised)
  if (available >= needed) return null
  const { free, limitLeft } = funds
  return { lacks: limitLeft !== null && limitLeft < free ? 'limit' : 'balance', needed, available }
}

function isExpired({ expirySeconds, atSeconds }: Funds): boolean {
  return expirySeconds !== null && atSeconds >= expirySeconds
}

function atLeastZero(amount: bigint): bigint {
  return amount > 0n ? amount : 0n
}
