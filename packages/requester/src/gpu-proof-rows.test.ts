import { toHex } from '@souk/protocol'
import { createMemoryJournal } from '@souk/storage'
import { expect, it } from 'vitest'
import { ProofRecords } from './gpu-proof-rows.ts'
import type { ProofCode, ProofVerdict } from './gpu-verdict.ts'

const ACCOUNT = toHex(new Uint8Array(20).fill(1))
const SUBJECT = toHex(new Uint8Array(20).fill(2))
const PARTY = { account: ACCOUNT, subject: SUBJECT }
const HOUR_MS = 3_600_000

const verdict = (code: ProofCode): ProofVerdict => ({
  ...{ gpu: 'GPU-1', code, ms: 5, limitMs: 10, marks: [], why: 'x'.repeat(600) },
})

function recordsAt(journal = createMemoryJournal()) {
  const time = { nowMs: 1_000 }
  return { journal, time, records: new ProofRecords(journal, () => time.nowMs) }
}

it('counts what proofs came to, and keeps it over a restart', async () => {
  const { journal, records } = recordsAt()
  for (const code of ['proven', 'proven', 'slow', 'unreachable'] as const)
    await records.note(PARTY, verdict(code))
  const next = recordsAt(journal).records
  expect(next.of(PARTY)).toBeUndefined()
  await next.load()
  expect(next.of(PARTY)).toEqual(records.of(PARTY))
  expect(next.of(PARTY)).toMatchObject({
    proven: 2,
    failed: 1,
    last: { code: 'slow', atMs: 1_000, ms: 5, marks: [] },
  })
  expect(next.avoids(ACCOUNT)).toBe(true)
})

it.each([
  ['proven', 0],
  ['unreachable', 0],
  ['slow', HOUR_MS],
  ['refused', HOUR_MS],
  ['wrong', 24 * HOUR_MS],
] as const)('after %s an account is avoided for %d ms', async (code, avoidMs) => {
  const { records, time } = recordsAt()
  await records.note(PARTY, verdict(code))
  time.nowMs += avoidMs - 1
  expect(records.avoids(ACCOUNT)).toBe(avoidMs > 0)
  time.nowMs += 1
  expect(records.avoids(ACCOUNT)).toBe(false)
})

it('avoids the account whichever of its processes lied, and nobody else, also after a right proof', async () => {
  const { records } = recordsAt()
  await records.note(PARTY, verdict('wrong'))
  await records.note(PARTY, verdict('proven'))
  expect(records.avoids(ACCOUNT)).toBe(true)
  expect(records.avoids(SUBJECT)).toBe(false)
})

it('takes a process for proven by its last proof, while nobody of its account is avoided, also after a restart', async () => {
  const { journal, records } = recordsAt()
  expect(records.isProven(PARTY)).toBe(false)
  await records.note(PARTY, verdict('proven'))
  const { records: next, time } = recordsAt(journal)
  await next.load()
  expect(next.isProven(PARTY)).toBe(true)
  expect(next.isProven({ ...PARTY, subject: ACCOUNT })).toBe(false)
  await next.note(PARTY, verdict('unreachable'))
  expect(next.isProven(PARTY)).toBe(true)
  await next.note({ ...PARTY, subject: ACCOUNT }, verdict('slow'))
  expect(next.isProven(PARTY)).toBe(false)
  time.nowMs += HOUR_MS
  expect(next.isProven(PARTY)).toBe(true)
  await next.note(PARTY, verdict('refused'))
  time.nowMs += HOUR_MS
  expect(next.isProven(PARTY)).toBe(false)
})
