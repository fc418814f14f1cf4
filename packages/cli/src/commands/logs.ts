import { setTimeout as pause } from 'node:timers/promises'
import { errorCode } from '@souk/protocol'
import type { JobSummary } from '@souk/requester'
import type { Command } from 'commander'
import { EXIT } from '../exit-codes.ts'
import { showLogs } from '../inside/show-logs.ts'
import { addTarget, readTarget, type TargetOptions } from '../inside/target.ts'
import { untilInterrupted } from '../interrupt.ts'
import type { InsideSession, Owner } from '../owner.ts'
import { withSession } from './shared.ts'

/** Milliseconds between two looks at whether something of a job runs. */
const BEGUN_MS = 200

interface Options extends TargetOptions {
  follow: boolean
  stderr: boolean
}

/** Adds `souk logs`. */
export function addLogs(program: Command): void {
  const command = program
    .command('logs')
    .description('show what a running program wrote last, each stream as what it is')
    .argument('<job or lease>', 'as souk ps and souk leases name it')
    .option('-f, --follow', 'go on with what it writes, until it ends', false)
    .option('--stderr', 'its standard error alone, on standard output', false)
  addTarget(command).action(logs)
}

async function logs(name: string, options: Options): Promise<void> {
  await withSession(options, async ({ owner }) => {
    const { follow } = options
    const signal = untilInterrupted()
    const open = () => owner.session({ target: readTarget(name, options), purpose: { kind: 'logs', follow } })
    const session = follow ? await openBegun(owner, name, open, signal) : await open()
    signal.addEventListener('abort', () => session.hangUp())
    try {
      await showLogs(session, options.json ? 'json' : options.stderr ? 'stderr' : 'both')
    } catch (error) {
      if (!signal.aborted) throw error
    }
    return signal.aborted ? EXIT.interrupted : 0
  })
}

/** Opens the log of a job as soon as something of it runs, also of one that waits for a lease or its provider. */
async function openBegun(
  owner: Owner,
  name: string,
  open: () => Promise<InsideSession>,
  signal: AbortSignal,
): Promise<InsideSession> {
  for (;;) {
    try {
      return await open()
    } catch (error) {
      const isEarly = ['NO_PLACE', 'NO_ATTEMPT'].includes(errorCode(error))
      if (!isEarly || signal.aborted || !(await isRunning(owner, name))) throw error
    }
    await pause(BEGUN_MS, undefined, { signal }).catch(() => {})
  }
}

/** Tells whether a name is that of a job that is not over. */
async function isRunning(owner: Owner, name: string): Promise<boolean> {
  const found = await owner.call<JobSummary>('summary', { job: name }).catch(() => null)
  return found?.state === 'running'
}
