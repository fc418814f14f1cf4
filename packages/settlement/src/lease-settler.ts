import { errorCode, type Hex } from '@souk/protocol'
import type { Head } from './chain-clock.ts'
import type { EscrowReader } from './escrow-reader.ts'
import type { LeaseOnChain } from './escrow-reads.ts'
import { type ExposurePolicy, exposedTooMuch } from './exposure.ts'
import {
  type DueCall,
  type LeaseCall,
  type LeaseTransaction,
  leaseTransactions,
  partOf,
  redeemPart,
} from './lease-transactions.ts'
import { pause } from './pause.ts'
import type { TransactionSender } from './transaction-sender.ts'

/** A lease whose money is not settled yet. */
export interface LeaseCase {
  readonly lease: Hex
  /** Told what the chain shows, at every look and before any case decides. */
  seen(state: LeaseOnChain, head: Head): Promise<void> | void
  /** Decides what to send now; told again at the next look until the chain shows its effect. */
  next(state: LeaseOnChain, head: Head): LeaseCall | null
}

export interface LeaseSettlerOptions {
  readonly reader: EscrowReader
  readonly sender: Pick<TransactionSender, 'submit' | 'carried'>
  readonly escrow: Hex
  /** Every unsettled lease; read at each look. */
  cases(): Iterable<LeaseCase>
  /** When vouchers of leases that run are redeemed; without it they wait for the end of their lease. */
  readonly exposure?: ExposurePolicy & {
    /** Returns what a unit of gas costs now, in wei. */
    feePerGas(): Promise<bigint>
  }
  /** Hears of a look or a transaction that failed; the next look tries again. */
  readonly onProblem: (sentence: string, error: unknown) => void
}

/** Settles leases: at each look it reads all of them as of one block and sends what is due in few transactions. */
export interface LeaseSettler {
  /** Looks within `GATHER_MS`; while a look is under way another one is queued, never two. */
  look(head: Head): Promise<void>
  /** Ends what is under way, also where no endpoint answers; what was submitted goes on with the sender. */
  stop(): Promise<void>
}

/**
 * Milliseconds from being asked to looking: leases that begin together are opened in one transaction, and the
 * look does not delay the first task of the lease that asked for it.
 */
const GATHER_MS = 50
/** Leases read at once: far below what the client lets wait, so that a long list starves nobody. */
const READ_AT_ONCE = 500

/** Makes the settler of one process; it does nothing until asked to look. */
export function createLeaseSettler(options: LeaseSettlerOptions): LeaseSettler {
  let running: Promise<void> | undefined
  let again: Head | undefined
  const stopping = new AbortController()
  const { signal } = stopping
  const lookOrTell = (head: Head) =>
    lookOnce(options, head, signal).catch((error) => {
      if (!signal.aborted) options.onProblem('the chain was not read', error)
    })
  const run = async (head: Head) => {
    for (let next: Head | undefined = head; next !== undefined; next = again) {
      await pause(GATHER_MS, signal).catch(() => {})
      if (signal.aborted) break
      next = again ?? next
      again = undefined
      await lookOrTell(next)
      if (again === undefined) break
    }
    running = undefined
  }
  return {
    look(head) {
      if (running !== undefined) again = head
      else running = run(head)
      return running ?? Promise.resolve()
    },
    async stop() {
      stopping.abort()
      await running
    },
  }
}

interface Seen {
  readonly one: LeaseCase
  readonly state: LeaseOnChain
}

async function lookOnce(options: LeaseSettlerOptions, head: Head, signal: AbortSignal): Promise<void> {
  const seen = await readCases(options, head, signal)
  for (const { one, state } of seen) await one.seen(state, head)
  for (const transaction of leaseTransactions(await dueCalls(options, seen, head)))
    await submit(options, transaction, signal)
}

/** Reads as of the head's block: an endpoint that lags behind it fails instead of showing what was. */
async function readCases(options: LeaseSettlerOptions, head: Head, signal: AbortSignal): Promise<Seen[]> {
  const cases = [...options.cases()]
  const seen: Seen[] = []
  for (let at = 0; at < cases.length; at += READ_AT_ONCE) {
    const read = async (one: LeaseCase) => ({
      one,
      state: await options.reader.leaseState(one.lease, { block: head.number, signal }),
    })
    seen.push(...(await Promise.all(cases.slice(at, at + READ_AT_ONCE).map(read))))
  }
  return seen
}

/** Asks every case, and leaves out what is under way or may wait. */
async function dueCalls(options: LeaseSettlerOptions, seen: readonly Seen[], head: Head): Promise<DueCall[]> {
  const carried = options.sender.carried(head.number)
  const due: DueCall[] = []
  const waiting: (DueCall & { worth: bigint })[] = []
  for (const { one, state } of seen) {
    const call = one.next(state, head)
    if (call === null || carried.has(partOf({ lease: one.lease, call }))) continue
    if (call.call !== 'redeem' || !call.mayWait) due.push({ lease: one.lease, call })
    else if (!carried.has(redeemPart(one.lease)))
      waiting.push({ lease: one.lease, call, worth: worthOf(call, state) })
  }
  const { exposure } = options
  if (exposure === undefined || waiting.length === 0) return due
  const feePerGas = exposure.unitsPerCoin > 0n ? await exposure.feePerGas() : 0n
  return [...due, ...exposedTooMuch(waiting, exposure, feePerGas)]
}

/** Base units that redeeming would pay at the state's block: the contract's cap, rounded down, less what is paid. */
function worthOf({ redemption }: Extract<LeaseCall, { call: 'redeem' }>, state: LeaseOnChain): bigint {
  const { quote, voucher } = redemption
  const earned = (quote.rate * BigInt(state.elapsedSeconds + quote.prepay)) / 10n ** 12n
  const cap = quote.startFee + earned
  const most = cap < quote.deposit ? cap : quote.deposit
  return (voucher.cumulative < most ? voucher.cumulative : most) - state.paid
}

async function submit(options: LeaseSettlerOptions, transaction: LeaseTransaction, signal: AbortSignal) {
  const { purpose } = transaction
  await options.sender.submit({ ...transaction, to: options.escrow }, { signal }).catch((error) => {
    if (!signal.aborted) options.onProblem(`${purpose} was not sent (${errorCode(error)})`, error)
  })
}
