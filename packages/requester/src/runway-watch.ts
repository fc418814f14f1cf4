import type { Hex } from '@souk/protocol'
import { durationWords, runwayOf } from '@souk/settlement'
import type { Funds } from './funds.ts'

/** What runs out: the free balance, the key's limit or its life, its native coins, or one lease. */
export interface RunwayWarning {
  readonly what: 'balance' | 'limit' | 'expiry' | 'gas' | 'lease'
  /** The lease that ends; null elsewhere. */
  readonly lease: Hex | null
  /** Whole seconds that it lasts, rounded down; null for coins. */
  readonly secondsLeft: number | null
  /** Rounds of transactions that the coins pay for; null elsewhere. */
  readonly roundsLeft: bigint | null
}

/** A lease that is open and pays. */
export interface PaidLease {
  readonly lease: Hex
  /** Base units × 1e12 per second. */
  readonly rateE12: bigint
  /** Base units of its deposit that no voucher has promised yet. */
  readonly unspent: bigint
  /** Seconds until its last block; null before the escrow opened it. */
  readonly secondsLeft: number | null
}

/** What the running jobs have, spend and need, at one block. */
export interface RunwayInput {
  readonly funds: Funds
  /** Base units promised to leases that are not open yet. */
  readonly reserved: bigint
  readonly leases: readonly PaidLease[]
  /** Seconds that the jobs still need; null where nobody can tell. */
  readonly neededSeconds: number | null
  /** Rounds of transactions that the key's coins pay for; null where it sends none. */
  readonly roundsLeft: bigint | null
}

/** Seconds before the end of money, limit or key of which people are told: time for a deposit by hand. */
const WARN_SECONDS = 600
/** The same for the end of one lease, after which the job goes on with another. */
const LEASE_WARN_SECONDS = 60
/** Rounds of transactions of which people are told. */
const LOW_ROUNDS = 5n

/** Returns what runs out before the running jobs are done; nothing where they need no more than there is. */
export function runwayWarnings(input: RunwayInput): RunwayWarning[] {
  const gas = gasWarning(input.roundsLeft)
  const rateE12 = input.leases.reduce((sum, one) => sum + one.rateE12, 0n)
  if (rateE12 === 0n) return gas
  const isShort = (secondsLeft: number, warnSeconds: number) =>
    secondsLeft < Math.min(warnSeconds, input.neededSeconds ?? warnSeconds)
  const lasting = secondsOf(input, rateE12).filter(({ secondsLeft }) => isShort(secondsLeft, WARN_SECONDS))
  const leases = input.leases.flatMap(({ lease, secondsLeft }) =>
    secondsLeft !== null && isShort(secondsLeft, LEASE_WARN_SECONDS)
      ? [{ what: 'lease' as const, lease, secondsLeft, roundsLeft: null }]
      : [],
  )
  const money = lasting.map((one) => ({ ...one, lease: null, roundsLeft: null }))
  return [...money, ...leases, ...gas]
}

/** Names a warning, so that it is told once. */
export function warningKey({ what, lease }: RunwayWarning): string {
  return lease === null ? what : `${what}/${lease}`
}

/** Returns the warnings that `told` does not have, and makes `told` the present ones. */
export function untold(told: Set<string>, warnings: readonly RunwayWarning[]): RunwayWarning[] {
  const fresh = warnings.filter((one) => !told.has(warningKey(one)))
  told.clear()
  for (const one of warnings) told.add(warningKey(one))
  return fresh
}

/** Says in one sentence what runs out and what to do about it. */
export function warningWords({ what, secondsLeft, roundsLeft }: RunwayWarning): string {
  const lasts = durationWords(secondsLeft ?? 0)
  switch (what) {
    case 'balance':
      return `the money lasts for ${lasts} at what the running leases cost; deposit more`
    case 'limit':
      return `the limit of the agent's key lasts for ${lasts} at what the running leases cost; raise it`
    case 'expiry':
      return `the agent's key expires, the running leases last for ${lasts}; authorise it again`
    case 'lease':
      return `a lease ends in ${lasts}; what is not done by then goes to another`
    case 'gas':
      return roundsLeft === 0n
        ? "the agent's key has no native coins any more; providers send its transactions from now on"
        : `the native coins of the agent's key last for ${roundsLeft} more rounds of transactions; providers send them after that`
  }
}

/** Seconds that the leases could go on by balance, by limit, and by the key's life; each beyond their deposits. */
function secondsOf({ funds, reserved, leases }: RunwayInput, rateE12: bigint) {
  const committed = leases.reduce((sum, one) => sum + one.unspent, 0n)
  const lasts = (baseUnits: bigint) => {
    const free = baseUnits > reserved ? baseUnits - reserved : 0n
    const none = { nativeWei: 0n, feePerGas: 0n, gas: 0n }
    return runwayOf({ free, committed, rateE12, ...none }).secondsLeft ?? Number.MAX_SAFE_INTEGER
  }
  const { free, limitLeft, expirySeconds, atSeconds } = funds
  const balance = [{ what: 'balance' as const, secondsLeft: lasts(free) }]
  const limit = limitLeft === null ? [] : [{ what: 'limit' as const, secondsLeft: lasts(limitLeft) }]
  if (expirySeconds === null) return [...balance, ...limit]
  const secondsLeft = Math.max(0, expirySeconds - atSeconds) + lasts(0n)
  return [...balance, ...limit, { what: 'expiry' as const, secondsLeft }]
}

function gasWarning(roundsLeft: bigint | null): RunwayWarning[] {
  if (roundsLeft === null || roundsLeft >= LOW_ROUNDS) return []
  return [{ what: 'gas', lease: null, secondsLeft: null, roundsLeft }]
}
