import {
  mergeRecord,
  newcomer,
  observe,
  type Reliability,
  reliability,
  type TrackRecord,
} from '@souk/availability'
import type { ExperienceRow, HistoryRow, ProofRecord } from '@souk/engine'
import { type ProvenUptime, uptimeEvidence } from './reliability-uptime.ts'

/** Everything that is known of one provider process and of its account. */
export interface Known {
  /** What we saw of the process itself, and of others of its account. */
  readonly own: ExperienceRow | undefined
  readonly siblings: readonly ExperienceRow[]
  /** What proofs of its GPUs came to. */
  readonly proofs: ProofRecord | undefined
  /** What the chain tells of its leases with others. */
  readonly chain: HistoryRow | undefined
  readonly uptime: (ProvenUptime & { readonly slotMs: number }) | undefined
}

/** Counts behind the bounds, for people. */
export interface EvidenceCounts {
  readonly leases: ExperienceRow['leases']
  readonly results: ExperienceRow['results']
  readonly proofs: { readonly proven: number; readonly failed: number }
  readonly chain: Omit<HistoryRow, 'record'>
  readonly uptime: { readonly upSlots: number; readonly downSlots: number; readonly unknownSlots: number }
}

/** What may be counted on, and what that rests on. */
export interface Score extends Reliability {
  readonly evidence: EvidenceCounts
}

/** Proofs of GPUs that one record counts for at the most. */
const MOST_PROOFS = 1_000

const NO_COUNTS: EvidenceCounts = {
  leases: { finished: 0, lost: 0, left: 0, degraded: 0 },
  results: { verified: 0, unchecked: 0, failed: 0, convicted: 0 },
  proofs: { proven: 0, failed: 0 },
  chain: { known: 0, strangers: 0, down: 0, seized: 0 },
  uptime: { upSlots: 0, downSlots: 0, unknownSlots: 0 },
}

/** Returns the bounds of a new lease of so many milliseconds, and what they rest on. */
export function scoreOf(known: Known, forMs: number, nowMs: number): Score {
  const bounds = reliability(recordOf(known, nowMs), { ageMs: 0, forMs }, nowMs)
  return { ...bounds, evidence: countsOf(known) }
}

/** Tells whether nothing at all is known: then the bounds are a newcomer's. */
export function isUnknown({ own, siblings, proofs, chain, uptime }: Known): boolean {
  return !own && siblings.length === 0 && !proofs && !chain && !uptime
}

/** Whether results are right and claims true is the account's doing; how long a lease lasts is the machine's. */
function recordOf({ own, siblings, proofs, chain, uptime }: Known, nowMs: number): TrackRecord {
  const record = newcomer(nowMs)
  if (own !== undefined) mergeRecord(record, own.record)
  for (const sibling of siblings) mergeRecord(record, sibling.record, ['correctness', 'truthfulness'])
  if (chain !== undefined) mergeRecord(record, chain.record)
  if (proofs !== undefined) addProofs(record, proofs)
  if (uptime !== undefined) for (const one of uptimeEvidence(uptime, uptime.slotMs)) observe(record, one)
  return record
}

function addProofs(record: TrackRecord, { proven, failed, last: { atMs } }: ProofRecord): void {
  const claim = { measure: 'truthfulness', source: 'own', atMs } as const
  for (let i = 0; i < Math.min(proven, MOST_PROOFS); i++) observe(record, { ...claim, outcome: 'good' })
  for (let i = 0; i < Math.min(failed, MOST_PROOFS); i++) observe(record, { ...claim, outcome: 'fault' })
}

function countsOf({ own, proofs, chain, uptime }: Known): EvidenceCounts {
  const { known, strangers, down, seized } = chain ?? NO_COUNTS.chain
  const { upSlots, downSlots, unknownSlots } = uptime ?? NO_COUNTS.uptime
  return {
    leases: own?.leases ?? NO_COUNTS.leases,
    results: own?.results ?? NO_COUNTS.results,
    proofs: { proven: proofs?.proven ?? 0, failed: proofs?.failed ?? 0 },
    chain: { known, strangers, down, seized },
    uptime: { upSlots, downSlots, unknownSlots },
  }
}
