import { randomBytes } from 'node:crypto'
import { addressOf, requireSigned, signStruct } from '@souk/protocol'
import type { Condition, Round, Session, Setup } from '../harness/benchmark.ts'
import { quantile } from '../harness/statistics.ts'
import { DEMAND } from '../lease/one-lease.ts'
import { openRawStream, type RawStream } from '../lease/raw-trips.ts'
import { openWarmMarket, type WarmMarket } from '../lease/warm-market.ts'
import { type Bull, openBull } from '../queue/bull.ts'
import { openWarmJob, type WarmJob } from './warm-job.ts'

/** Tasks in one round. */
const TASKS = 200
/** Tasks before the first round: all processes compile their code while they last. */
const WARM_UP = 1_000
/** Bytes of a `run` frame with the program, and of the `results` frame that answers it. */
const TRIP = { bytes: 420, answerBytes: 330 } as const
const PROVIDERS = [{ name: 'provider-1', share: 1, coreHour: '0.10' }]

/** Starts queue and market and measures single tasks, jobs and raw trips in turn. */
export async function openTaskSession(setup: Setup): Promise<Session> {
  const { signal, step } = setup
  const bull = await openBull(1, signal)
  const stops = [() => bull.stop()]
  const stop = async () => {
    for (const one of stops.splice(0).toReversed()) await one()
  }
  try {
    const market = await openWarmMarket(setup, DEMAND, { providers: PROVIDERS, probed: false })
    stops.push(() => market.stop())
    const raw = await openRawStream(market.requester.node, market.echoAddress)
    stops.push(() => raw.close())
    const job = await openWarmJob(market, 1)
    stops.push(() => job.stop())
    const limit = rawTask(market, raw)
    step(`${WARM_UP} tasks to warm up`)
    for (let i = 0; i < WARM_UP; i++) await measureOnce(job, bull, limit)
    return session(job, bull, limit, signal, stop)
  } catch (error) {
    await stop()
    throw error
  }
}

async function measureOnce(job: WarmJob, bull: Bull, limit: () => Promise<number>) {
  return { ours: await job.submit(1), peer: await bull.one(), limit: await limit() }
}

function session(
  job: WarmJob,
  bull: Bull,
  limit: () => Promise<number>,
  signal: AbortSignal,
  stop: () => Promise<void>,
): Session {
  const all = { ours: [] as number[], peer: [] as number[] }
  return {
    peerVersion: bull.version,
    async round() {
      const round = { ours: [] as number[], peer: [] as number[], limit: [] as number[] } satisfies Round
      for (let i = 0; i < TASKS; i++) {
        signal.throwIfAborted()
        const sample = await measureOnce(job, bull, limit)
        round.ours.push(sample.ours)
        round.peer.push(sample.peer)
        round.limit.push(sample.limit)
      }
      all.ours.push(...round.ours)
      all.peer.push(...round.peer)
      return round
    },
    conditions: () => [slowest(all.ours, all.peer)],
    remarks: () => [],
    stop,
  }
}

function slowest(ours: readonly number[], peer: readonly number[]): Condition {
  const value = Number((quantile(ours, 0.99) / quantile(peer, 0.99)).toPrecision(4))
  return { name: 'p99 of ours over p99 of the peer', value, op: '<=', bound: 0.5, ok: value <= 0.5 }
}

/** What cannot be less: the bytes there and back, the provider's signature and its check. */
function rawTask({ network }: WarmMarket, raw: RawStream): () => Promise<number> {
  const key = new Uint8Array(randomBytes(32))
  const signer = addressOf(key)
  const digest = `0x${'11'.repeat(32)}` as const
  const batch = { lease: digest, root: digest }
  return async () => {
    const tripMs = await raw.measure([TRIP])
    const startMs = performance.now()
    requireSigned(network, 'ResultBatch', batch, signStruct(key, network, 'ResultBatch', batch), signer)
    return tripMs + performance.now() - startMs
  }
}
