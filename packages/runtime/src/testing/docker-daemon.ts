import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Docker } from '../container/docker.ts'
import { openDocker } from '../container/docker.ts'

/** Milliseconds for a daemon to start on a busy machine. */
const START_MS = 60_000
const PATH = `${process.env.PATH}:/usr/sbin:/sbin`

/** A container daemon of a test's own. */
export interface DockerDaemon {
  readonly docker: Docker
  /** The value of `DOCKER_HOST` that leads to it. */
  readonly host: string
  readonly pid: number
  stop(): Promise<void>
}

/** Says why no container daemon can be started here; null where it can. */
export function noDockerReason(): string | null {
  if (process.platform !== 'linux') return 'a container daemon of its own takes Linux'
  if (process.getuid?.() !== 0) return 'a container daemon of its own takes root'
  if (!has('dockerd')) return 'there is no dockerd: on Debian, apt-get install docker.io'
  if (!has('busybox') || !isStatic()) return 'there is no static busybox: apt-get install busybox-static'
  return null
}

/** Tells whether a program is there. */
export function has(program: string): boolean {
  return PATH.split(':').some((folder) => existsSync(join(folder, program)))
}

/** Starts a daemon with folders of its own, which touches no firewall and no bridge, and sets `DOCKER_HOST`. */
export async function startDocker(runtimes: Readonly<Record<string, unknown>> = {}): Promise<DockerDaemon> {
  const folder = await mkdtemp(join(tmpdir(), 'souk-docker-'))
  const host = `unix://${folder}/socket`
  await writeFile(join(folder, 'daemon.json'), JSON.stringify({ runtimes }))
  const child = spawn('dockerd', flags(folder, host), { env: { PATH }, stdio: 'ignore', detached: true })
  process.env.DOCKER_HOST = host
  const docker = await openDocker()
  await answers(docker, child)
  return {
    docker,
    host,
    pid: child.pid ?? 0,
    async stop() {
      child.kill('SIGTERM')
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
      await rm(folder, { recursive: true, force: true, maxRetries: 10 })
    },
  }
}

function flags(folder: string, host: string): string[] {
  return [
    ...['--config-file', join(folder, 'daemon.json'), '--host', host],
    ...['--data-root', join(folder, 'data'), '--exec-root', join(folder, 'exec')],
    ...['--pidfile', join(folder, 'pid'), '--iptables=false', '--ip6tables=false', '--bridge=none'],
  ]
}

async function answers(docker: Docker, child: ChildProcess): Promise<void> {
  const until = performance.now() + START_MS
  for (;;) {
    try {
      await docker.ping()
      return
    } catch (error) {
      if (performance.now() > until || child.exitCode !== null) {
        child.kill('SIGKILL')
        throw new Error('the container daemon of the tests did not start', { cause: error })
      }
      await setTimeout(100)
    }
  }
}

function isStatic(): boolean {
  const path = execFileSync('sh', ['-c', 'command -v busybox'], { encoding: 'utf8' }).trim()
  try {
    return !/=>/.test(execFileSync('ldd', [path], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
  } catch {
    return true
  }
}
