import { errorCode, type Hex, type Quote } from '@souk/protocol'
import type { Head } from './chain-clock.ts'
import { escrowData, type Opening, type Redemption } from './escrow-calls.ts'
import type { EscrowReader } from './escrow-reader.ts'
import type { LeaseOnChain } from './escrow-reads.ts'
import { pause } from './pause.ts'
import type { TransactionSender } from './transaction-sender.ts'

/** One transaction for one lease, as its side decided. */
export type LeaseCall =
  | { readonly call: 'open'; readonly opening: Opening }
  | { readonly call: 'redeem'; readonly redemption: Redemption }
  | {
      readonly call: 'closeCooperative'
      readonly quote: Quote
      readonly paid: bigint
      readonly provider: Hex
      readonly requester: Hex
    }
  | { readonly call: 'startClose' | 'finalize'; readonly quote: Quote }

/** A lease whose money is not settled yet. */
export interface LeaseCase {
  readonly lease: Hex
  /** Told what the chain shows, at every look. */
  seen(state: LeaseOnChain, head: Head): Promise<void> | void
  /** Decides what to send now; told again at the next look until the chain shows its effect. */
  next(state: LeaseOnChain, head: Head): LeaseCall | null
}

export interface LeaseSettlerOptions {
  readonly reader: EscrowReader
  readonly sender: TransactionSender
  readonly escrow: Hex
  /** Every unsettled lease; read at each look. */
  cases(): Iterable<LeaseCase>
  /** Hears of a look or a transaction that failed; the next look tries again. */
  readonly onProblem: (sentence: string, error: unknown) => void
}

/** Settles leases: at each look it reads all of them in one request and sends what is due in few transactions. */
export interface LeaseSettler {
  /** Looks within `GATHER_MS`; while a look is under way another one is queued, never two. */
  look(head: Head): Promise<void>
  stop(): Promise<void>
}

/** Openings or redemptions in one transaction: ten already cost little more than half a one each. */
const BATCH = 32

/**
 * Milliseconds from being asked to looking: leases that begin together are opened in one transaction, and the
 * look does not delay the first task of the lease that asked for it.
 */
const GATHER_MS = 50

/** Makes the settler of one process; it does nothing until asked to look. */
export function createLeaseSettler(options: LeaseSettlerOptions): LeaseSettler {
  let running: Promise<void> | undefined
  let again: Head | undefined
  const stopping = new AbortController()
  const run = async (head: Head) => {
    for (let next: Head | undefined = head; next !== undefined; next = again) {
      await pause(GATHER_MS, stopping.signal).catch(() => {})
      if (stopping.signal.aborted) break
      next = again ?? next
      again = undefined
      await lookOnce(options, next).catch((error) => options.onProblem('the chain was not read', error))
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

async function lookOnce(options: LeaseSettlerOptions, head: Head): Promise<void> {
  const cases = [...options.cases()]
  const states = await Promise.all(cases.map((one) => options.reader.leaseState(one.lease)))
  const due: LeaseCall[] = []
  for (const [i, one] of cases.entries()) {
    const state = states[i]
    if (state === undefined) continue
    await one.seen(state, head)
    const call = one.next(state, head)
    if (call !== null) due.push(call)
  }
  for (const { purpose, data } of transactions(due)) {
    await options.sender.submit({ purpose, to: options.escrow, data }).catch((error) => {
      options.onProblem(`${purpose} was not sent (${errorCode(error)})`, error)
    })
  }
}

/** Joins openings, and redemptions, into batches; the escrow skips those of a batch that fail. */
function* transactions(due: readonly LeaseCall[]): Generator<{ purpose: string; data: Hex }> {
  const openings = due.flatMap((one) => (one.call === 'open' ? [one.opening] : []))
  for (const some of inBatches(openings)) {
    const [only] = some
    if (some.length === 1 && only !== undefined)
      yield { purpose: 'open a lease', data: escrowData.open(only) }
    else yield { purpose: `open ${some.length} leases`, data: escrowData.openMany(some) }
  }
  const redemptions = due.flatMap((one) => (one.call === 'redeem' ? [one.redemption] : []))
  for (const some of inBatches(redemptions)) {
    const [only] = some
    if (some.length === 1 && only !== undefined)
      yield { purpose: 'redeem a voucher', data: escrowData.redeem(only) }
    else yield { purpose: `redeem ${some.length} vouchers`, data: escrowData.redeemMany(some) }
  }
  for (const one of due) {
    if (one.call === 'closeCooperative') {
      const data = escrowData.closeCooperative(one.quote, one.paid, one.provider, one.requester)
      yield { purpose: 'close a lease', data }
    } else if (one.call === 'startClose') {
      yield { purpose: 'end a lease', data: escrowData.startClose(one.quote) }
    } else if (one.call === 'finalize') {
      yield { purpose: 'finalize a lease', data: escrowData.finalize(one.quote) }
    }
  }
}

function inBatches<T>(items: readonly T[]): T[][] {
  const count = Math.ceil(items.length / BATCH)
  return Array.from({ length: count }, (_, i) => items.slice(i * BATCH, (i + 1) * BATCH))
}
