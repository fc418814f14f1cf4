import {
  type AttemptRow,
  accepted,
  attempts,
  type JobRow,
  jobs,
  type Purchase,
  purchases,
  type ServiceRow,
  vouchers,
} from '@souk/engine'
import { type Hex, UNDECIDABLE } from '@souk/protocol'
import type { Journal } from '@souk/storage'
import type { CourtStatus } from './court-desk.ts'
import { readRow, readRows } from './read-rows.ts'
import { newService } from './service-level-count.ts'

/** What a lease's terms promise, in base units and seconds. */
export interface Promised {
  readonly seconds: number
  readonly rateE12: bigint
  /** What the provider puts up against downtime, what a slot costs it, how long one is, and for how many the bond does. */
  readonly bond: bigint
  readonly slotPenalty: bigint
  readonly slotSeconds: number | null
  readonly bondedSlots: number
  /** The least share of the lease's slots in service for which every slot without it is paid; `null` without a court. */
  readonly backedAvailability: number | null
  readonly resultBond: bigint
}

/** What we saw: milliseconds. */
export interface Measured {
  readonly upMs: number
  readonly degradedMs: number
  readonly downMs: number
  readonly unseenMs: number
  readonly outages: number
  readonly longestMs: number
  /** Share of what we saw in which the provider was up; `null` where we saw nothing. */
  readonly availability: number | null
}

/** What the court's watchers and juries say. */
export interface Attested {
  /** Slots in which the provider was down, as the escrow counts them. */
  readonly downSlots: number
  /** Votes in the reports that this process sent. */
  readonly votes: number
  /** Results that a jury was asked about, and how many of them were wrong. */
  readonly challenged: number
  readonly wrong: number
}

/** What the money did, in base units; `null` until the chain says. */
export interface Compensated {
  readonly paid: bigint
  readonly refund: bigint | null
  /** Half of the penalties, which comes to us, and what was burned. */
  readonly toRequester: bigint | null
  readonly burned: bigint | null
  /** Of the result bond, gone to the court. */
  readonly seized: bigint
}

/** What one lease promised, and what came of it. */
export interface LeaseReport {
  readonly lease: Hex
  readonly job: string
  readonly peerId: string
  readonly provider: Hex
  readonly subject: Hex
  readonly phase: Purchase['phase']
  readonly settled: boolean
  readonly acceptedAtMs: number
  readonly promised: Promised
  readonly measured: Measured
  readonly attested: Attested
  readonly compensated: Compensated
}

/** What a job wanted, and what came of it. */
export interface JobReport {
  readonly job: Pick<JobRow, 'id' | 'name' | 'state' | 'tasks' | 'k' | 'n' | 'deadlineMs' | 'createdAtMs'>
  readonly tasks: { readonly accepted: number; readonly failed: number; readonly open: number }
  readonly attempts: { readonly all: number; readonly failures: Readonly<Record<string, number>> }
  readonly measured: Measured
  readonly compensated: Pick<Compensated, 'paid'> & { readonly toRequester: bigint }
  readonly leases: readonly LeaseReport[]
}

/** What reports are made of. */
export interface ReportSources {
  readonly journal: Journal
  serviceOf(lease: Hex): ServiceRow | undefined
  court(): CourtStatus
  readonly blockSeconds: number
  /** Blocks of one slot; `null` where the network has no court. */
  readonly slotBlocks: number | null
}

/** Returns the report of a lease; `undefined` where the journal has none of this name. */
export async function leaseReport(sources: ReportSources, lease: Hex): Promise<LeaseReport | undefined> {
  const purchase = await readRow(sources.journal, purchases, lease)
  if (purchase === undefined) return undefined
  const voucher = await readRow(sources.journal, vouchers, lease)
  const row = sources.serviceOf(lease) ?? newService(purchase.acceptedAtMs)
  const { job, peerId, phase, settled, acceptedAtMs, quote, agreement } = purchase
  return {
    ...{ lease, job, peerId, phase, settled, acceptedAtMs },
    ...{ provider: quote.provider, subject: quote.resultSigner },
    promised: promisedBy(purchase, sources),
    measured: measuredIn([row]),
    attested: attestedOf(sources.court(), lease, row),
    compensated: {
      paid: row.closed?.paid ?? agreement?.paid ?? voucher?.cumulative ?? 0n,
      refund: row.closed?.refund ?? null,
      toRequester: row.closed?.toRequester ?? null,
      burned: row.closed?.burned ?? null,
      seized: row.seized,
    },
  }
}

/** Returns the report of a job; `undefined` where the journal has none of this name. */
export async function jobReport(sources: ReportSources, id: string): Promise<JobReport | undefined> {
  const { journal } = sources
  const row = await readRow(journal, jobs, id)
  if (row === undefined) return undefined
  const bought = [...(await readRows(journal, purchases)).values()].filter(({ job }) => job === id)
  const ordered = bought.sort((a, b) => a.acceptedAtMs - b.acceptedAtMs)
  const reports = await Promise.all(ordered.map(({ lease }) => leaseReport(sources, lease)))
  const leases = reports.flatMap((one) => one ?? [])
  const decided = [...(await readRows(journal, accepted, `${id}/`)).values()]
  const good = decided.filter(({ output }) => output !== null).length
  const { name, state, tasks, k, n, deadlineMs, createdAtMs } = row
  return {
    job: { id, name, state, tasks, k, n, deadlineMs, createdAtMs },
    tasks: { accepted: good, failed: decided.length - good, open: tasks - decided.length },
    attempts: attemptsOf([...(await readRows(journal, attempts, `${id}.`)).values()]),
    measured: measuredIn(ordered.flatMap(({ lease }) => sources.serviceOf(lease) ?? [])),
    compensated: {
      paid: leases.reduce((sum, one) => sum + one.compensated.paid, 0n),
      toRequester: leases.reduce((sum, one) => sum + (one.compensated.toRequester ?? 0n), 0n),
    },
    leases,
  }
}

/** Says what terms promise: the bond pays for the slots without service until it is used up. */
export function promisedBy(
  { quote }: Pick<Purchase, 'quote'>,
  { blockSeconds, slotBlocks }: Pick<ReportSources, 'blockSeconds' | 'slotBlocks'>,
): Promised {
  const { blocks, rate: rateE12, bond, slotPenalty, resultBond } = quote
  const bondedSlots = slotPenalty === 0n ? 0 : Number(bond / slotPenalty)
  const slots = slotBlocks === null ? 0 : Math.floor(blocks / slotBlocks)
  return {
    ...{ seconds: blocks * blockSeconds, rateE12, bond, slotPenalty, bondedSlots, resultBond },
    slotSeconds: slotBlocks === null ? null : slotBlocks * blockSeconds,
    backedAvailability: slots === 0 ? null : Math.max(0, 1 - bondedSlots / slots),
  }
}

/** Adds up what was seen of leases. */
export function measuredIn(rows: readonly ServiceRow[]): Measured {
  const sum = (key: 'upMs' | 'degradedMs' | 'downMs' | 'unseenMs' | 'outages') =>
    rows.reduce((all, row) => all + row[key], 0)
  const [upMs, degradedMs, downMs] = [sum('upMs'), sum('degradedMs'), sum('downMs')]
  const seenMs = upMs + degradedMs + downMs
  return {
    ...{ upMs, degradedMs, downMs, unseenMs: sum('unseenMs'), outages: sum('outages') },
    longestMs: Math.max(0, ...rows.map(({ longestMs }) => longestMs)),
    availability: seenMs === 0 ? null : upMs / seenMs,
  }
}

function attestedOf({ claims, disputes }: CourtStatus, lease: Hex, row: ServiceRow): Attested {
  const claim = claims.find((one) => one.lease === lease)
  const own = disputes.filter((one) => one.lease === lease && one.stage !== 'none')
  return {
    downSlots: Math.max(row.downSlots, claim?.downSlots ?? 0),
    votes: (claim?.reports ?? []).reduce((sum, { votes }) => sum + votes, 0),
    challenged: own.length,
    // A jury that agrees with the provider finds the output that was challenged.
    wrong: own.filter(({ verdict, output }) => verdict !== null && isFound(verdict.value, output)).length,
  }
}

function isFound(value: Hex, output: Hex): boolean {
  return value !== UNDECIDABLE && value !== output
}

function attemptsOf(rows: readonly AttemptRow[]): JobReport['attempts'] {
  const failures: Record<string, number> = {}
  for (const { failure } of rows) if (failure !== null) failures[failure] = (failures[failure] ?? 0) + 1
  return { all: rows.length, failures }
}
