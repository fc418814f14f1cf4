import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startChild } from '../../packages/cli/src/local-market/child.ts'
import { MissingPeer } from '../harness/benchmark.ts'
import { startRedis } from './redis.ts'

/** A BullMQ queue over Redis with one worker process; jobs do nothing. */
export interface Bull {
  readonly version: string
  /** Adds one job and waits for its result; returns milliseconds. */
  one(): Promise<number>
  /** Adds `count` jobs at once and waits until all results are known; returns milliseconds. */
  many(count: number): Promise<number>
  stop(): Promise<void>
}

const WORKER = fileURLToPath(new URL('./worker.ts', import.meta.url))
const QUEUE = 'souk-bench'

/** Starts Redis, the queue and its worker with `concurrency` jobs at the same time. Throws {@link MissingPeer}. */
export async function openBull(concurrency: number, signal: AbortSignal): Promise<Bull> {
  const { Queue, QueueEvents } = await loadBull()
  const folder = await mkdtemp(join(tmpdir(), 'souk-bench-redis-'))
  const stops: (() => Promise<void>)[] = [() => rm(folder, { recursive: true, force: true })]
  const stop = async () => {
    for (const one of stops.splice(0).toReversed()) await one()
  }
  try {
    const redis = await startRedis(folder)
    stops.push(redis.stop)
    const args = [String(redis.port), QUEUE, String(concurrency)]
    const logFile = join(folder, 'worker.log')
    const worker = await startChild({ name: 'the BullMQ worker', script: WORKER, args, logFile, signal })
    stops.push(() => worker.stop())
    const connection = { host: '127.0.0.1', port: redis.port }
    const queue = new Queue(QUEUE, { connection })
    stops.push(() => queue.close())
    const events = new QueueEvents(QUEUE, { connection })
    stops.push(() => events.close())
    await events.waitUntilReady()
    return {
      version: `BullMQ ${bullVersion()} on Redis ${redis.version}`,
      async one() {
        const startMs = performance.now()
        const job = await queue.add('nothing', {})
        await job.waitUntilFinished(events)
        return performance.now() - startMs
      },
      async many(count) {
        const startMs = performance.now()
        const done = untilCompleted(events, count)
        await queue.addBulk(Array.from({ length: count }, () => ({ name: 'nothing', data: {} })))
        await done
        return performance.now() - startMs
      },
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

function untilCompleted(events: import('bullmq').QueueEvents, count: number): Promise<void> {
  return new Promise((resolve) => {
    let missing = count
    const onCompleted = () => {
      missing -= 1
      if (missing > 0) return
      events.off('completed', onCompleted)
      resolve()
    }
    events.on('completed', onCompleted)
  })
}

async function loadBull(): Promise<typeof import('bullmq')> {
  try {
    return await import('bullmq')
  } catch {
    throw new MissingPeer('expected the packages of the benchmarks; install them: npm install --prefix bench')
  }
}

function bullVersion(): string {
  return createRequire(import.meta.url)('bullmq/package.json').version
}
