import { readFile } from 'node:fs/promises'
import { type Task, toBlocks } from '@souk/protocol'
import { createWasmExecutor, type Executor } from '@souk/runtime'
import type { Condition, Session, Setup } from '../harness/benchmark.ts'
import { cpuMs } from '../harness/cpu-time.ts'
import { median } from '../harness/statistics.ts'
import { DEMAND, TASK } from '../lease/one-lease.ts'
import { openWarmMarket, type WarmMarket } from '../lease/warm-market.ts'
import { openWarmJob, type WarmJob } from '../task/warm-job.ts'

/** Tasks of each kind in one round. */
const TASKS = 12
const WARM_UP = 6
/** Mebibytes that a task hashes: some tenths of a second, in which two of them share the cores. */
const MEBIBYTES = 64
const DEADLINE_MS = 60_000
const MEMORY_BYTES = 64 * 1024 * 1024
const PROVIDERS = [1, 2, 3].map((n) => ({ name: `provider-${n}`, share: 1, coreHour: '0.10' }))

/** What is measured in turn. */
interface Sides {
  readonly quorum: WarmJob
  readonly single: WarmJob
  /** Runs one task in the executor alone; returns milliseconds. */
  bare(): Promise<number>
}

/** Starts the market and measures tasks of both kinds, and bare ones, in turn. */
export async function openRedundancySession(setup: Setup): Promise<Session> {
  const stops: (() => Promise<void>)[] = []
  const stop = async () => {
    for (const one of stops.splice(0).toReversed()) await one()
  }
  try {
    const demand = { ...DEMAND, durationSeconds: 1_800 }
    const market = await openWarmMarket(setup, demand, { providers: PROVIDERS, probed: false })
    stops.push(() => market.stop())
    const program = await readFile(new URL('../../packages/runtime/programs/sha256.wasm', import.meta.url))
    const work = { program, task: hashing(program) }
    const single = await openJob(market, work, { k: 1, n: 1 }, 1)
    stops.push(() => single.stop())
    const quorum = await openJob(market, work, { k: 2, n: 3 }, 2)
    stops.push(() => quorum.stop())
    const executor = await createWasmExecutor({ memoryBytes: MEMORY_BYTES })
    stops.push(() => executor.stop())
    const sides = { quorum, single, bare: () => runBare(executor, work, setup.signal) }
    setup.step(`${WARM_UP} tasks of each kind to warm up`)
    const costs = { ours: [], peer: [] }
    for (let i = 0; i < WARM_UP; i++) await measureOnce(sides, costs)
    return session(sides, setup.signal, stop)
  } catch (error) {
    await stop()
    throw error
  }
}

interface Work {
  readonly program: Uint8Array
  readonly task: Task
}

function hashing(program: Uint8Array): Task {
  const limits = { ...TASK.limits, pages: 64 }
  return { ...TASK, program: toBlocks(program).content.cid, args: [`${MEBIBYTES}`, '1'], limits }
}

function openJob(
  market: WarmMarket,
  { program, task }: Work,
  assurance: { k: number; n: number },
  leases: number,
): Promise<WarmJob> {
  return openWarmJob(market, leases, { assurance, content: [program], task, deadlineMs: DEADLINE_MS })
}

async function runBare(executor: Executor, { program, task }: Work, signal: AbortSignal): Promise<number> {
  const startMs = performance.now()
  const execution = { id: 'bare', n: 1, task, deadlineMs: DEADLINE_MS, content: async () => program }
  const outcome = await executor.run(execution, signal)
  if (outcome.kind !== 'output') throw new Error(`expected a hash, got ${outcome.message}`)
  return performance.now() - startMs
}

/** Milliseconds of processor of each task, of all processes together. */
interface Costs {
  readonly ours: number[]
  readonly peer: number[]
}

async function measureOnce({ quorum, single, bare }: Sides, costs: Costs) {
  const ours = await costed(costs.ours, () => quorum.submit(1))
  const peer = await costed(costs.peer, () => single.submit(1))
  return { ours, peer, limit: await bare() }
}

async function costed(costs: number[], run: () => Promise<number>): Promise<number> {
  const before = cpuMs()
  const ms = await run()
  const after = cpuMs()
  if (before !== null && after !== null) costs.push(after - before)
  return ms
}

function session(sides: Sides, signal: AbortSignal, stop: () => Promise<void>): Session {
  const costs: Costs = { ours: [], peer: [] }
  return {
    peerVersion: 'Souk without redundancy',
    async round() {
      const round = { ours: [] as number[], peer: [] as number[], limit: [] as number[] }
      for (let i = 0; i < TASKS; i++) {
        signal.throwIfAborted()
        const sample = await measureOnce(sides, costs)
        round.ours.push(sample.ours)
        round.peer.push(sample.peer)
        round.limit.push(sample.limit)
      }
      return round
    },
    conditions: () => (costs.ours.length === 0 ? [] : [processor(costs)]),
    remarks: () => [`each task hashes ${MEBIBYTES} MiB; both replicas share the cores of this machine`],
    stop,
  }
}

function processor({ ours, peer }: Costs): Condition {
  const value = Number((median(ours) / median(peer)).toPrecision(4))
  const name = 'processor time of all processes, times that of one execution'
  return { name, value, op: '<=', bound: 2.2, ok: value <= 2.2 }
}
