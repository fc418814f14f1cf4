import { type ChildProcess, spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { JobEventReport } from '@souk/requester'
import type { Condition, Session, Setup } from '../harness/benchmark.ts'
import { quantile } from '../harness/statistics.ts'
import { openWarmMarket, type WarmMarket } from '../lease/warm-market.ts'
import { monitorMs } from './libp2p-monitor.ts'
import { type LossyLinks, openLossyLinks } from './lossy-links.ts'
import { SMALL, sellers, spin, within } from './spinning.ts'

/** Providers: one that is stopped, and three that can be asked whether they reach it. */
const PROVIDERS = 4
/** Providers that are stopped in one round, with either standby. */
const STOPS = 4
/** Leases that are watched while the machine is overloaded. */
const WATCHED = 12
/** Milliseconds of overload in each round: ten minutes in five. */
const OVERLOAD_MS = Number(process.env.SOUK_BENCH_OVERLOAD_MS ?? 120_000)
/** Processes per core that take what they get. */
const OVERLOAD = 2
/** Share of the segments of all links that is lost meanwhile, in bursts. */
const LOSS = 0.03
/** Milliseconds between beats: providers are stopped at any moment between two. */
const BEAT_MS = 500
const [MEDIAN_MS, P99_MS] = [3_000, 6_000]

/** What was seen of leases that were watched under overload. */
interface Seen {
  suspected: number
  /** Tasks that were taken from their leases, and leases that were given up. */
  moved: number
}

/** Stops providers in turn, then watches healthy ones on a machine with too much to do. */
export async function openHangSession(setup: Setup): Promise<Session> {
  const links = await openLossyLinks()
  try {
    const market = await openWarmMarket(setup, SMALL, {
      ...{ providers: sellers(PROVIDERS), probed: false },
      nodeFlags: links.nodeFlags,
    })
    links.spare(market.echoAddress)
    return session(setup, market, links)
  } catch (error) {
    await links.stop()
    throw error
  }
}

function session(setup: Setup, market: WarmMarket, links: LossyLinks): Session {
  const warm: number[] = []
  const hot: number[] = []
  const seen: Seen = { suspected: 0, moved: 0 }
  return {
    peerVersion: 'libp2p',
    async round() {
      const ours: number[] = []
      for (let i = 0; i < STOPS; i++) {
        setup.signal.throwIfAborted()
        ours.push(await stopOne(market, 'warm'))
        hot.push(await stopOne(market, 'hot'))
      }
      warm.push(...ours)
      await overload(market, links, seen, setup.signal)
      return { ours, peer: [await monitorMs(market.echoAddress, market.echoPid)], limit: [MEDIAN_MS] }
    },
    ratio: () => Math.max(quantile(warm, 0.5) / MEDIAN_MS, quantile(warm, 0.99) / P99_MS),
    conditions: () => [
      condition('median over three seconds', quantile(warm, 0.5) / MEDIAN_MS, 1),
      condition('99th percentile over six seconds', quantile(warm, 0.99) / P99_MS, 1),
      condition('tasks and leases taken from providers that only had too much to do', seen.moved, 0),
    ],
    remarks: () => [
      `with a hot standby: median ${Math.round(quantile(hot, 0.5))} ms, slowest ${Math.round(Math.max(...hot))} ms`,
      `${WATCHED} leases watched at ${OVERLOAD}x overload and ${LOSS * 100} % loss: suspicions, all refuted: ${seen.suspected}`,
    ],
    async stop() {
      await market.stop()
      await links.stop()
    },
  }
}

/** Stops the provider of a task at any moment, and measures until the task is given to another. */
async function stopOne(market: WarmMarket, level: 'hot' | 'warm'): Promise<number> {
  const spinning = await spin(market, PROVIDERS, level)
  await sleep(Math.random() * BEAT_MS)
  const startMs = performance.now()
  process.kill(spinning.pid, 'SIGSTOP')
  try {
    return (await within('its task runs elsewhere', spinning.moved)) - startMs
  } finally {
    process.kill(spinning.pid, 'SIGCONT')
    await spinning.stop()
  }
}

/** Holds leases over lossy links on a machine with twice as much to do as it can; counts what is said of them. */
async function overload(
  market: WarmMarket,
  links: LossyLinks,
  seen: Seen,
  signal: AbortSignal,
): Promise<void> {
  const jobs = []
  for (let held = 0; held < WATCHED; held += PROVIDERS) jobs.push(await spin(market, PROVIDERS, 'warm'))
  const load = Array.from({ length: OVERLOAD * availableParallelism() }, burn)
  links.lose(LOSS)
  try {
    await sleep(OVERLOAD_MS, undefined, { signal })
  } finally {
    links.lose(0)
    for (const one of load) one.kill('SIGKILL')
  }
  for (const { events, stop } of jobs) {
    seen.suspected += events.filter(({ kind }) => kind === 'suspect').length
    seen.moved += events.filter(isTaken).length
    await stop()
  }
}

function isTaken(event: JobEventReport): boolean {
  return event.kind === 'failed-over' || (event.kind === 'lease-over' && event.phase === 'lost')
}

function burn(): ChildProcess {
  return spawn(process.execPath, ['--eval', 'for (;;) {}'], { stdio: 'ignore' })
}

/** Returns a condition that a value is at most its bound. */
export function condition(name: string, value: number, bound: number): Condition {
  return { name, value: Number(value.toPrecision(4)), op: '<=', bound, ok: value <= bound }
}
