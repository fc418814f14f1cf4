import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Session, Setup } from '../harness/benchmark.ts'
import { median } from '../harness/statistics.ts'
import { openWarmMarket, type WarmMarket } from '../lease/warm-market.ts'
import { bullKillMs } from '../queue/bull-kill.ts'
import { openGearman } from '../queue/gearman.ts'
import { condition } from './hang-session.ts'
import { SMALL, sellers, spin, until, within } from './spinning.ts'

/** One provider that is killed, and one that stands by. */
const PROVIDERS = 2
/** Kills in one round. */
const KILLS = 5
/** What BullMQ takes half a minute to a minute for may take so much of that. */
const MOST_OF_BULL = 0.002

/** Kills providers and workers of queues in turn; BullMQ once, because each time takes up to a minute. */
export async function openKillSession(setup: Setup): Promise<Session> {
  const gearman = await openGearman()
  const stops: (() => Promise<void>)[] = [() => gearman.stop()]
  const stop = async () => {
    for (const one of stops.splice(0).toReversed()) await one()
  }
  const all: number[] = []
  const given: number[] = []
  let bullMs = Number.NaN
  try {
    const market = await openWarmMarket(setup, SMALL, { providers: sellers(PROVIDERS), probed: true })
    stops.push(() => market.stop())
    return {
      peerVersion: gearman.version,
      async round() {
        if (Number.isNaN(bullMs)) bullMs = await bullKillMs()
        const round = { ours: [] as number[], peer: [] as number[], limit: [] as number[] }
        for (let i = 0; i < KILLS; i++) {
          setup.signal.throwIfAborted()
          const { begunMs, givenMs } = await killOne(market, setup.signal)
          round.ours.push(begunMs)
          given.push(givenMs)
          round.peer.push(await gearman.killOne())
          round.limit.push(await exitMs())
        }
        all.push(...round.ours)
        return round
      },
      conditions: () => [
        condition('of what BullMQ takes by its defaults', median(all) / bullMs, MOST_OF_BULL),
      ],
      remarks: () => [
        `given to the other lease, journalled, after ${median(given).toFixed(1)} ms`,
        `BullMQ took ${Math.round(bullMs)} ms, once`,
      ],
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Kills the provider of a task; returns when that was given to the other, and when it began there. */
async function killOne(
  market: WarmMarket,
  signal: AbortSignal,
): Promise<{ givenMs: number; begunMs: number }> {
  const begun = market.provider.times('started').length
  const spinning = await spin(market, PROVIDERS, 'warm')
  await market.provider.next('started', begun, signal)
  const [startMs, startNs] = [performance.now(), process.hrtime.bigint()]
  process.kill(spinning.pid, 'SIGKILL')
  const givenMs = (await within('its task runs elsewhere', spinning.moved)) - startMs
  const begunMs = Number((await market.provider.next('started', begun + 1, signal)) - startNs) / 1e6
  await spinning.stop()
  await market.restart(spinning.name)
  await until('it sells again', () => market.requester.offers(SMALL).fits >= PROVIDERS)
  return { givenMs, begunMs }
}

/** What nobody can be quicker than: a child's end, told to the process that started it. */
async function exitMs(): Promise<number> {
  const child = spawn(process.execPath, ['--eval', 'process.stdin.resume()'], {
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  await once(child, 'spawn')
  const exited = once(child, 'exit')
  const startMs = performance.now()
  child.kill('SIGKILL')
  await exited
  return performance.now() - startMs
}
