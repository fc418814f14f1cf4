import { join } from 'node:path'
import { errorMessage, type Hex } from '@souk/protocol'
import { type Leftover, removeLeftovers } from '@souk/runtime'
import { type ControlClient, connectControl } from '@souk/storage/node'
import { ownerOf, runs } from './folder-owner.ts'
import { folderBusy } from './operator-error.ts'
import { pause } from './pause.ts'
import { markEnded } from './watchdog-mark.ts'

/** Milliseconds that a provider gets to end everything by itself before it is ended by signal. */
const ANSWER_MS = 5_000
/** Milliseconds for a process to be gone, and between looks at it. */
const GONE_MS = 10_000
const LOOK_MS = 50
/** The file of a data folder that names the processes which its owner started. */
const BOOK = 'started'

/** A lease that ran when its provider was ended. */
export interface EndedLease {
  readonly lease: Hex
  /** Executions on it. */
  readonly running: number
  /** Base units that its newest voucher promises. */
  readonly earned: bigint
}

/** What was stopped. */
export interface Stopped {
  /** The process that owned the folder; `null` where none did. */
  readonly pid: number | null
  /** Why it was ended by signal; `null` where it ended by itself. */
  readonly killed: string | null
  readonly leases: readonly EndedLease[]
  /** What it had left behind. */
  readonly leftovers: readonly Leftover[]
}

/** Returns the file in which the owner of a data folder names what it started. */
export function bookOf(folder: string): string {
  return join(folder, BOOK)
}

/**
 * Has a provider take no new leases, waits until the present ones have ended, and ends it. What it earned is in its
 * journal. Throws `OperatorError` `BUSY` where it does not answer.
 */
export async function drainProvider(folder: string): Promise<Stopped> {
  const pid = ownerOf(folder)
  // A watchdog may be about to start it again.
  markEnded(folder, pid)
  const client = await connectControl(folder)
  if (client === undefined) {
    if (pid !== undefined) throw folderBusy(folder, pid)
    return { pid: null, killed: null, leases: [], leftovers: [] }
  }
  try {
    const drain = await beginDrain(client)
    if (drain === null) throw folderBusy(folder, pid ?? 0)
    await drain.drained
    await client.call('shutdown')
    await gone(pid)
    return { pid: pid ?? null, killed: null, leases: drain.open, leftovers: [] }
  } finally {
    client.close()
  }
}

/**
 * Ends a provider and every execution at once: it takes its offer back and stops by itself, or, where it does not answer,
 * by signal, once the system says that the process is the folder's owner. What it earned is in its journal. What is left
 * of it is removed. Throws `OperatorError` `BUSY` where it is still there then.
 */
export async function killProvider(folder: string): Promise<Stopped> {
  const pid = ownerOf(folder)
  markEnded(folder, pid)
  const { leases, problem } = await askToEnd(folder)
  if (problem === null) await gone(pid, ANSWER_MS)
  const isStuck = pid !== undefined && runs(pid)
  // Asked again: it may have ended meanwhile, and its id have gone to somebody else.
  if (isStuck && ownerOf(folder) === pid) process.kill(pid, 'SIGKILL')
  await gone(pid)
  if (pid !== undefined && ownerOf(folder) === pid) throw folderBusy(folder, pid)
  const killed = isStuck ? (problem ?? `it was still there after ${ANSWER_MS / 1_000} s`) : null
  return { pid: pid ?? null, killed, leases, leftovers: await removeLeftovers(bookOf(folder)) }
}

/** Says what was stopped, for people. */
export function describeStopped(folder: string, { pid, killed, leases, leftovers }: Stopped): string {
  if (pid === null && leftovers.length === 0) return `no provider runs over ${folder}: nothing to stop\n`
  const running = leases.reduce((sum, lease) => sum + lease.running, 0)
  const lines = [
    ...(killed === null
      ? []
      : [`process ${pid} was killed by signal: ${killed}; its offer runs out by itself`]),
    ...(pid === null ? [`no provider runs over ${folder}`] : [`ended process ${pid}`]),
    `ended ${running} executions on ${leases.length} leases`,
    ...leases.map(
      ({ lease, running: n, earned }) => `  ${lease}: ${n} executions, ${earned} base units earned`,
    ),
    ...leftovers.map(({ kind, name }) => `removed ${kind} ${name}`),
    ...(pid === null ? [] : ['what was earned is in the journal: the next start settles it on the chain']),
  ]
  return lines.map((line) => `${line}\n`).join('')
}

async function askToEnd(folder: string): Promise<{ leases: EndedLease[]; problem: string | null }> {
  let client: ControlClient | undefined
  try {
    client = await connectControl(folder)
    if (client === undefined) return { leases: [], problem: 'it serves no commands' }
    const signal = AbortSignal.timeout(ANSWER_MS)
    const leases = (await client.call('kill', {}, undefined, signal)) as EndedLease[]
    return { leases, problem: null }
  } catch (error) {
    return { leases: [], problem: `it did not answer: ${errorMessage(error)}` }
  } finally {
    client?.close()
  }
}

/** Has it drain; returns the leases that were open and the end of it, or `null` where it does not answer. */
async function beginDrain(client: ControlClient) {
  const begun = Promise.withResolvers<EndedLease[] | null>()
  setTimeout(() => begun.resolve(null), ANSWER_MS).unref()
  const drained = client.call('drain', {}, (open) => begun.resolve(open as EndedLease[]))
  drained.catch(begun.reject)
  const open = await begun.promise
  return open && { open, drained }
}

async function gone(pid: number | undefined, ms = GONE_MS): Promise<void> {
  const end = performance.now() + ms
  while (pid !== undefined && runs(pid) && performance.now() < end) await pause(LOOK_MS)
}
