import type { Resources } from '@souk/protocol'
import { createWasmExecutor, type Executor, type RuntimeShare } from '@souk/runtime'
import { afterEach, expect, test } from 'vitest'
import { ExecutorPool } from './executor-pool.ts'

const MIB = 1024 * 1024
const running: Executor[] = []
afterEach(async () => {
  for (const executor of running.splice(0)) await executor.stop()
})

/** Makes a pool of real executors that counts its starts, of which the first may fail. */
function countedPool({ failsFirst = false, isScheduled = false }) {
  let starts = 0
  const start = async (options: RuntimeShare) => {
    starts += 1
    if (failsFirst && starts === 1) throw new Error('no memory left for a process')
    const executor = await createWasmExecutor({ ...options, engine: 'wasm/1' })
    running.push(executor)
    return executor
  }
  const problems: unknown[] = []
  const pool = new ExecutorPool({ start, isScheduled }, (_, error) => problems.push(error))
  return { pool, problems, starts: () => starts }
}

function cores(count: number): Resources {
  return { millicores: 1000 * count, memoryBytes: count * MIB, diskBytes: 0, gpus: [] }
}

test('the reserve goes to the lease of its size, and only once', async () => {
  const { pool, starts } = countedPool({})
  pool.prepare(cores(2), 'wasm/1')
  await pool.take(cores(1), 'wasm/1')
  expect(starts()).toBe(2)
  await pool.take(cores(2), 'wasm/1')
  expect(starts()).toBe(2)
  await pool.take(cores(2), 'wasm/1')
  expect(starts()).toBe(3)
  await pool.stop()
})

test('a reserve that did not start is started again for its lease', async () => {
  const { pool, starts } = countedPool({ failsFirst: true })
  pool.prepare(cores(1), 'wasm/1')
  await pool.take(cores(1), 'wasm/1')
  expect(starts()).toBe(2)
})

test('a reserve of another size gives way, and one that does not stop is told of', async () => {
  const { pool, problems } = countedPool({})
  pool.prepare(cores(1), 'wasm/1')
  const reserve = await pool.take(cores(1), 'wasm/1')
  const stuck = new Error('it does not stop')
  const start = async () => ({ ...reserve, stop: () => Promise.reject(stuck) })
  const other = new ExecutorPool({ start }, (_, error) => problems.push(error))
  other.prepare(cores(1), 'wasm/1')
  other.prepare(cores(2), 'wasm/1')
  await new Promise((resolve) => setImmediate(resolve))
  expect(problems).toEqual([stuck])
})

test('a place that others use too has no reserve, and is asked for when there is a lease', async () => {
  const { pool, starts } = countedPool({ isScheduled: true })
  pool.prepare(cores(1), 'wasm/1')
  expect(starts()).toBe(0)
  await pool.take(cores(1), 'wasm/1', { id: 'lease', seconds: 60 })
  expect(starts()).toBe(1)
})
