import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Demand, type Quote, type Task, toBlocks } from '@souk/protocol'
import type { Benchmark, Session, Setup } from '../harness/benchmark.ts'
import { median } from '../harness/statistics.ts'
import { openRawStream, type RawStream, type Trip } from './raw-trips.ts'
import { measureSignatures } from './signatures.ts'
import { openWarmMarket, type WarmMarket } from './warm-market.ts'
import { type WatchedStream, watchStreams } from './watched-streams.ts'

const MIB = 1024 * 1024
/** Leases in one round. */
const LEASES = 20
/** Raw samples beside each lease, so that the raw side is as warm as it gets. */
const RAW_SAMPLES = 5
/** Leases before the first round: both processes compile their code while they last. */
const WARM_UP = 10
/** Milliseconds for a lease to be closed and settled on the chain. */
const SETTLE_MS = 30_000
/** Milliseconds of quiet after a lease, in which the provider starts its next reserve executor. */
const QUIET_MS = 300

/** A lease on a warm connection against what two round trips and four signatures must take. */
export const lease: Benchmark = {
  name: 'lease',
  unit: 'ms',
  compares: {
    ours: 'from demand to task started, two processes, warm connection',
    peer: 'two raw libp2p round trips with frames of the same size',
    limit: 'the two raw round trips and the four signatures',
  },
  target: { against: 'limit', bound: 2 },
  open,
}

const DEMAND: Demand = {
  resources: { millicores: 1000, memoryBytes: 64 * MIB, diskBytes: 64 * MIB, gpu: null },
  runtime: 'wasm/1',
  network: 'none',
  region: null,
  maxRoundTripMs: null,
  maxRateE12: null,
  durationSeconds: 600,
}

/** A WASI program whose `_start` returns at once: memory of one page, one empty function. */
const NOTHING = Uint8Array.from(
  Buffer.from(
    '0061736d01000000010401600000030201000503010001071302066d656d6f72790200065f737461727400000a040102000b',
    'hex',
  ),
)

const TASK: Task = {
  v: 1,
  engine: 'wasm/1',
  program: toBlocks(NOTHING).content.cid,
  args: [],
  env: [],
  stdin: null,
  inputs: [],
  checkpoint: null,
  limits: { fuel: 0n, pages: 1, depth: 0, outputBytes: 1024, files: 0 },
  seed: 0n,
  clockNs: 0n,
}

/** What one lease gave. */
interface Sample {
  readonly ms: number
  /** Milliseconds from asking for the stream to the demand. */
  readonly openMs: number
  readonly quote: Quote
  readonly trips: readonly Trip[]
}

async function open(setup: Setup): Promise<Session> {
  const market = await openWarmMarket(setup, DEMAND)
  try {
    const streams = watchStreams(market.requester.node)
    const raw = await openRawStream(market.requester.node, market.echoAddress)
    const key = new Uint8Array(randomBytes(32))
    const openMs: number[] = []
    const signatureMs: number[] = []
    const take = () => leaseOnce(market, () => streams.latest(), setup.signal)
    setup.step(`${WARM_UP} leases to warm up`)
    for (let i = 0; i < WARM_UP; i++) await take()
    return {
      peerVersion: `libp2p ${libp2pVersion()}`,
      async round() {
        const round = { ours: [] as number[], peer: [] as number[], limit: [] as number[] }
        for (let i = 0; i < LEASES; i++) {
          const sample = await take()
          round.ours.push(sample.ms)
          openMs.push(sample.openMs)
          const beside = await measureRaw(market, raw, key, sample)
          round.peer.push(beside.trips)
          round.limit.push(beside.trips + beside.signatures)
          signatureMs.push(beside.signatures)
        }
        return round
      },
      conditions: () => [],
      remarks: () => [
        `the four signatures alone: ${median(signatureMs).toPrecision(3)} ms`,
        `opening the lease's stream before the demand: ${median(openMs).toPrecision(3)} ms`,
      ],
      async stop() {
        await raw.close()
        await market.stop()
      },
    }
  } catch (error) {
    await market.stop()
    throw error
  }
}

/** Leases, runs one task of nothing, notes when it began, and waits until everything is settled again. */
async function leaseOnce(
  market: WarmMarket,
  latest: () => WatchedStream,
  signal: AbortSignal,
): Promise<Sample> {
  const { requester, started } = market
  const seen = started.count()
  const spec = {
    name: 'bench',
    tasks: [TASK],
    content: [NOTHING],
    assurance: { k: 1, n: 1 },
    deadlineMs: 10_000,
    demand: DEMAND,
    leases: 1,
  }
  const job = await requester.run(spec, randomBytes(6).toString('hex'))
  const [runner] = job.leases.values()
  if (runner === undefined) throw new Error('expected a lease, it was over at once')
  const { quote } = runner.state.purchase
  const beganNs = await started.next(seen, signal)
  const stream = latest()
  await job.post({ type: 'stop', state: 'cancelled' })
  await requester.release(job)
  await untilSettled(market, signal)
  return {
    ms: Number(beganNs - stream.demandNs) / 1e6,
    openMs: Number(stream.demandNs - stream.openedNs) / 1e6,
    quote,
    trips: tripsOf(stream),
  }
}

/** The sizes of demand and quote, accept and started. */
function tripsOf({ sent, received }: WatchedStream): Trip[] {
  return [0, 1].map((i) => ({ bytes: sent[i] ?? 0, answerBytes: received[i] ?? 0 }))
}

async function measureRaw(market: WarmMarket, raw: RawStream, key: Uint8Array, { trips, quote }: Sample) {
  const tripMs: number[] = []
  const signatureMs: number[] = []
  for (let i = 0; i < RAW_SAMPLES; i++) {
    tripMs.push(await raw.measure(trips))
    signatureMs.push(measureSignatures(market.network, quote, key))
  }
  return { trips: median(tripMs), signatures: median(signatureMs) }
}

async function untilSettled({ requester }: WarmMarket, signal: AbortSignal): Promise<void> {
  for (const end = performance.now() + SETTLE_MS; requester.unsettled().length > 0; ) {
    if (performance.now() > end) throw new Error(`expected a lease to be settled within ${SETTLE_MS} ms`)
    await sleep(20, undefined, { signal })
  }
  await sleep(QUIET_MS, undefined, { signal })
}

function libp2pVersion(): string {
  const file = new URL('../../package.json', import.meta.resolve('libp2p'))
  return JSON.parse(readFileSync(file, 'utf8')).version
}
