import type { Session, Setup } from '../harness/benchmark.ts'
import { cpuMs } from '../harness/cpu-time.ts'
import { median } from '../harness/statistics.ts'
import { DEMAND } from '../lease/one-lease.ts'
import { openWarmMarket } from '../lease/warm-market.ts'
import { type Bull, openBull } from '../queue/bull.ts'
import { openWarmJob, type WarmJob } from '../task/warm-job.ts'
import { openBareExecutor } from './bare-executor.ts'

/** Tasks of one measurement: seconds, so that beats, vouchers and collections of garbage are in it. */
const TASKS = 5_000
/** Measurements before the first round. */
const WARM_UP = 2
const CONCURRENCY = 50
const PROVIDERS = [
  { name: 'provider-1', share: 0.5, coreHour: '0.10' },
  { name: 'provider-2', share: 0.5, coreHour: '0.10' },
]

/** What is measured in turn. */
interface Sides {
  readonly job: WarmJob
  readonly bull: Bull
  /** Runs so many tasks of nothing; returns milliseconds. */
  bare(count: number): Promise<number>
}

/** Starts queue and market and measures batches of tasks and of jobs in turn. */
export async function openThroughputSession(setup: Setup): Promise<Session> {
  const { signal, step } = setup
  const bull = await openBull(CONCURRENCY, signal)
  const stops = [() => bull.stop()]
  const stop = async () => {
    for (const one of stops.splice(0).toReversed()) await one()
  }
  try {
    const demand = { ...DEMAND, durationSeconds: 1_800 }
    const market = await openWarmMarket(setup, demand, { providers: PROVIDERS, probed: false })
    stops.push(() => market.stop())
    const job = await openWarmJob(market, PROVIDERS.length)
    stops.push(() => job.stop())
    const executor = await openBareExecutor(PROVIDERS.length)
    stops.push(() => executor.stop())
    const sides = { job, bull, bare: executor.run }
    step(`${WARM_UP} times ${TASKS} tasks to warm up`)
    for (let i = 0; i < WARM_UP; i++) await measure(sides, { ours: [], peer: [] }, signal)
    return session(sides, signal, stop)
  } catch (error) {
    await stop()
    throw error
  }
}

/** Microseconds of processor per task of each measurement, of all processes together. */
interface Costs {
  readonly ours: number[]
  readonly peer: number[]
}

async function measure({ job, bull, bare }: Sides, costs: Costs, signal: AbortSignal) {
  signal.throwIfAborted()
  const rate = (ms: number) => (TASKS * 1_000) / ms
  return {
    ours: [rate(await costed(costs.ours, () => job.submit(TASKS)))],
    peer: [rate(await costed(costs.peer, () => bull.many(TASKS)))],
    limit: [rate(await bare(TASKS))],
  }
}

/** Notes what `run` costs per task, where the system tells. */
async function costed(costs: number[], run: () => Promise<number>): Promise<number> {
  const before = cpuMs()
  const ms = await run()
  const after = cpuMs()
  if (before !== null && after !== null) costs.push(((after - before) * 1_000) / TASKS)
  return ms
}

function session(sides: Sides, signal: AbortSignal, stop: () => Promise<void>): Session {
  const costs: Costs = { ours: [], peer: [] }
  return {
    peerVersion: sides.bull.version,
    round: () => measure(sides, costs, signal),
    conditions: () => [],
    remarks: () => [
      `${TASKS} tasks a time, on one machine with everything else that takes part`,
      ...(costs.ours.length === 0 ? [] : [costRemark(costs)]),
    ],
    stop,
  }
}

function costRemark({ ours, peer }: Costs): string {
  const [a, b] = [median(ours).toFixed(0), median(peer).toFixed(0)]
  return `processor per task, of all processes together: ours ${a} µs, the peer ${b} µs`
}
