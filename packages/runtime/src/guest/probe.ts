import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Capability, RunnerRequest } from './messages.ts'

/** Milliseconds for one connection attempt on the loopback; it is answered or refused at once. */
const CONNECT_MS = 500

/** Asks the permission model of this process what it refuses; nothing is refused where it is off. */
export function refusedCapabilities(): Record<Capability, boolean> {
  const refused = (scope: string) => process.permission?.has(scope) === false
  return {
    read: refused('fs.read'),
    write: refused('fs.write'),
    spawn: refused('child'),
    worker: refused('worker'),
  }
}

/** Tells whether this process is the first of its own process namespace and has a network without interfaces. */
export function isAlone(): boolean {
  return process.pid === 1 && process.ppid === 0 && Object.keys(networkInterfaces()).length === 0
}

/** Tries to leave the sandbox in every way we know and returns the names of those that worked. */
export async function probe({ file, pid }: Extract<RunnerRequest, { kind: 'probe' }>): Promise<string[]> {
  const attempts: Record<string, () => unknown> = {
    read: () => readFileSync(file),
    spawn: () => required(spawnSync(process.execPath, ['--version']).status === 0),
    worker: () => new Worker('', { eval: true }).terminate(),
    environment: () => required(Object.keys(process.env).some((name) => !name.startsWith('NODE_'))),
    processes: () => process.kill(pid, 0),
    network: tryConnection,
  }
  const reached: string[] = []
  for (const [name, attempt] of Object.entries(attempts)) {
    if (await succeeds(attempt)) reached.push(name)
  }
  return reached
}

async function succeeds(attempt: () => unknown): Promise<boolean> {
  try {
    await attempt()
    return true
  } catch {
    return false
  }
}

function required(condition: boolean): void {
  if (!condition) throw new Error('not reached')
}

/** Resolves if a socket can be opened at all: a refused connection has left the process too. */
function tryConnection(): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: 9, timeout: CONNECT_MS })
    const end = (reached: boolean) => {
      socket.destroy()
      if (reached) resolve()
      else reject(new Error('not reached'))
    }
    socket.once('connect', () => end(true)).once('timeout', () => end(true))
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code === 'ECONNREFUSED'))
  })
}
