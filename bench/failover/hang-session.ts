import { type ChildProcess, spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Condition, Session, Setup } from '../harness/benchmark.ts'
import { quantile } from '../harness/statistics.ts'
import { openWarmMarket, type WarmMarket } from '../lease/warm-market.ts'
import { monitorMs } from './libp2p-monitor.ts'
import { SMALL, sellers, spin } from './spinning.ts'

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
const [MEDIAN_MS, P99_MS] = [3_000, 6_000]

/** Stops providers in turn, then watches healthy ones on a machine with too much to do. */
export async function openHangSession(setup: Setup): Promise<Session> {
  const market = await openWarmMarket(setup, SMALL, { providers: sellers(PROVIDERS), probed: false })
  const all: number[] = []
  const warm: number[] = []
  const seen = { suspected: 0, moved: 0 }
  return {
    peerVersion: 'libp2p',
    async round() {
      const ours: number[] = []
      for (let i = 0; i < STOPS; i++) {
        setup.signal.throwIfAborted()
        ours.push(await stopOne(market, 'hot'))
        warm.push(await stopOne(market, 'warm'))
      }
      all.push(...ours)
      await overload(market, seen, setup.signal)
      return { ours, peer: [await monitorMs(market.echoAddress, market.echoPid)], limit: [MEDIAN_MS] }
    },
    conditions: () => [
      condition('p99 over six seconds', quantile(all, 0.99) / P99_MS, 1),
      condition('tasks moved from providers that only had too much to do', seen.moved, 0),
    ],
    remarks: () => [
      `with a warm standby: median ${Math.round(quantile(warm, 0.5))} ms, slowest ${Math.round(Math.max(...warm))} ms`,
      `suspicions under overload, all refuted: ${seen.suspected}`,
    ],
    stop: () => market.stop(),
  }
}

async function stopOne(market: WarmMarket, level: 'hot' | 'warm'): Promise<number> {
  const spinning = await spin(market, PROVIDERS, level)
  const startMs = performance.now()
  process.kill(spinning.pid, 'SIGSTOP')
  try {
    return (await spinning.moved) - startMs
  } finally {
    process.kill(spinning.pid, 'SIGCONT')
    await spinning.stop()
  }
}

/** Holds leases for a while on a machine with twice as much to do as it can; counts what is said of them. */
async function overload(
  market: WarmMarket,
  seen: { suspected: number; moved: number },
  signal: AbortSignal,
): Promise<void> {
  const jobs = []
  for (let held = 0; held < WATCHED; held += PROVIDERS) jobs.push(await spin(market, PROVIDERS, 'warm'))
  const load = Array.from({ length: OVERLOAD * availableParallelism() }, burn)
  try {
    await sleep(OVERLOAD_MS, undefined, { signal })
  } finally {
    for (const one of load) one.kill('SIGKILL')
  }
  for (const { events, stop } of jobs) {
    seen.suspected += events.filter(({ kind }) => kind === 'suspect').length
    seen.moved += events.filter(({ kind }) => kind === 'failed-over').length
    await stop()
  }
}

function burn(): ChildProcess {
  return spawn(process.execPath, ['--eval', 'for (;;) {}'], { stdio: 'ignore' })
}

/** Returns a condition that a value is at most its bound. */
export function condition(name: string, value: number, bound: number): Condition {
  return { name, value: Number(value.toPrecision(4)), op: '<=', bound, ok: value <= bound }
}
