import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { StandbyLevel } from '@souk/availability'
import { type Demand, type Task, toBlocks } from '@souk/protocol'
import type { JobEventReport, JobRunner, Requester } from '@souk/requester'
import type { ProviderPlan } from '../../packages/cli/src/local-market/local-market.ts'
import { DEMAND, TASK } from '../lease/one-lease.ts'
import type { WarmMarket } from '../lease/warm-market.ts'

/** A program that never ends by itself. */
const SPIN = readFileSync(
  fileURLToPath(new URL('../../packages/runtime/programs/conduct.wasm', import.meta.url)),
)
const MIB = 1024 * 1024
/** Beats of a provider after which its rhythm is known, and its task runs for sure. */
const BEATS = 4
/** Milliseconds between looks. */
const LOOK_MS = 20
/** Milliseconds for anything that is waited for. */
const PATIENCE_MS = 120_000

/** What each lease of a job that spins demands: little, so that many fit on one machine. */
export const SMALL: Demand = {
  ...DEMAND,
  resources: { millicores: 100, memoryBytes: 64 * MIB, diskBytes: 16 * MIB, gpu: null },
}

const TASK_OF_SPIN: Task = {
  ...TASK,
  program: toBlocks(SPIN).content.cid,
  args: ['spin'],
  limits: { ...TASK.limits, pages: 256 },
}

/** Providers that sell a little each, all at the same price. */
export function sellers(count: number): ProviderPlan[] {
  return Array.from({ length: count }, (_, i) => ({
    name: `provider-${i + 1}`,
    share: 0.15,
    coreHour: '0.10',
  }))
}

/** A job with one task that spins on one of its leases. */
export interface Spinning {
  readonly job: JobRunner
  /** Process that runs the task. */
  readonly pid: number
  readonly name: string
  readonly events: readonly JobEventReport[]
  /** Resolves with the time, by `performance.now`, at which the task was given to another lease. */
  readonly moved: Promise<number>
  /** Ends the job and its leases. */
  stop(): Promise<void>
}

/** Starts a job with a task that spins, and returns when its provider is known well. */
export async function spin(
  { requester, processes }: Pick<WarmMarket, 'requester' | 'processes'>,
  leases: number,
  standby: StandbyLevel,
): Promise<Spinning> {
  const events: JobEventReport[] = []
  const moved = Promise.withResolvers<number>()
  const id = randomBytes(6).toString('hex')
  const job = await requester.run(
    {
      ...{ name: 'bench', tasks: [TASK_OF_SPIN], content: [SPIN], assurance: { k: 1, n: 1 } },
      ...{ deadlineMs: 600_000, demand: SMALL, leases, standby },
    },
    id,
    (event) => {
      if (event.kind === 'started') return
      events.push(event)
      if (event.kind === 'dispatched' && event.attempts.some((attempt) => attempt.endsWith('.2')))
        moved.resolve(performance.now())
    },
  )
  const lease = await until('the task is dispatched', () => job.leaseOf(`${id}.0.0.1`))
  const runner = job.leases.get(lease)
  if (runner === undefined) throw new Error('expected the lease that runs the task')
  await until('its provider beats', () => runner.state.peerBeats >= BEATS)
  const { resultSigner } = runner.state.purchase.quote
  const party = processes.parties.find(({ delegate }) => delegate === resultSigner)
  const pid = processes.child(party?.name ?? '')?.pid
  if (party === undefined || pid === undefined) throw new Error('expected a process behind the lease')
  const stop = () => end(requester, job)
  return { job, pid, name: party.name, events, moved: moved.promise, stop }
}

async function end(requester: Requester, job: JobRunner): Promise<void> {
  await job.post({ type: 'stop', state: 'cancelled' })
  await requester.release(job)
}

/** Waits for something that is to come, for a bounded time. */
export async function within<T>(what: string, coming: Promise<T>): Promise<T> {
  const late = new AbortController()
  const never = sleep(PATIENCE_MS, undefined, { signal: late.signal }).then(
    () => {
      throw new Error(`waited in vain until ${what}`)
    },
    () => coming,
  )
  try {
    return await Promise.race([coming, never])
  } finally {
    late.abort()
  }
}

/** Waits until a look brings something. */
export async function until<T>(what: string, look: () => T | undefined | false): Promise<T> {
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end; ) {
    const found = look()
    if (found !== undefined && found !== false) return found
    await sleep(LOOK_MS)
  }
  throw new Error(`waited in vain until ${what}`)
}
