import { address, codec, count } from '@souk/protocol'
import { z } from 'zod'
import type { Table } from './records.ts'

/** Bytes of a row: some weights and counts. */
const EXPERIENCE_ROW_BYTES = 2_048

const weight = z.number().min(0)
const tally = z.strictObject({ good: weight, faults: weight })
/** A `TrackRecord`: what was seen, as it weighs at `atMs` since the epoch. */
const record = z.strictObject({
  atMs: count(),
  tallies: z.strictObject({ completion: tally, correctness: tally, truthfulness: tally }),
  exposures: z.array(z.strictObject({ watchedMs: weight, ends: weight })).length(4),
})

const experience = z.strictObject({
  record,
  leases: z.strictObject({
    /** Lasted as long as they were needed. */
    finished: count(),
    /** Ended because their provider was gone. */
    lost: count(),
    /** Ended by their provider, with notice. */
    left: count(),
    /** Given up because nothing moved. */
    degraded: count(),
  }),
  results: z.strictObject({
    /** Others came to the same. */
    verified: count(),
    /** Accepted without comparing. */
    unchecked: count(),
    /** Attempts that the provider failed. */
    failed: count(),
    /** Found wrong. */
    convicted: count(),
  }),
})
export type ExperienceRow = z.output<typeof experience>

/** What a requester saw of each provider process itself, by account and subject. */
export const experiences: Table<ExperienceRow> = {
  table: 'experiences',
  codec: codec('experiences row', experience, EXPERIENCE_ROW_BYTES),
}

const history = z.strictObject({
  record,
  /** Leases that the escrow closed: with accounts that we know, and with others, which say nothing. */
  known: count(),
  strangers: count(),
  /** Leases of which the court found outages, and of which it took the result bond, whoever leased. */
  down: count(),
  seized: count(),
})
export type HistoryRow = z.output<typeof history>

/** What the chain tells of the leases of each provider process with others, by account and subject. */
export const histories: Table<HistoryRow> = {
  table: 'histories',
  codec: codec('histories row', history, EXPERIENCE_ROW_BYTES),
}

const sighting = z.strictObject({
  ...{ provider: address, subject: address, requester: address },
  openedBlock: count(),
  closedBlock: count().nullable(),
  /** Slots that the court holds to be down. */
  downSlots: count(),
  /** Block in which the first of them was reported. */
  downBlock: count().nullable(),
  seized: z.boolean(),
})
export type Sighting = z.output<typeof sighting>

/** Leases of others that the escrow opened and whose closing is not yet counted, by lease. */
export const sightings: Table<Sighting> = {
  table: 'sightings',
  codec: codec('sightings row', sighting, EXPERIENCE_ROW_BYTES),
}

/** Key of the rows of a provider process. */
export function partyKey({ account, subject }: { account: string; subject: string }): string {
  return `${account}/${subject}`
}
