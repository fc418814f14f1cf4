import { setTimeout } from 'node:timers/promises'
import { errorMessage, type Gpu } from '@souk/protocol'
import { RuntimeError } from '../errors.ts'
import { gpuRequest } from './gres.ts'
import { CORE_OVERHEAD_BYTES } from './inventory.ts'
import { askSlurm } from './tools.ts'

const MIB = 1024 * 1024
/** Milliseconds beyond its wait in the queue that a request may take. */
const ANSWER_MS = 1_000
/** Milliseconds that cancelled jobs get to give their nodes back, and between looks at them. */
const GONE_MS = 15_000
const LOOK_MS = 100
/** States of a job that has its nodes. */
const HELD = /^(RUNNING|CONFIGURING|SUSPENDED|STOPPED|SIGNALING|RESIZING)$/

/** What is asked of the cluster. */
export interface Request {
  readonly partition: string
  /** See {@link jobName}. */
  readonly name: string
  readonly cores: number
  /** Bytes for the programs of all cores together. */
  readonly memoryBytes: number
  readonly gpus: readonly Gpu[]
  /** Seconds after which Slurm itself ends it. */
  readonly seconds: number
  /** Seconds that it may wait in the queue. */
  readonly queueSeconds: number
}

/** Names a job by who holds it and what for, so that a successor of a dead holder finds it. */
export function jobName(owner: string, what: string): string {
  return `${prefixOf(owner)}${what}`
}

function prefixOf(owner: string): string {
  return `souk-${owner}-`
}

/** Cores, memory and devices of a cluster that are ours until they are given back, or taken. */
export class Allocation {
  /** Slurm's number of the job. */
  readonly job: string

  constructor(job: string) {
    this.job = job
  }

  /** Tells whether the cluster has taken it back. A controller that does not answer has taken nothing. */
  async isGone(): Promise<boolean> {
    try {
      const state = (await ownJobs()).find(({ job }) => job === this.job)?.state
      return state === undefined || !HELD.test(state)
    } catch {
      return false
    }
  }

  /** Ends its steps and gives it back. Throws {@link RuntimeError} `SLURM_FAILED`; its time limit ends it then. */
  async cancel(): Promise<void> {
    await askSlurm('scancel', ['--quiet', this.job])
  }
}

/**
 * Gets an allocation, of one task per core, wherever in the partition these fit.
 *
 * Throws {@link RuntimeError} `NO_CAPACITY` where the cluster does not give it in time; nothing waits in the queue then.
 */
export async function allocate(request: Request): Promise<Allocation> {
  const { queueSeconds, name } = request
  try {
    const { stderr } = await askSlurm('salloc', flags(request), queueSeconds * 1000 + ANSWER_MS)
    const [, job] = /Granted job allocation (\d+)/.exec(stderr) ?? []
    if (job !== undefined) return new Allocation(job)
    throw noCapacity(`salloc said ${stderr.trim()}`)
  } catch (error) {
    // It may have been granted while we gave up. Nobody waits for that: there is an answer to give.
    void askSlurm('scancel', ['--quiet', `--name=${name}`]).catch(() => {})
    throw error instanceof RuntimeError && error.data.code === 'NO_CAPACITY'
      ? error
      : noCapacity(errorMessage(error))
  }
}

function flags({ partition, name, cores, memoryBytes, gpus, seconds, queueSeconds }: Request): string[] {
  const devices = gpuRequest(gpus)
  const memoryMib = Math.ceil((memoryBytes / cores + CORE_OVERHEAD_BYTES) / MIB)
  return [
    ...['--no-shell', `--immediate=${queueSeconds}`, '--chdir=/'],
    ...[`--partition=${partition}`, `--job-name=${name}`, `--time=${Math.ceil(seconds / 60)}`],
    ...[`--ntasks=${cores}`, '--cpus-per-task=1', `--mem-per-cpu=${memoryMib}M`],
    ...(devices === undefined ? [] : [`--gpus=${devices}`]),
  ]
}

function noCapacity(came: string): RuntimeError {
  return new RuntimeError(
    `expected the cluster to have room, got: ${came}; try again later, or ask for less`,
    {
      code: 'NO_CAPACITY',
    },
  )
}

/**
 * Cancels what an owner with this name left when it died; returns the jobs' names. Waits some seconds for their nodes.
 *
 * Throws {@link RuntimeError} `SLURM_FAILED`.
 */
export async function cancelLeft(owner: string): Promise<string[]> {
  const left = (await ownJobs()).filter(({ name }) => name.startsWith(prefixOf(owner)))
  if (left.length === 0) return []
  const jobs = left.map(({ job }) => job)
  await askSlurm('scancel', ['--quiet', ...jobs])
  const end = performance.now() + GONE_MS
  while (performance.now() < end && (await ownJobs()).some(({ job }) => jobs.includes(job))) {
    await setTimeout(LOOK_MS)
  }
  return left.map(({ name }) => name)
}

/** Returns this user's jobs that have not ended. */
async function ownJobs(): Promise<{ job: string; state: string; name: string }[]> {
  const { stdout } = await askSlurm('squeue', ['--me', '-h', '-o', '%A|%T|%j'])
  return stdout.split('\n').flatMap((line) => {
    const [job = '', state = '', name = ''] = line.trim().split('|')
    return job === '' ? [] : [{ job, state, name }]
  })
}
