import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Round, Session, Setup } from '../harness/benchmark.ts'
import { median } from '../harness/statistics.ts'
import { DEMAND, type LeaseSample, leaseOnce } from './one-lease.ts'
import { openRawStream, type RawStream } from './raw-trips.ts'
import { measureSignatures } from './signatures.ts'
import { openWarmMarket, type WarmMarket } from './warm-market.ts'
import { watchStreams } from './watched-streams.ts'

/** Leases in one round. */
const LEASES = 20
/** Quotes and leases before the first round: both processes compile their code while they last. */
const WARM_UP = { quotes: 300, leases: 30 } as const
/** Milliseconds between the raw measurement and the next lease: each side begins from the same quiet. */
const QUIET_MS = 100

/** Starts a market, warms it up and measures leases, raw round trips and signatures in turn. */
export async function openLeaseSession(setup: Setup): Promise<Session> {
  const market = await openWarmMarket(setup, DEMAND)
  try {
    const { signal, step } = setup
    const streams = watchStreams(market.requester.node)
    const take = () => leaseOnce(market, streams.latest, signal)
    const raw = await openRawStream(market.requester.node, market.echoAddress)
    const beside = rawMeasurement(market, raw)
    step(`${WARM_UP.quotes} quotes and ${WARM_UP.leases} leases to warm up`)
    for (let i = 0; i < WARM_UP.quotes; i++) await market.requester.quote(DEMAND)
    for (let i = 0; i < WARM_UP.leases; i++) await beside.measure(await take())
    beside.forget()
    return session(market, raw, beside, take, signal)
  } catch (error) {
    await market.stop()
    throw error
  }
}

function session(
  market: WarmMarket,
  raw: RawStream,
  beside: RawMeasurement,
  take: () => Promise<LeaseSample>,
  signal: AbortSignal,
): Session {
  const openMs: number[] = []
  return {
    peerVersion: `libp2p ${libp2pVersion()}`,
    async round() {
      const round = { ours: [] as number[], peer: [] as number[], limit: [] as number[] } satisfies Round
      for (let i = 0; i < LEASES; i++) {
        const sample = await take()
        const { tripsMs, signaturesMs } = await beside.measure(sample)
        round.ours.push(sample.ms)
        round.peer.push(tripsMs)
        round.limit.push(tripsMs + signaturesMs)
        openMs.push(sample.openMs)
        await sleep(QUIET_MS, undefined, { signal })
      }
      return round
    },
    conditions: () => [],
    remarks: () => [
      `the four signatures alone: ${median(beside.signatures).toPrecision(3)} ms`,
      `opening the stream, before the demand: ${median(openMs).toPrecision(3)} ms`,
    ],
    async stop() {
      await raw.close()
      await market.stop()
    },
  }
}

/** The raw side, measured once beside each lease and from the same quiet. */
interface RawMeasurement {
  measure(sample: LeaseSample): Promise<{ tripsMs: number; signaturesMs: number }>
  readonly signatures: readonly number[]
  forget(): void
}

function rawMeasurement({ network }: WarmMarket, raw: RawStream): RawMeasurement {
  const key = new Uint8Array(randomBytes(32))
  const signatures: number[] = []
  return {
    signatures,
    async measure({ trips, quote }) {
      const tripsMs = await raw.measure(trips)
      const signaturesMs = measureSignatures(network, quote, key)
      signatures.push(signaturesMs)
      return { tripsMs, signaturesMs }
    },
    forget: () => void signatures.splice(0),
  }
}

function libp2pVersion(): string {
  const file = new URL('../../package.json', import.meta.resolve('libp2p'))
  return JSON.parse(readFileSync(file, 'utf8')).version
}
