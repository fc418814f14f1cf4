import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Task, toBlocks } from '@souk/protocol'
import type { JobEventReport, JobRunner } from '@souk/requester'
import { SMALL, within } from '../failover/spinning.ts'
import { TASK } from '../lease/one-lease.ts'
import type { WarmMarket } from '../lease/warm-market.ts'

const CLIMB = readFileSync(
  fileURLToPath(new URL('../../packages/runtime/programs/climb.wasm', import.meta.url)),
)
/** Leases of a job: one that runs its task, one that stands by. */
export const LEASES = 2
/** Milliseconds for one climb, with a kill in it, on a machine with too much to do. */
const DEADLINE_MS = 120_000

/** How a task climbs: after each of its steps, which take so many thousand turns of a loop, it saves its state. */
export interface Climb {
  readonly steps: number
  readonly work: number
}

/** A job with one task that climbs; all times are nanoseconds of the system's monotonic clock. */
export interface Climbing {
  /** Process that runs the task, by name. */
  readonly name: string
  readonly pid: number
  readonly job: JobRunner
  /** When each of its checkpoints was kept by the requester. */
  readonly keptNs: readonly bigint[]
  /** Resolves with the time at which it was given to another lease. */
  readonly movedNs: Promise<bigint>
  /** When the task was first given to a lease. */
  readonly givenNs: bigint
  /** Waits for the end; returns the step that its last attempt began at, and when its result was accepted. */
  result(): Promise<{ first: number; acceptedNs: bigint }>
  /** Ends the job and its leases, if they have not ended. */
  stop(): Promise<void>
}

/** Starts a job, and returns when its task is given to a lease. */
export async function startClimb(
  { requester, processes }: Pick<WarmMarket, 'requester' | 'processes'>,
  { steps, work }: Climb,
): Promise<Climbing> {
  const id = randomBytes(6).toString('hex')
  const given = Promise.withResolvers<bigint>()
  const moved = Promise.withResolvers<bigint>()
  const accepted = Promise.withResolvers<bigint>()
  const keptNs: bigint[] = []
  const heard = (event: JobEventReport) => {
    const nowNs = process.hrtime.bigint()
    if (event.kind === 'checkpoint') keptNs.push(nowNs)
    if (event.kind === 'accepted') accepted.resolve(nowNs)
    if (event.kind === 'dispatched')
      (event.attempts.some((attempt) => attempt.endsWith('.1')) ? given : moved).resolve(nowNs)
  }
  const job = await requester.run(
    {
      ...{ name: 'bench', tasks: [taskOf({ steps, work })], content: [CLIMB], assurance: { k: 1, n: 1 } },
      ...{ deadlineMs: DEADLINE_MS, demand: SMALL, leases: LEASES, standby: 'warm' },
    },
    id,
    (event) => {
      if (event.kind !== 'started') heard(event)
    },
  )
  const givenNs = await within('a task is given to a lease', given.promise)
  const lease = job.leaseOf(`${id}.0.0.1`)
  const signer = lease && job.leases.get(lease)?.state.purchase.quote.resultSigner
  const party = processes.parties.find(({ delegate }) => delegate === signer)
  const pid = processes.child(party?.name ?? '')?.pid
  if (party === undefined || pid === undefined) throw new Error('expected a process behind the lease')
  return {
    ...{ name: party.name, pid, job, keptNs, movedNs: moved.promise, givenNs },
    async result() {
      const end = await within('a climb ends', job.finished)
      const stdout = new TextDecoder().decode((await job.result(0))?.stdout)
      const first = /^from (\d+) to \d+ value \d+\n$/.exec(stdout)?.[1]
      if (first === undefined) throw new Error(`expected a climb to end, it ${end}: ${stdout}`)
      await requester.release(job)
      return { first: Number(first), acceptedNs: await accepted.promise }
    },
    async stop() {
      await job.post({ type: 'stop', state: 'cancelled' })
      await requester.release(job)
    },
  }
}

function taskOf({ steps, work }: Climb): Task {
  // Checkpoints count as output.
  const limits = { ...TASK.limits, pages: 256, outputBytes: 65_536, files: 64 }
  return { ...TASK, program: toBlocks(CLIMB).content.cid, args: [`${steps}`, `${work}`], limits }
}
