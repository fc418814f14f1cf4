import type { Job, JobEvent } from '@souk/engine'
import type { SoukNode } from '@souk/network'
import type { Hex, SecretFiles, Task } from '@souk/protocol'
import type { BlockStore, Journal } from '@souk/storage'
import type { RunLocally } from './compare-program.ts'
import type { JobReports } from './job-reports.ts'
import type { JobRunner } from './job-runner.ts'
import type { PeerLosses } from './peer-losses.ts'

/** What a job needs from the process around it. */
export interface JobServices {
  readonly node: SoukNode
  readonly journal: Journal
  readonly blocks: BlockStore
  clock(): number
  dateMs(): number
  /** Buys up to `count` more leases for the job; resolves with how many came, after noting why others did not. */
  acquire(runner: JobRunner, count: number, failures: unknown[]): Promise<number>
  /** Tells whether the job is to hold no lease until something is asked of it. */
  isAsleep(runner: JobRunner): boolean
  /** Dials the provider that the job would lease from next, and has its quote; throws what asking throws. */
  askNext(runner: JobRunner): Promise<void>
  /** Tells whether a deposit of so many base units could be set aside now. */
  covers(deposit: bigint): boolean
  /** Tells whether an endpoint of the chain answers: without one no lease can be bought. */
  hasChain(): boolean
  /** A result of this lease contradicts what its quorum accepted; the evidence is in the journal. */
  caught(runner: JobRunner, lease: Hex, index: number): void
  /** An audit found a result of an account right, or wrong: then it is convicted. */
  audited(account: Hex, verdict: 'valid' | 'wrong'): void
  /** What providers of the job get as secrets. */
  secretsOf(job: string): SecretFiles
  /** Runs programs on this machine; there is none where this process runs no programs. */
  readonly runLocally: RunLocally | undefined
  fatal(error: unknown): void
  /** Told of what failed beside the job, which goes on without it. */
  onProblem(sentence: string, error: unknown): void
}

/** What the parts of one running job share. */
export interface JobParts {
  readonly job: Job
  readonly tasks: readonly Task[]
  readonly services: JobServices
  readonly reports: JobReports
  readonly losses: PeerLosses
  /** Aborted when the process stops. */
  readonly signal: AbortSignal
  /** Feeds one event to the job's program. */
  post(event: JobEvent): Promise<void>
}
