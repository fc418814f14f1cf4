import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { OfferRow } from '@souk/requester/node'
import { type ControlClient, connectControl } from '@souk/storage/node'
import { layout } from '../home.ts'
import { EXTRA_WATCHERS, LocalMarket } from '../local-market/local-market.ts'
import { mergeWordResults } from '../word-reference.ts'
import { awaitCourt } from './court.ts'
import { computeExpected } from './expected.ts'
import { requireContainers } from './image.ts'
import { cutIntoChunks } from './input.ts'
import { makeReport } from './make-report.ts'
import type { DemoReport } from './report.ts'
import { runJob } from './run-job.ts'
import { settleLeases } from './settle-leases.ts'
import { castRoles, type DemoOptions, demand, failed, nameOf, type Stage } from './stage.ts'

/** Milliseconds for the five offers to be found and checked on chain. */
const OFFERS_MS = 20_000
/** Runs the whole market once on a real job, with a liar and a crash, and returns what happened. */
export async function runDemo(options: DemoOptions): Promise<DemoReport> {
  const startedAt = performance.now()
  if (options.engine === 'container/1') await requireContainers()
  const home = mkdtempSync(join(tmpdir(), 'souk-demo-'))
  const chunks = cutIntoChunks(options.input.bytes)
  const expected = computeExpected(chunks)
  const cast = castRoles(options.seed)
  let market: LocalMarket | undefined
  let agent: ControlClient | undefined
  try {
    const { screen, signal } = options
    const providers = cast.plan
    const watchers = EXTRA_WATCHERS
    market = await LocalMarket.start({ home, providers, watchers, onStep: screen.step, signal })
    agent = await connectControl(layout(home).agent)
    if (agent === undefined) throw failed('the agent does not answer')
    const stage = { ...options, home, market, agent, cast, chunks }
    const offers = await findOffers(stage)
    const before = await market.money(signal)
    const run = await runJob(stage)
    await awaitCourt(stage, run)
    await settleLeases(stage, run.crash.lease)
    const after = await market.money(signal)
    const merged = mergeWordResults(run.outputs)
    if (options.out !== undefined) writeResult(options.out, merged)
    return await makeReport(stage, {
      offers,
      before,
      after,
      merged,
      run,
      expected: await expected.result,
      startedAt,
    })
  } finally {
    options.screen.settled()
    expected.stop()
    agent?.close()
    await market?.stop()
    rmSync(home, { recursive: true, force: true })
  }
}

async function findOffers(stage: Stage): Promise<DemoReport['offers']> {
  stage.screen.step('waiting for the offers of all five providers')
  const wanted = stage.market.parties.length - 1
  const end = performance.now() + OFFERS_MS
  while (performance.now() < end) {
    stage.signal.throwIfAborted()
    const { offers } = (await stage.agent.call('offers', { demand: demand(stage.engine) })) as {
      offers: OfferRow[]
    }
    const fitting = offers.filter((offer) => offer.reason === null)
    if (fitting.length === wanted) {
      stage.screen.step(`found ${wanted} offers, ${describeShare(fitting)}`)
      return fitting.map((offer) => ({ provider: nameOf(stage.market, offer.account), via: offer.via }))
    }
    await pause(100)
  }
  throw failed(`expected ${wanted} offers within ${OFFERS_MS / 1000} s, not all came`)
}

/** Says what the providers sell: equal shares of the measured machine. */
function describeShare(offers: readonly OfferRow[]): string {
  const [first] = offers
  if (first === undefined) return 'none'
  const { millicores, memoryBytes } = first.free
  const share = Math.round(100 / offers.length)
  const gib = (memoryBytes / 1024 ** 3).toFixed(1)
  return `each ${share} % of this machine: ${millicores / 1000} cores at ${first.coreMibPerSecond} MiB/s of SHA-256, ${gib} GiB`
}

function writeResult(out: string, merged: string): void {
  mkdirSync(out, { recursive: true })
  writeFileSync(join(out, 'result.txt'), merged)
}
