import { setTimeout as sleep } from 'node:timers/promises'
import { condition } from '../failover/hang-session.ts'
import { SMALL, sellers, until, within } from '../failover/spinning.ts'
import type { Session, Setup } from '../harness/benchmark.ts'
import { median } from '../harness/statistics.ts'
import { openWarmMarket, type WarmMarket } from '../lease/warm-market.ts'
import { type Climb, LEASES, startClimb } from './climb.ts'

/** About a second between saves, on an idle machine; the runner passes over those within 250 ms of another. */
const SAVING: Climb = { steps: 6, work: 1_000_000 }
/** The same work at once. */
const AT_ONCE: Climb = { steps: 1, work: SAVING.steps * SAVING.work }
/** Kills of a task that saves in one round, one each of one that does not, and pairs of both that nobody kills. */
const [KILLS, PEER_KILLS, PAIRS] = [3, 1, 2]
/** Checkpoints that are kept before a kill. */
const KEPT = 2
/** What checkpoints may cost, of the time without. */
const MOST_COST = 0.05

/** What a kill cost, in milliseconds. */
interface Loss {
  readonly lostMs: number
  /** Between two saves. */
  readonly intervalMs: number
  /** The longest way of a checkpoint, from its save until the requester has it. */
  readonly keepingMs: number
}

/** Kills providers of tasks that save their state, and of one that does not, and measures what saving costs. */
export async function openCheckpointSession(setup: Setup): Promise<Session> {
  const { signal } = setup
  const market = await openWarmMarket(setup, SMALL, { providers: sellers(LEASES), probed: true })
  const losses: Loss[] = []
  const saving: number[] = []
  const atOnce: number[] = []
  return {
    peerVersion: 'Souk without checkpoints',
    async round() {
      const round = { ours: [] as number[], peer: [] as number[], limit: [] as number[] }
      for (let i = 0; i < KILLS; i++) {
        const loss = await killSaving(market, signal)
        losses.push(loss)
        round.ours.push(loss.lostMs)
        round.limit.push(loss.intervalMs)
        if (i < PEER_KILLS) round.peer.push(await killOther(market, loss.intervalMs, signal))
      }
      for (let i = 0; i < PAIRS; i++) {
        saving.push(await undisturbed(market, SAVING))
        atOnce.push(await undisturbed(market, AT_ONCE))
      }
      return round
    },
    conditions: () => [
      condition(
        'most that one kill lost, over an interval and the way of a checkpoint to the requester',
        Math.max(...losses.map(({ lostMs, intervalMs, keepingMs }) => lostMs / (intervalMs + keepingMs))),
        1,
      ),
      condition('time that checkpoints cost, over that without', cost(saving, atOnce), MOST_COST),
    ],
    remarks: () => [
      `most that one kill lost: ${Math.max(...losses.map(({ lostMs, intervalMs }) => lostMs / intervalMs)).toFixed(2)} intervals`,
      `a checkpoint is at the requester ${median(losses.map(({ keepingMs }) => keepingMs)).toFixed(0)} ms after its save`,
    ],
    stop: () => market.stop(),
  }
}

function cost(saving: readonly number[], atOnce: readonly number[]): number {
  return median(saving) / median(atOnce) - 1
}

/** Kills the provider of a task that saves at any moment between two saves, and sees where the next goes on. */
async function killSaving(market: WarmMarket, signal: AbortSignal): Promise<Loss> {
  signal.throwIfAborted()
  const { provider } = market
  const before = provider.times('saved').length
  const climbing = await startClimb(market, SAVING)
  await until('some checkpoints are kept', () => climbing.keptNs.length >= KEPT)
  const saves = () => provider.times('saved').slice(before)
  await sleep(Math.random() * meanGapMs(saves()))
  const killedNs = process.hrtime.bigint()
  process.kill(climbing.pid, 'SIGKILL')
  const savedNs = saves()
  const { first } = await climbing.result()
  await revive(market, climbing.name)
  const from = savedNs[first - 1]
  if (from === undefined)
    throw new Error(`expected one of ${savedNs.length} saves to be gone on from, got ${first}`)
  const ways = climbing.keptNs.slice(0, first).map((keptNs, i) => toMs(keptNs - (savedNs[i] ?? keptNs)))
  return {
    lostMs: toMs(killedNs - from),
    intervalMs: meanGapMs(savedNs),
    keepingMs: Math.max(...ways),
  }
}

/** Does the same to a task that saves nothing before its end; returns milliseconds of work that are lost. */
async function killOther(market: WarmMarket, intervalMs: number, signal: AbortSignal): Promise<number> {
  signal.throwIfAborted()
  const { provider } = market
  const before = provider.times('started').length
  const climbing = await startClimb(market, AT_ONCE)
  const startedNs = await provider.next('started', before, signal)
  const isOver = climbing.job.finished.then(() => true)
  const goesOn = sleep((KEPT + Math.random()) * intervalMs).then(() => false)
  if (await Promise.race([isOver, goesOn])) {
    // The machine had less to do than before: it was done too soon.
    await climbing.stop()
    return killOther(market, intervalMs / 2, signal)
  }
  const killedNs = process.hrtime.bigint()
  process.kill(climbing.pid, 'SIGKILL')
  await within('its task runs elsewhere', climbing.movedNs)
  if (climbing.keptNs.length > 0) throw new Error('expected a task without checkpoints')
  await climbing.stop()
  await revive(market, climbing.name)
  return toMs(killedNs - startedNs)
}

/** Returns the milliseconds from giving a task to a lease until its result is accepted. */
async function undisturbed(market: WarmMarket, climb: Climb): Promise<number> {
  const climbing = await startClimb(market, climb)
  const { acceptedNs } = await climbing.result()
  return toMs(acceptedNs - climbing.givenNs)
}

async function revive(market: WarmMarket, name: string): Promise<void> {
  await market.restart(name)
  await until('it sells again', () => market.requester.offers(SMALL).fits >= LEASES)
}

function meanGapMs(times: readonly bigint[]): number {
  const [first, last] = [times[0], times.at(-1)]
  if (first === undefined || last === undefined || times.length < 2) throw new Error('expected two saves')
  return toMs(last - first) / (times.length - 1)
}

function toMs(ns: bigint): number {
  return Number(ns) / 1e6
}
