import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { connectControl } from '@souk/storage/node'
import { CliError } from '../errors.ts'
import type { Home } from '../home.ts'

/** Milliseconds that an agent may take to answer, on a machine that is busy. */
const START_MS = 90_000
/** Milliseconds that an agent may take to end. */
const STOP_MS = 30_000
const LOOK_MS = 100

/** An agent that runs without us. */
export interface StartedAgent {
  readonly pid: number
  readonly log: string
}

/**
 * Starts the agent of a data folder again as we were asked to, in a session of its own, without a terminal, and waits
 * until it answers. Where it ends instead, this process ends as it did, with what it said.
 *
 * Throws {@link CliError} `CHILD_FAILED` where it does not answer in time; then it is ended.
 */
export async function detachAgent(data: string): Promise<StartedAgent> {
  const folder = resolve(data)
  const log = `${folder}.log`
  mkdirSync(dirname(log), { recursive: true, mode: 0o700 })
  const file = openSync(log, 'w', 0o600)
  const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1), '--foreground'], {
    stdio: ['ignore', file, file],
    detached: true,
  })
  closeSync(file)
  // Until it answers it is ours: who ends us ends it, too.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => child.kill('SIGTERM'))
  for (const end = performance.now() + START_MS; performance.now() < end; await pause(LOOK_MS)) {
    if (child.exitCode !== null || child.signalCode !== null) {
      process.stderr.write(readFileSync(log, 'utf8'))
      process.exit(child.exitCode ?? 1)
    }
    if ((await pidOf(folder)) !== child.pid) continue
    child.unref()
    return { pid: child.pid ?? 0, log }
  }
  child.kill('SIGKILL')
  throw new CliError(`expected the agent to answer, it did not within ${START_MS / 1000} s; see ${log}`, {
    code: 'CHILD_FAILED',
    name: 'agent',
    log,
  })
}

/** Ends the agent of a data folder; resolves with whether it has ended. Throws {@link CliError} `NO_AGENT`. */
export async function stopAgent(data: string, { path }: Home): Promise<boolean> {
  const client = await connectControl(resolve(data))
  if (client === undefined) {
    throw new CliError(`expected a running agent of ${data}, there is none; souk agent start starts one`, {
      code: 'NO_AGENT',
      home: path,
    })
  }
  const { pid } = (await client.call('status')) as { pid: number }
  await client.call('shutdown')
  client.close()
  const end = performance.now() + STOP_MS
  while (isAlive(pid) && performance.now() < end) await pause(LOOK_MS)
  return !isAlive(pid)
}

async function pidOf(folder: string): Promise<number | undefined> {
  const client = await connectControl(folder)
  try {
    return ((await client?.call('status')) as { pid: number } | undefined)?.pid
  } catch {
    return undefined
  } finally {
    client?.close()
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
