import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { errorMessage } from '@souk/protocol'
import { type GroupLimits, type GroupPlaces, groupPlaces } from './group-places.ts'
import { RunnerGroup, sweepGroups } from './runner-group.ts'

/** Milliseconds for each trial of whether groups hold; a shell takes a few. */
const TRIAL_MS = 5_000
/** Milliseconds between looks at how a trial goes. */
const TRIAL_LOOK_MS = 10
/** Bytes of memory of a trial: a shell needs a fraction. */
const TRIAL_BYTES = 16 * 1024 * 1024
/** The group of version 2 in which a provider itself is, beside those of its runners. */
const OWN_GROUP = 'souk-provider'
/** A shell that waits until it is in its group and then tries to start another process. */
const FORK = 'read go; (exit 0); exit 3'
/** One that takes memory without end; where nothing else ends it, its own bound of 512 MiB does, with an exit code. */
const GROW = 'ulimit -v 524288; x=0123456789abcdef; read go; while :; do x=$x$x; done'

/** Whether runners get control groups on this machine. */
export type RunnerGroups =
  | { readonly version: 1 | 2; create(limits: GroupLimits): RunnerGroup }
  | { readonly version: null; readonly why: string }

let groups: Promise<RunnerGroups> | undefined

/**
 * Returns the control groups of this machine, once a trial has shown that they hold: what takes too much memory is
 * killed, what starts too many processes cannot, and a group is ended as a whole. Where that is not so, says why.
 * Looks once, and removes then what dead processes left. Never rejects.
 */
export function runnerGroups(): Promise<RunnerGroups> {
  groups ??= findGroups()
  return groups
}

async function findGroups(): Promise<RunnerGroups> {
  try {
    const places = findPlaces()
    if (places === null) return { version: null, why: 'this system has no control groups' }
    sweepGroups(places)
    if (places.version === 2) delegate(places.memory)
    await prove(places)
    return { version: places.version, create: (limits) => RunnerGroup.create(places, limits) }
  } catch (error) {
    const remedy = 'run it as a unit of its own, with Delegate=yes, or as root'
    return {
      version: null,
      why: `expected control groups that hold, got: ${errorMessage(error)}; ${remedy}`,
    }
  }
}

function findPlaces(): GroupPlaces | null {
  if (process.platform !== 'linux') return null
  return groupPlaces(readFileSync('/proc/self/cgroup', 'utf8'), readFileSync('/proc/self/mountinfo', 'utf8'))
}

/**
 * Has the groups below ours bound memory and processes. The kernel wants no process in a group that has such below it, so
 * this one moves into one of its own first, which takes nothing from it, and back where others are left there. Throws the
 * system's errors.
 */
function delegate(folder: string): void {
  const enable = () => writeFileSync(`${folder}/cgroup.subtree_control`, '+memory +pids', { flag: 'r+' })
  const move = (to: string) => writeFileSync(`${to}/cgroup.procs`, String(process.pid), { flag: 'r+' })
  try {
    enable()
  } catch (error) {
    if (errorCodeOf(error) !== 'EBUSY') throw error
    const own = `${folder}/${OWN_GROUP}`
    mkdirSync(own, { recursive: true })
    move(own)
    try {
      enable()
    } catch (cause) {
      move(folder)
      throw cause
    }
  }
}

function errorCodeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}

/** Tries out whether groups hold. Throws where they do not, and the system's errors. */
async function prove(places: GroupPlaces): Promise<void> {
  const starved = await tryOut(places, { memoryBytes: TRIAL_BYTES, processes: 8 }, GROW)
  if (starved.signal !== 'SIGKILL' || !starved.ranOut) {
    throw new Error('a process that took too much memory was not ended')
  }
  const alone = await tryOut(places, { memoryBytes: TRIAL_BYTES, processes: 1 }, FORK)
  if (alone.refused === 0)
    throw new Error('a process that had no leave to start another was not kept from it')
}

interface Trial {
  readonly signal: NodeJS.Signals | null
  readonly ranOut: boolean
  readonly refused: number
}

/** Runs a shell in a group until it ends or could start no process; what is left of it ends with the group. */
async function tryOut(places: GroupPlaces, limits: GroupLimits, script: string): Promise<Trial> {
  const group = RunnerGroup.create(places, limits)
  const child = spawn('/bin/sh', ['-c', script], { stdio: ['pipe', 'ignore', 'ignore'], env: {} })
  const ended = endOf(child)
  try {
    if (child.pid === undefined) throw await ended
    group.add(child.pid)
    child.stdin.on('error', () => undefined)
    child.stdin.write('go\n')
    const untilMs = performance.now() + TRIAL_MS
    while (isRunning(child) && group.refusedProcesses() === 0 && performance.now() < untilMs) {
      await setTimeout(TRIAL_LOOK_MS)
    }
    return { signal: child.signalCode, ranOut: group.ranOutOfMemory(), refused: group.refusedProcesses() }
  } finally {
    if (isRunning(child)) child.kill('SIGKILL')
    await ended
    await group.end()
  }
}

function isRunning(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null
}

/** Resolves when a process is over, with the error of one that did not begin. */
function endOf(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve) => child.once('error', resolve).once('exit', resolve))
}
