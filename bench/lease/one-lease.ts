import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Demand, type Quote, type Task, toBlocks } from '@souk/protocol'
import type { Trip } from './raw-trips.ts'
import type { WarmMarket } from './warm-market.ts'
import type { WatchedStream } from './watched-streams.ts'

const MIB = 1024 * 1024
/** Milliseconds for a lease to be closed and settled on the chain. */
const SETTLE_MS = 30_000
/** Milliseconds for the provider to have a started executor in reserve again; without one it is not warm. */
const RESERVE_MS = 3_000
/** Milliseconds of quiet before anything is measured. */
const QUIET_MS = 150
/** Milliseconds between looks at the chain while a lease is settled. */
const LOOK_MS = 30

/** What is leased. */
export const DEMAND: Demand = {
  resources: { millicores: 1000, memoryBytes: 64 * MIB, diskBytes: 64 * MIB, gpu: null },
  runtime: 'wasm/1',
  network: 'none',
  region: null,
  maxRoundTripMs: null,
  maxRateE12: null,
  durationSeconds: 600,
}

/** A WASI program whose `_start` returns at once: memory of one page, one empty function. */
export const NOTHING = Uint8Array.from(
  Buffer.from(
    '0061736d01000000010401600000030201000503010001071302066d656d6f72790200065f737461727400000a040102000b',
    'hex',
  ),
)

export const TASK: Task = {
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
export interface LeaseSample {
  /** Milliseconds from the demand to the beginning of the task. */
  readonly ms: number
  /** Milliseconds from asking for the stream to the demand. */
  readonly openMs: number
  readonly quote: Quote
  /** The sizes of demand and quote, accept and started. */
  readonly trips: readonly Trip[]
}

/** Leases, has a task of nothing begin, then closes the lease and waits until all is quiet again. */
export async function leaseOnce(
  market: WarmMarket,
  latest: () => WatchedStream,
  signal: AbortSignal,
): Promise<LeaseSample> {
  const { requester, provider } = market
  const seen = provider.times('began').length
  const job = await requester.run(jobOfNothing(), randomBytes(6).toString('hex'))
  const [runner] = job.leases.values()
  if (runner === undefined) throw new Error('expected a lease, it was over at once')
  const { quote } = runner.state.purchase
  const beganNs = await provider.nextBeginning(seen, signal)
  const { openedNs, demandNs, sent, received } = latest()
  await job.post({ type: 'stop', state: 'cancelled' })
  await requester.release(job)
  await untilQuiet(market, beganNs, signal)
  return {
    ms: Number(beganNs - demandNs) / 1e6,
    openMs: Number(demandNs - openedNs) / 1e6,
    quote,
    trips: [0, 1].map((i) => ({ bytes: sent[i] ?? 0, answerBytes: received[i] ?? 0 })),
  }
}

function jobOfNothing() {
  return {
    name: 'bench',
    tasks: [TASK],
    content: [NOTHING],
    assurance: { k: 1, n: 1 },
    deadlineMs: 10_000,
    demand: DEMAND,
    leases: 1,
  }
}

/** Waits until the lease is settled on the chain and the provider has an executor in reserve. */
async function untilQuiet(
  { requester, provider }: WarmMarket,
  beganNs: bigint,
  signal: AbortSignal,
): Promise<void> {
  const { watcher } = requester.chain
  const isSettled = () => requester.unsettled().length === 0
  if (!(await until(isSettled, SETTLE_MS, signal, () => watcher.poll()))) {
    throw new Error(`expected a lease to be settled within ${SETTLE_MS} ms, it was not`)
  }
  const hasReserve = () => provider.times('ready').some((readyNs) => readyNs > beganNs)
  await until(hasReserve, RESERVE_MS, signal)
  await sleep(QUIET_MS, undefined, { signal })
}

async function until(
  done: () => boolean,
  ms: number,
  signal: AbortSignal,
  before: () => Promise<void> = async () => {},
): Promise<boolean> {
  for (const end = performance.now() + ms; performance.now() < end; ) {
    await before()
    if (done()) return true
    await sleep(LOOK_MS, undefined, { signal })
  }
  return done()
}
