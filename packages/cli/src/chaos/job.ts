import { fileURLToPath } from 'node:url'
import { accepted } from '@souk/engine'
import { errorMessage, type Hex } from '@souk/protocol'
import type { JobEventReport, JobStarted, JobSummary, TaskResult } from '@souk/requester'
import type { JobRequest, LeaseRow } from '@souk/requester/node'
import { openJournalReadOnly } from '@souk/storage/node'
import { expectedDigest } from './expected-digest.ts'
import type { Expected, Facts } from './scenario.ts'
import { failed, until } from './until.ts'
import { DEMAND, type World } from './world.ts'

/** How much a scenario has computed, and by how many. */
export interface JobPlan {
  readonly tasks: number
  readonly mebibytes: number
  readonly k: number
  readonly n: number
  readonly leases: number
}

type EventOf<K extends JobEventReport['kind']> = Extract<JobEventReport, { kind: K }>

/** A job that runs while something is broken. */
export interface PlayedJob {
  readonly id: string
  readonly plan: JobPlan
  readonly events: readonly JobEventReport[]
  of<K extends JobEventReport['kind']>(kind: K): EventOf<K>[]
  /** Tasks whose results were accepted so far. */
  accepted(): number
  /** Attempts that were taken from a lease and given to another as their slot's next. */
  takenAway(): string[]
  /** Names of the providers whose leases were lost so far. */
  lost(): string[]
}

/** What every scenario expects: the job is done and right, money adds up, nothing stays locked, nobody is overpaid. */
export const WHOLE: Expected = { job: 'done', right: 'all', money: 'conserved', locked: 0, overpaid: 0 }

const PROGRAM = fileURLToPath(
  new URL('./programs/sha256.wasm', import.meta.resolve('@souk/runtime/launch.js')),
)
const MIB = 1024 * 1024
/** Milliseconds for one task: a hundred times what it takes on a quiet machine. */
const DEADLINE_MS = 300_000
/** Events that an error names. */
const NEWEST = 12

/** Runs a job whose results are known beforehand, calls `breakIt` while it runs, settles, and returns the facts. */
export async function playJob(
  world: World,
  plan: JobPlan,
  breakIt: (job: PlayedJob) => Promise<Facts | undefined>,
): Promise<Facts> {
  const { job, done } = await startJob(world, plan)
  const facts = await breakIt(job).catch((error) => {
    throw failed(`${errorMessage(error)}; its job told of ${newestKinds(job)}`)
  })
  // Whoever was killed with its agent is asked for again.
  const { state, why } = await done.catch(async (error) => {
    const summary = await world.ask<JobSummary>('agent', 'wait', { job: job.id })
    return { ...summary, why: errorMessage(error) }
  })
  const right = await rightOnes(world, job)
  await world.settle()
  const { conserved, accounts } = await world.money()
  return {
    job: state,
    right: right === plan.tasks ? 'all' : right,
    money: conserved ? 'conserved' : 'not conserved',
    locked: accounts.filter(({ locked }) => locked !== 0n).length,
    overpaid: await overpaid(world),
    ...(why === undefined || state === 'done' ? {} : { why }),
    ...facts,
  }
}

/** Names what a job told of last, for whoever asks why it went wrong. */
function newestKinds({ events }: PlayedJob): string {
  const told = events.flatMap((event) => (event.kind === 'progress' ? [] : [event.kind]))
  return told.slice(-NEWEST).join(', ') || 'nothing'
}

/** How a job ended, and why it could not go on. */
type Ended = Pick<JobSummary, 'state'> & { readonly why?: string }

async function startJob(world: World, plan: JobPlan): Promise<{ job: PlayedJob; done: Promise<Ended> }> {
  // What was done to the chain before may not be over for the requester.
  await until('the requester has the chain', async () => {
    const { head } = await world.ask<{ head: unknown }>('agent', 'status')
    return head !== null
  })
  const client = await world.connect('agent')
  const events: JobEventReport[] = []
  const named = Promise.withResolvers<string>()
  const done = client.call('run', requestOf(plan), (event) => {
    const report = event as JobEventReport | JobStarted
    if (report.kind === 'started') named.resolve(report.job)
    else events.push(report)
  }) as Promise<JobSummary>
  done.then(() => client.close()).catch(named.reject)
  const id = await named.promise
  return { job: follow(world, { id, plan, events }), done }
}

function follow(world: World, facts: Pick<PlayedJob, 'id' | 'plan' | 'events'>): PlayedJob {
  const { events } = facts
  const of = <K extends JobEventReport['kind']>(kind: K) =>
    events.filter((event): event is EventOf<K> => event.kind === kind)
  return {
    ...facts,
    of,
    accepted: () => of('accepted').length,
    takenAway() {
      const dispatched = new Set(of('dispatched').flatMap(({ attempts }) => attempts))
      const suspended = of('suspended').flatMap(({ attempts }) => attempts)
      return suspended.filter((attempt) => dispatched.has(nextOf(attempt)))
    },
    lost: () =>
      of('lease-over').flatMap(({ phase, subject }) => (phase === 'lost' ? [world.nameOf(subject)] : [])),
  }
}

/** Attempts are named `job.task.slot.number`. */
function nextOf(attempt: string): string {
  const [job, task, slot, number] = attempt.split('.')
  return `${job}.${task}.${slot}.${Number(number) + 1}`
}

function requestOf({ tasks, mebibytes, k, n, leases }: JobPlan): JobRequest {
  return {
    name: 'chaos',
    program: PROGRAM,
    tasks: Array.from({ length: tasks }, (_, i) => taskOf(mebibytes, i)),
    assurance: { k, n },
    deadlineMs: DEADLINE_MS,
    demand: DEMAND,
    leases,
    memoryBytes: 16 * MIB,
    outputBytes: MIB,
    seed: 1n,
  }
}

function taskOf(mebibytes: number, index: number): JobRequest['tasks'][number] {
  return { args: [`${mebibytes}`, `${seedOf(index)}`], env: [], stdin: null, inputs: [] }
}

/** The program makes seeds odd. */
function seedOf(index: number): number {
  return 2 * index + 1
}

/** Counts the results that are what this process computes itself. */
async function rightOnes(world: World, { id, plan }: PlayedJob): Promise<number> {
  let right = 0
  for (let index = 0; index < plan.tasks; index++) {
    const result = await world.ask<TaskResult | undefined>('agent', 'result', { job: id, index })
    const [digest] = new TextDecoder().decode(result?.stdout).split(' ')
    if (digest === expectedDigest(plan.mebibytes, seedOf(index))) right += 1
  }
  return right
}

/** Counts the leases for which the escrow paid more than their requester signed: a voucher, or their close. */
async function overpaid(world: World): Promise<number> {
  const leases = await world.ask<LeaseRow[]>('agent', 'leases')
  const states = await Promise.all(leases.map(({ lease }) => world.reader.leaseState(lease)))
  return leases.filter(({ paid }, i) => (states[i]?.paid ?? 0n) > paid).length
}

/** Waits until a provider executes for a lease and holds a voucher of it; returns the lease. */
export function working(world: World, name: string): Promise<Hex> {
  return until(`${name} works`, async () => {
    const { leases } = await world.status(name)
    return leases.find(({ running, earned }) => running > 0 && earned > 0n)?.lease
  })
}

/**
 * Waits until results come in and a provider has tasks that are not done, early enough that there is more to do; told
 * by events alone, so that nothing passes meanwhile.
 */
export async function busy(world: World, job: PlayedJob, name: string): Promise<void> {
  await until(`${name} works`, () => {
    if (job.of('finished').length > 0) throw failed(`the job was over before ${name} was struck`)
    return job.accepted() > 0 && isOccupied(world, job, name)
  })
}

/** As {@link busy}, for any provider: returns its name. Who was struck before is asked last, and may have no work. */
export function anyBusy(world: World, job: PlayedJob): Promise<string> {
  return until('a provider works', () => {
    if (job.of('finished').length > 0) throw failed('the job was over before anybody was struck')
    if (job.accepted() === 0) return undefined
    const names = job.of('lease').map(({ subject }) => world.nameOf(subject))
    return names.find((name) => isOccupied(world, job, name))
  })
}

function isOccupied(world: World, job: PlayedJob, name: string): boolean {
  const its = job.of('lease').filter(({ subject }) => world.nameOf(subject) === name)
  const leases = new Set(its.map(({ lease }) => lease))
  const done = new Set(job.of('accepted').map(({ index }) => index))
  const sent = job.of('dispatched').flatMap(({ lease, attempts }) => (leases.has(lease) ? attempts : []))
  return sent.some((attempt) => !done.has(Number(attempt.split('.')[1])))
}

/** Returns the attempts whose results a job accepted, from the agent's journal; the agent is started anew for it. */
export async function acceptedAttempts(world: World, job: string): Promise<Set<string>> {
  await world.child('agent').stop()
  const journal = await openJournalReadOnly(world.folder('agent'))
  try {
    const rows = await journal.scan(accepted.table, `${job}/`)
    return new Set(rows.flatMap(({ value }) => accepted.codec.decode(value).agreeing))
  } finally {
    await journal.close()
    await world.restart('agent')
  }
}
