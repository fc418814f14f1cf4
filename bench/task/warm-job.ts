import { randomBytes } from 'node:crypto'
import type { Task } from '@souk/protocol'
import type { JobRunner, JobSpec } from '@souk/requester'
import { DEMAND, NOTHING, TASK } from '../lease/one-lease.ts'
import type { WarmMarket } from '../lease/warm-market.ts'

/** A job that stays open on leases that are held: what is submitted to it starts at once. */
export interface WarmJob {
  /** Submits tasks, which do nothing unless told, and waits until all results are verified and accepted; returns milliseconds. */
  submit(count: number): Promise<number>
  stop(): Promise<void>
}

/** Milliseconds for the results of one submission. */
const RESULT_MS = 120_000

/** What the job executes, and how far that is checked. */
export interface WarmWork extends Pick<JobSpec, 'assurance' | 'content' | 'deadlineMs'> {
  readonly task: Task
}

const NO_WORK: WarmWork = { assurance: { k: 1, n: 1 }, content: [NOTHING], deadlineMs: 10_000, task: TASK }

/** Opens the job on `leases` providers. Throws where fewer lease. */
export async function openWarmJob(
  { requester }: WarmMarket,
  leases: number,
  { task, ...work }: WarmWork = NO_WORK,
): Promise<WarmJob> {
  const job = await requester.run(
    {
      name: 'bench',
      tasks: [],
      ...work,
      demand: DEMAND,
      leases,
      open: true,
    },
    randomBytes(6).toString('hex'),
  )
  if (job.leases.size < leases) throw new Error(`expected ${leases} leases, got ${job.leases.size}`)
  let seed = 0n
  return {
    async submit(count) {
      const tasks = Array.from({ length: count }, (): Task => ({ ...task, seed: seed++ }))
      const startMs = performance.now()
      const accepted = untilAccepted(job, count)
      job.add(tasks)
      return (await accepted) - startMs
    },
    async stop() {
      await job.seal()
      await requester.release(job)
    },
  }
}

/** Resolves with the time at which `count` more results were accepted; rejects when one is not. */
function untilAccepted(job: JobRunner, count: number): Promise<number> {
  return new Promise((resolve, reject) => {
    let missing = count
    const timer = setTimeout(
      () => finish(() => reject(new Error(`expected ${missing} more results`))),
      RESULT_MS,
    )
    const unsubscribe = job.subscribe((event) => {
      const nowMs = performance.now()
      if (event.kind === 'accepted' && event.status.kind === 'exit') missing -= 1
      if (event.kind === 'task-failed') finish(() => reject(new Error(event.message)))
      if (missing === 0) finish(() => resolve(nowMs))
    })
    const finish = (settle: () => void) => {
      clearTimeout(timer)
      unsubscribe()
      settle()
    }
  })
}
