import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { MissingPeer } from '../harness/benchmark.ts'
import { freePort } from './free-port.ts'

/** A Redis server of our own on a loopback port. */
export interface Redis {
  readonly port: number
  readonly version: string
  stop(): Promise<void>
}

/** Starts Redis with its data in `folder`, saved as it is by default. Throws {@link MissingPeer}. */
export async function startRedis(folder: string): Promise<Redis> {
  const { status, stdout } = spawnSync('redis-server', ['--version'], { encoding: 'utf8' })
  const version = /v=(\S+)/.exec(stdout ?? '')?.[1]
  if (status !== 0 || version === undefined) {
    throw new MissingPeer(
      'expected redis-server on the path; install it, for example: apt-get install redis-server',
    )
  }
  const port = await freePort()
  const child = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const stop = async () => {
    child.kill()
    await exited
  }
  try {
    await untilReady(child)
  } catch (error) {
    await stop()
    throw error
  }
  return { port, version, stop }
}

async function untilReady(child: ChildProcess): Promise<void> {
  if (child.stdout === null) throw new Error('expected the words of Redis')
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.includes('Ready to accept connections')) continue
    child.stdout.resume()
    return
  }
  throw new Error('expected Redis to start, it ended')
}
