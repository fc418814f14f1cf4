import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { MissingPeer } from '../harness/benchmark.ts'
import { startRedis } from './redis.ts'

const HOLDER = fileURLToPath(new URL('./bull-holder.ts', import.meta.url))
const QUEUE = 'souk-bench-kill'

/**
 * Kills a BullMQ worker in the middle of a job; returns milliseconds until another, which waits, has begun it.
 *
 * Throws {@link MissingPeer}.
 */
export async function bullKillMs(): Promise<number> {
  const { Queue } = await import('bullmq').catch(() => {
    throw new MissingPeer('expected the packages of the benchmarks; install them: npm install --prefix bench')
  })
  const folder = await mkdtemp(join(tmpdir(), 'souk-bench-redis-'))
  const redis = await startRedis(folder)
  const queue = new Queue(QUEUE, { connection: { host: '127.0.0.1', port: redis.port } })
  const holders: ChildProcess[] = []
  try {
    const busy = holder(redis.port, holders)
    await busy.ready
    await queue.add('hold', {})
    await busy.began
    const waiting = holder(redis.port, holders)
    await waiting.ready
    const startMs = performance.now()
    busy.child.kill('SIGKILL')
    return (await waiting.began) - startMs
  } finally {
    for (const child of holders) child.kill('SIGKILL')
    await Promise.all(holders.map((child) => child.exitCode ?? child.signalCode ?? once(child, 'exit')))
    await queue.close()
    await redis.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

function holder(port: number, all: ChildProcess[]) {
  const child = spawn(process.execPath, [HOLDER, String(port), QUEUE], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  all.push(child)
  const ready = Promise.withResolvers<void>()
  const began = Promise.withResolvers<number>()
  if (child.stdout === null) throw new Error('expected the words of the worker')
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line === 'ready') ready.resolve()
    if (line === 'began') began.resolve(performance.now())
  })
  return { child, ready: ready.promise, began: began.promise }
}
