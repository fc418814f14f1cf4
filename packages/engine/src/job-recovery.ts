import { type Hex, outputDigest } from '@souk/protocol'
import { classify } from './job-quorum.ts'
import { type Job, newJob, placeAttempt } from './job-state.ts'
import type { AttemptRow, JobRow, ReceiptRow } from './records.ts'

/** Takes a job up after a restart from its rows; attempts without a receipt count as still running. */
export function recoverJob(
  row: JobRow,
  acceptedIndexes: ReadonlyMap<number, { digest: Hex | null; failed: boolean }>,
  attemptRows: ReadonlyMap<string, AttemptRow>,
  receiptRows: ReadonlyMap<string, ReceiptRow>,
  parties: (lease: Hex) => { account: Hex; subject: Hex },
  nowMs: number,
): Job {
  const job = newJob(row)
  for (const [id, attempt] of [...attemptRows].sort((a, b) => a[1].n - b[1].n)) {
    const task = job.tasks[attempt.index]
    if (task === undefined) continue
    const output = receiptRows.get(id)?.output ?? null
    task.attempts += 1
    const { n, lease } = attempt
    const slot = placeAttempt(job, task, attempt.slot, {
      attempt: id,
      n,
      lease,
      ...parties(lease),
      startedMs: nowMs,
    })
    if (output !== null) Object.assign(slot, { state: 'result', output, digest: outputDigest(output) })
    else if (attempt.failure !== null)
      Object.assign(slot, { state: attempt.failure === 'lost' ? 'lost' : 'failed' })
  }
  for (const [index, { digest, failed }] of acceptedIndexes) {
    const task = job.tasks[index]
    if (task === undefined) continue
    Object.assign(task, { state: failed ? 'failed' : 'accepted', output: digest })
    job.open -= 1
  }
  for (const task of job.tasks) {
    for (const slot of task.slots)
      if (slot.state === 'running' && task.state === 'open') job.inFlight.add(slot.attempt)
    classify(job, task, nowMs)
  }
  return job
}
