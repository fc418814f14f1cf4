import { codec, LIMITS, secretName, text } from '@souk/protocol'
import { z } from 'zod'
import type { Table } from './records.ts'

/** Bytes of one row: names alone. */
const SECRETS_ROW_BYTES = 16_384
/** Characters of a sentence that says why secrets could not be had. */
export const PROBLEM_CHARS = 1_024

/** A file that a job's tasks find below `/run/secrets`, and the secret of the user that lies there. */
export const secretUse = z.strictObject({ file: secretName, secret: secretName })
export type SecretUse = z.output<typeof secretUse>

const secretsRow = z.strictObject({
  uses: z.array(secretUse).max(LIMITS.secrets),
  /** Why the job ended without its secrets, for people; null while it did not. */
  problem: text(PROBLEM_CHARS).nullable(),
})
export type SecretsRow = z.output<typeof secretsRow>

/** Which secrets a job's tasks read, by name: what they hold is in no journal. By job. */
export const jobSecrets: Table<SecretsRow> = {
  table: 'job-secrets',
  codec: codec('job-secrets row', secretsRow, SECRETS_ROW_BYTES),
}
