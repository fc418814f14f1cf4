/** What a top-up is decided on; amounts in base units, all as of one block. */
export interface TopUpFacts {
  /** Most that may be moved in for the job, in all. */
  readonly cap: bigint
  /** What was moved in for the job, or is on its way. */
  readonly spent: bigint
  /** Tokens of the account outside the escrow. */
  readonly inWallet: bigint
  /** Block that the facts are of. */
  readonly block: number
  /** Block from which on they show the last deposit, and every payment that was seen coming. */
  readonly notBefore: number
  readonly free: bigint
  /** What the key may lock more; null where the key is the account itself. */
  readonly limitLeft: bigint | null
  readonly isExpired: boolean
  /** Promised to leases that are not open yet. */
  readonly reserved: bigint
  /** What comes back within blocks, of leases that are being closed. */
  readonly returning: bigint
  /** What the job should be able to lock now, and the least that lets it go on; 0 where nothing runs out. */
  readonly wanted: bigint
  readonly least: bigint
}

export type TopUpDecision =
  | { readonly do: 'wait' }
  /** Move `amount` in, and let the key lock `raise` more, in one transaction. */
  | { readonly do: 'deposit'; readonly amount: bigint; readonly raise: bigint }
  /** Money is missing and may not be moved in: by the cap, for the wallet has less, or for the key has expired. */
  | { readonly do: 'refuse'; readonly why: 'cap' | 'wallet' | 'expiry'; readonly missing: bigint }

const WAIT: TopUpDecision = { do: 'wait' }

/**
 * Decides whether money is moved into the escrow: what is wanted and neither there nor coming back, within cap and
 * wallet; less where that lets the job go on; nothing where not even that is possible. The key's limit rises by at
 * most what is moved in.
 */
export function decideTopUp(facts: TopUpFacts): TopUpDecision {
  const missing = missingOf(facts, facts.wanted)
  if (missing <= 0n || facts.block < facts.notBefore) return WAIT
  if (facts.isExpired) return { do: 'refuse', why: 'expiry', missing }
  const least = larger(1n, missingOf(facts, facts.least))
  const left = facts.cap - facts.spent
  const most = smaller(left, facts.inWallet)
  if (most < least) return { do: 'refuse', why: left < least ? 'cap' : 'wallet', missing }
  const amount = smaller(missing, most)
  return { do: 'deposit', amount, raise: limitMissing(facts, facts.wanted) > 0n ? amount : 0n }
}

/** Returns what is not there and does not come by itself: by balance or by limit, whichever lacks more. */
function missingOf(facts: TopUpFacts, wanted: bigint): bigint {
  if (wanted === 0n) return 0n
  const byBalance = wanted - (facts.free + facts.returning - facts.reserved)
  const byLimit = limitMissing(facts, wanted)
  return larger(byBalance, byLimit)
}

/** What leases give back lowers what the key has in use, like what comes into the balance. */
function limitMissing({ limitLeft, returning, reserved }: TopUpFacts, wanted: bigint): bigint {
  return limitLeft === null ? 0n : wanted - (limitLeft + returning - reserved)
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}
