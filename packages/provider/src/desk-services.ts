import type { Context, Cover, Head, Host, Sale, SellingPolicy, VoucherRow } from '@souk/engine'
import type { SoukNode } from '@souk/network'
import type { Hex, Terms } from '@souk/protocol'
import type { BlockStore, Journal } from '@souk/storage'
import type { EvidenceShelf } from './evidence-shelf.ts'
import type { ExecutorPool } from './executor-pool.ts'
import type { Fault } from './fault.ts'
import type { Log } from './log.ts'
import type { SaleRunner } from './sale-runner.ts'

/** What the desk works with; all of it belongs to the provider process. */
export interface DeskServices {
  readonly context: Context
  readonly node: SoukNode
  readonly journal: Journal
  readonly blocks: BlockStore
  readonly host: Host
  readonly policy: SellingPolicy
  readonly executors: ExecutorPool
  /** `null` where no court can judge a result. */
  readonly evidence: EvidenceShelf | null
  readonly fault: Fault | null
  readonly log: Log
  /** Accounts that have settled a lease with us before: their results are not held back. */
  readonly known: Set<Hex>
  clock(): number
  /** Milliseconds since the epoch, for people. */
  dateMs(): number
  /** Tells whether the date can be trusted: reservations end by it. */
  isDateRight(): boolean
  random(bytes: number): Hex
  /** The newest head, or `null` while the chain cannot be reached. */
  head(): Head | null
  /** Reads the requester's money from the chain. */
  cover(account: Hex, key: Hex): Promise<Cover>
  /** Returns why an engine cannot use the GPUs of these terms on this machine, or `undefined`. */
  unreachable(terms: Terms): string | undefined
  /** A lease was journalled: follow it on the chain. */
  began(runner: SaleRunner): void
  /** A reservation was journalled: follow it on the chain. */
  follow(sale: Sale, voucher: () => VoucherRow | null): void
  /** Free capacity or the set of leases changed. */
  changed(): void
  /** A lease began or ended: look at the chain soon. */
  settle(): void
  fatal(error: unknown): void
}
