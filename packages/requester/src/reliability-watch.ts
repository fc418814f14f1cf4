import { equalityOf, resultsOf } from '@souk/engine'
import type { FailureCode, Hex } from '@souk/protocol'
import type { ProvenParty } from './gpu-proof-rows.ts'
import type { JobRunner } from './job-runner.ts'
import type { JobEventReport } from './job-spec.ts'
import type { PurchaseCase } from './purchase-case.ts'
import type { PurchaseRunner } from './purchase-runner.ts'
import type { ReliabilityBook } from './reliability-book.ts'
import type { Happening } from './reliability-evidence.ts'

/** Failures that are the machine's: what is wrong with a program, and what we sent, is nobody's fault there. */
const OWN_FAILURES: readonly FailureCode[] = ['killed', 'device-lost', 'internal']
/** Endings of leases that say nothing of their provider: they are ours, or cannot be told apart. */
const SAYS_NOTHING: readonly string[] = [
  'closed while the provider was away',
  'payment-stopped',
  'requester-lost',
  'not-opened',
  'misbehaved',
]

/** What watching jobs needs of the process. */
export interface JobWatch {
  readonly reliability: Pick<ReliabilityBook, 'note'>
  readonly cases: ReadonlyMap<Hex, Pick<PurchaseCase, 'purchase'>>
  /** Leases with a channel. */
  readonly leases: ReadonlyMap<Hex, { readonly state: Pick<PurchaseRunner['state'], 'connected'> }>
  readonly node: { peers(): string[] }
}

interface Leased extends ProvenParty {
  readonly peerId: string
  /** Milliseconds since the epoch. */
  readonly beganMs: number
  /** Its work stood still once: that was its end, whatever comes of it later. */
  isDegraded: boolean
}

/** What a job shows of its providers: its events, and the state that they are about. */
export type WatchedJob = Pick<JobRunner, 'job' | 'subscribe'>

/** Notes what a job sees of its providers, from now on. */
export function watchJob(runner: WatchedJob, watch: JobWatch): () => void {
  const leased = new Map<Hex, Leased>()
  return runner.subscribe((event) => {
    if (event.kind === 'lease') leased.set(event.lease, begun(event, watch))
    else if (event.kind === 'accepted') noteAccepted(runner, event.index, watch)
    else if (isAboutLease(event)) {
      const party = leased.get(event.lease)
      const seen = party === undefined ? null : happeningOf(event, party, watch)
      if (party !== undefined && seen !== null) watch.reliability.note(party, seen)
    }
  })
}

type OfLease = Extract<JobEventReport, { kind: 'caught' | 'failed' | 'suspect' | 'lease-over' }>

function isAboutLease(event: JobEventReport): event is OfLease {
  return ['caught', 'failed', 'suspect', 'lease-over'].includes(event.kind)
}

function begun(event: Extract<JobEventReport, { kind: 'lease' }>, { cases }: JobWatch): Leased {
  const { lease, provider: account, subject, peerId, atMs } = event
  return {
    account,
    subject,
    peerId,
    beganMs: cases.get(lease)?.purchase.acceptedAtMs ?? atMs,
    isDegraded: false,
  }
}

/** Returns what an event says of its lease's provider; null where it says nothing. */
function happeningOf(event: OfLease, party: Leased, watch: JobWatch): Happening | null {
  if (event.kind === 'caught') return { kind: 'convicted' }
  if (event.kind === 'failed') return isItsFault(event) ? { kind: 'failed' } : null
  if (party.isDegraded) return null
  const ageMs = Math.max(0, event.atMs - party.beganMs)
  if (event.kind === 'suspect') {
    // Of the silent nobody knows yet; a machine that says itself that its hardware fails loses its attempts.
    party.isDegraded = event.reason === 'no-progress'
    return party.isDegraded ? { kind: 'degraded', ageMs } : null
  }
  if (SAYS_NOTHING.includes(event.why)) return null
  if (event.why === 'drained') return { kind: 'left', ageMs }
  if (event.phase === 'closed' && event.why !== 'restarted') return { kind: 'finished', ageMs }
  return isCutOff(event.lease, party, watch) ? null : { kind: 'lost', ageMs }
}

/** What our own store could not keep is reported with the same code. */
function isItsFault({ code, message }: Extract<JobEventReport, { kind: 'failed' }>): boolean {
  const isOurs = message.startsWith('the content of the result could not be kept')
  return OWN_FAILURES.some((one) => one === code) && !isOurs
}

/** Tells whether it may be us who are gone: nobody else is there either. */
function isCutOff(lease: Hex, { peerId }: Leased, { leases, node }: JobWatch): boolean {
  const others = [...leases].filter(([id]) => id !== lease)
  if (others.length > 0) return others.every(([, { state }]) => !state.connected)
  return !node.peers().some((peer) => peer !== peerId)
}

/** Everyone whose result equals the accepted one did what it was asked; where others came to the same, rightly. */
function noteAccepted({ job }: WatchedJob, index: number, { reliability }: JobWatch): void {
  const task = job.tasks[index]
  if (task === undefined || task.output === null) return
  const { output } = task
  const isEqual = equalityOf(job, task)
  const kind = job.row.k > 1 ? 'verified' : 'unchecked'
  for (const { account, subject, digest } of resultsOf(task))
    if (isEqual(digest, output) === true) reliability.note({ account, subject }, { kind })
}
