import { codec, count, gpuMark, text } from '@souk/protocol'
import { z } from 'zod'
import type { Table } from './records.ts'

/** Bytes of a row: two counts, and a sentence. */
const PROOF_ROW_BYTES = 4_096

const proofRecord = z.strictObject({
  proven: count(),
  failed: count(),
  last: z.strictObject({
    /** Milliseconds since the epoch. */
    atMs: count(),
    gpu: text(96),
    code: z.enum(['proven', 'slow', 'wrong', 'refused', 'unreachable']),
    ms: count().nullable(),
    marks: z.array(gpuMark).max(4),
    why: text(512),
  }),
  /** Milliseconds since the epoch up to which its account is not asked for a lease. */
  avoidedUntilMs: count(),
})
export type ProofRecord = z.output<typeof proofRecord>

/** What the proofs of one provider process came to, and the newest of them (PROTOCOL §14.1). */
export const proofs: Table<ProofRecord> = {
  table: 'proofs',
  codec: codec('proofs row', proofRecord, PROOF_ROW_BYTES),
}
