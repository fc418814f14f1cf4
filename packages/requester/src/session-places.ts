import type { Slot } from '@souk/engine'
import { type Hex, SoukError } from '@souk/protocol'
import type { JobRunner } from './job-runner.ts'
import type { PurchaseRunner } from './purchase-runner.ts'

/** An attempt on a lease that we hold. */
export interface SessionPlace {
  readonly job: string
  readonly task: number
  readonly attempt: string
  readonly lease: Hex
  /** False for one that has ended, whose log its provider may still have. */
  readonly isRunning: boolean
}

/** What was named is no attempt, or more than one. */
export class PlaceError extends SoukError<
  | { code: 'NO_PLACE'; name: string }
  | { code: 'AMBIGUOUS_PLACE'; name: string; choices: readonly SessionPlace[] }
> {}

/** Which attempt is meant. */
export interface PlaceName {
  /** A job, or a lease: in full, by its beginning, or as tables shorten it. */
  readonly name: string
  /** Number of the task, from 0; any unless given. */
  readonly task?: number | undefined
  /** Any replica will do, also one that has ended: they all write the same. */
  readonly isForLogs: boolean
}

/** Lists the attempts on leases that we hold, those that run first. */
export function sessionPlaces(
  jobs: Iterable<JobRunner>,
  leases: ReadonlyMap<Hex, PurchaseRunner>,
): SessionPlace[] {
  const places = [...jobs].flatMap(({ job }) =>
    job.tasks.flatMap((task) =>
      task.slots
        .filter((slot) => leases.has(slot.lease) && slot.attempt !== '')
        .map((slot) => placeOf(job.row.id, task.index, slot, job.inFlight.has(slot.attempt))),
    ),
  )
  return [...places.filter((one) => one.isRunning), ...places.filter((one) => !one.isRunning)]
}

function placeOf(job: string, task: number, { attempt, lease }: Slot, isRunning: boolean): SessionPlace {
  return { job, task, attempt, lease, isRunning }
}

/** Finds the one attempt that is meant. Throws {@link PlaceError} where there is none, or several. */
export function findPlace(places: readonly SessionPlace[], wanted: PlaceName): SessionPlace {
  const { name, task, isForLogs } = wanted
  const named = places.filter((one) => isNamed(one, name) && (task === undefined || one.task === task))
  const running = named.filter((one) => one.isRunning)
  const fitting = isForLogs && running.length === 0 ? named : running
  const [first] = fitting
  if (first === undefined) throw noPlace(wanted)
  const isOne = isForLogs ? fitting.every((one) => isSameWork(one, first)) : fitting.length === 1
  if (isOne) return first
  throw ambiguous(wanted, fitting)
}

/** Characters that a beginning of a lease's name must have: fewer name it by accident. */
const SHORTEST_NAME = 4

function isNamed({ job, lease }: SessionPlace, name: string): boolean {
  if (job === name) return true
  const [start = '', end = ''] = name.toLowerCase().replace(/^0x/, '').split('…')
  return start.length >= SHORTEST_NAME && lease.startsWith(`0x${start}`) && lease.endsWith(end)
}

function isSameWork(a: SessionPlace, b: SessionPlace): boolean {
  return a.job === b.job && a.task === b.task
}

function noPlace({ name, task }: PlaceName): PlaceError {
  const what = task === undefined ? '' : ` with task ${task}`
  return new PlaceError(
    `expected a job or lease of ours that runs${what}, got ${name}; souk ps and souk leases list them`,
    { code: 'NO_PLACE', name },
  )
}

/** Choices that an error names. */
const NAMED_CHOICES = 8

function ambiguous({ name }: PlaceName, choices: readonly SessionPlace[]): PlaceError {
  const words = choices
    .slice(0, NAMED_CHOICES)
    .map(({ lease, task }) => `${lease.slice(0, 12)} (task ${task})`)
  const more = choices.length > NAMED_CHOICES ? ` and ${choices.length - NAMED_CHOICES} more` : ''
  return new PlaceError(
    `expected one running attempt, ${name} has ${choices.length}: ${words.join(', ')}${more}; name a lease, or a task`,
    { code: 'AMBIGUOUS_PLACE', name, choices },
  )
}
