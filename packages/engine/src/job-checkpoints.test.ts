import type { Demand, Hex } from '@souk/protocol'
import { expect, test } from 'vitest'
import { onCheckpoint } from './job-checkpoints.ts'
import { newJob, type Slot } from './job-state.ts'
import { MOST_CHECKPOINTS } from './records.ts'

const account = (n: number): Hex => `0x${n.toString(16).padStart(40, '0')}`
const AGREED = 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku'
const other = (n: number) => `bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvy${'abcdefghij'[n]}u`

test('one slot keeps so many checkpoints at most, also where many accounts agreed on one, and the newest stay', () => {
  const job = newJob({
    ...{ id: 'job', name: 'test', k: 2, n: 3, deadlineMs: 1_000, tasks: 1, createdAtMs: 0, open: false },
    ...{ state: 'running', demand: DEMAND, leases: 1, comparator: { kind: 'exact' } },
  })
  const [task] = job.tasks
  if (task === undefined) throw new Error('the job has one task')
  const save = (n: number, cid: string) => {
    const attempt = `job.0.0.${n}`
    const slot: Slot = {
      ...{ n, attempt, lease: account(n), account: account(n), subject: account(n), state: 'running' },
      ...{ output: null, digest: null, failure: null, startedMs: 0, resumed: null },
    }
    task.slots[0] = slot
    job.where.set(attempt, { index: 0, slot: 0 })
    return onCheckpoint(job, { type: 'checkpoint', attempt, index: 0, cid, bytes: 1, atMs: n })
  }
  // Each attempt on another account, and all of them save the same: any of them may be what was agreed on.
  for (let n = 1; n <= MOST_CHECKPOINTS + 2; n++) save(n, AGREED)
  for (let n = 0; n < 4; n++) save(MOST_CHECKPOINTS + 3 + n, other(n))
  const kept = task.kept?.get(0) ?? []
  expect(kept).toHaveLength(MOST_CHECKPOINTS)
  expect(kept.map(({ cid }) => cid)).toEqual([AGREED, AGREED, AGREED, AGREED, ...[0, 1, 2, 3].map(other)])
  expect(kept.map(({ atMs }) => atMs)).toEqual(kept.map((_, i) => i + 7))
})

const DEMAND: Demand = {
  resources: { millicores: 100, memoryBytes: 1, diskBytes: 1, gpu: null },
  ...{ runtime: 'wasm/1', network: 'none', region: null, maxRoundTripMs: null, maxRateE12: null },
  durationSeconds: 60,
}
