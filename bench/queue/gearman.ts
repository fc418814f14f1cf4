import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { MissingPeer } from '../harness/benchmark.ts'
import { freePort } from './free-port.ts'
import { packet, SUBMIT_JOB_BG } from './gearman-wire.ts'

/** A gearman server of our own on a loopback port. */
export interface Gearman {
  readonly version: string
  /** Kills a worker in the middle of a job; returns milliseconds until another, which waits, has begun it. */
  killOne(): Promise<number>
  stop(): Promise<void>
}

const WORKER = fileURLToPath(new URL('./gearman-worker.ts', import.meta.url))
/** Milliseconds for the server to listen. */
const START_MS = 10_000
const LOOK_MS = 20

/** Starts the server as it is by default. Throws {@link MissingPeer}. */
export async function openGearman(): Promise<Gearman> {
  const { status, stdout } = spawnSync('gearmand', ['--version'], { encoding: 'utf8' })
  const version = /gearmand (\S+)/.exec(stdout ?? '')?.[1]
  if (status !== 0 || version === undefined) {
    throw new MissingPeer(
      'expected gearmand on the path; install it, for example: apt-get install gearman-job-server',
    )
  }
  const port = await freePort()
  const server = spawn(
    'gearmand',
    ['--listen', '127.0.0.1', '--port', String(port), '--log-file', 'stderr'],
    {
      stdio: 'ignore',
    },
  )
  const client = await reach(port)
  return {
    version: `gearman ${version}`,
    async killOne() {
      const busy = await startWorker(port)
      const queue = `spin-${performance.now()}`
      client.write(packet(SUBMIT_JOB_BG, 'spin', queue, ''))
      await busy.began
      const waiting = await startWorker(port)
      const startMs = performance.now()
      busy.child.kill('SIGKILL')
      const ms = (await waiting.began) - startMs
      await finish(waiting.child)
      return ms
    },
    async stop() {
      client.destroy()
      await finish(server)
    },
  }
}

/** Starts a worker; it ends its job when it is told to end itself, so that nothing is left for the next. */
async function startWorker(port: number): Promise<{ child: ChildProcess; began: Promise<number> }> {
  const child = spawn(process.execPath, [WORKER, String(port)], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ready = Promise.withResolvers<void>()
  const began = Promise.withResolvers<number>()
  if (child.stdout === null) throw new Error('expected the words of the worker')
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line === 'ready') ready.resolve()
    if (line === 'began') began.resolve(performance.now())
  })
  await ready.promise
  return { child, began: began.promise }
}

async function finish(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit')
  if (child.stdin === null) child.kill()
  else child.stdin.end()
  await exited
}

async function reach(port: number): Promise<Socket> {
  for (const end = performance.now() + START_MS; performance.now() < end; await sleep(LOOK_MS)) {
    const socket = connect(port, '127.0.0.1')
    const isOpen = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false)
    if (isOpen) return socket
  }
  throw new Error('expected gearmand to listen')
}
