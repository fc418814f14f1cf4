import { isOver, type Purchase, type Shortage } from '@souk/engine'
import type { Budget } from './budget.ts'
import type { JobRunner } from './job-runner.ts'
import type { PurchaseRunner } from './purchase-runner.ts'
import type { TopUpFacts } from './runway-topup.ts'
import { type PaidLease, type RunwayInput, runwayWarnings } from './runway-watch.ts'

/** How far the money reaches for one job, at one block: what a command needs to decide about a top-up. */
export type RunwayReport = Omit<TopUpFacts, 'cap' | 'spent' | 'inWallet' | 'notBefore'> & {
  /** What the job waits for; null while it does not wait. */
  readonly shortage: Shortage | null
}

/** Returns a running lease as its money sees it. */
export function paidLease({ state }: PurchaseRunner, blockSeconds: number): PaidLease {
  const { lease, quote, opening } = state.purchase
  const { rate: rateE12, deposit, blocks } = quote
  const unspent = deposit - (state.voucher?.cumulative ?? quote.startFee)
  const left =
    opening === null ? null : Math.max(0, opening.block + blocks - state.head.number) * blockSeconds
  return { lease, rateE12, unspent, secondsLeft: left }
}

/** Returns the longest that the running jobs still need; null where one of them cannot tell. */
export function neededSeconds(jobs: Iterable<JobRunner>): number | null {
  const running = [...jobs].filter(({ job }) => job.row.state === 'running')
  const each = running.map((job) => job.secondsToDo())
  return each.includes(null) ? null : Math.max(0, ...each.map((seconds) => seconds ?? 0))
}

/** Returns base units that come back within blocks: of leases whose close both sides have signed. */
export function returning(purchases: Iterable<Purchase>): bigint {
  return [...purchases].reduce((sum, { phase, settled, agreement, quote, opening }) => {
    const isComing =
      isOver(phase) && !settled && opening !== null && agreement !== null && agreement.peer !== null
    return isComing ? sum + quote.deposit - agreement.paid : sum
  }, 0n)
}

/** Returns what a top-up for one job is decided on. */
export function runwayReport(
  runner: JobRunner,
  budget: Budget,
  input: RunwayInput,
  comingBack: bigint,
): RunwayReport {
  const { funds, reserved } = budget
  const { shortage } = runner
  const deposits = [...runner.leases.values()].map((lease) => lease.state.purchase.quote.deposit)
  const largest = deposits.reduce((a, b) => (a > b ? a : b), 0n)
  const isLow = runwayWarnings(input).some(({ what }) => what === 'balance' || what === 'limit')
  const low = isLow
    ? { wanted: largest * BigInt(runner.leases.size), least: largest }
    : { wanted: 0n, least: 0n }
  const money = shortage === null ? low : { wanted: shortage.needed, least: shortage.needed }
  return {
    ...{ block: funds.block, free: funds.free, limitLeft: funds.limitLeft, reserved },
    isExpired: funds.expirySeconds !== null && funds.atSeconds >= funds.expirySeconds,
    ...{ ...money, returning: comingBack, shortage },
  }
}
