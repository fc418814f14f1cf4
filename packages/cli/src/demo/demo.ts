import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Demand, Hex } from '@souk/protocol'
import type { JobEventReport } from '@souk/requester'
import type { JobRequest, LeaseRow, OfferRow } from '@souk/requester/node'
import { createEscrowReader, gasOfLeases, type MoneyReport, readMoney } from '@souk/settlement'
import { type ControlClient, connectControl } from '@souk/storage/node'
import { CliError } from '../errors.ts'
import { layout } from '../home.ts'
import { defaultPlan, LocalMarket, type ProviderPlan } from '../local-market/local-market.ts'
import { mergeWordResults } from '../word-reference.ts'
import { computeExpected } from './expected.ts'
import { cutIntoChunks, type DemoInput } from './input.ts'
import { caughtBy, wrongResultsOf } from './journals.ts'
import type { DemoReport, Money } from './report.ts'
import { failoverTimes, newTimeline, note, type Timeline } from './timeline.ts'

export interface DemoOptions {
  readonly input: DemoInput
  /** Chooses the liar and the victim, and seeds the tasks. */
  readonly seed: number
  /** Folder for the merged result. */
  readonly out?: string
  readonly screen: DemoScreen
  readonly signal: AbortSignal
}

/** Where the demo shows what happens. */
export interface DemoScreen {
  step(sentence: string): void
  /** Draws the job's progress; called often. */
  progress(timeline: Timeline, nameOf: (subject: Hex) => string): void
  /** Ends the drawing. */
  settled(): void
}

/** Share of attempts that the liar falsifies. */
const LIES = 0.5
/** Share of the tasks after whose acceptance a provider is killed. */
const KILL_AFTER = 0.25
const MILLICORES = 100
const MEMORY_BYTES = 256 * 1024 * 1024
/** Milliseconds for the five offers to be found and checked on chain. */
const OFFERS_MS = 20_000
const SETTLE_MS = 30_000
/** Milliseconds for the restarted victim to redeem its vouchers. */
const REDEEM_MS = 12_000
const PROGRAM = fileURLToPath(new URL('../../programs/wordcount.wasm', import.meta.url))

/** Runs the whole market once on a real job, with a liar and a crash, and returns what happened. */
export async function runDemo(options: DemoOptions): Promise<DemoReport> {
  const startedAt = performance.now()
  const home = mkdtempSync(join(tmpdir(), 'souk-demo-'))
  const chunks = cutIntoChunks(options.input.bytes)
  const expected = computeExpected(chunks)
  const cast = castRoles(options.seed)
  let market: LocalMarket | undefined
  let agent: ControlClient | undefined
  try {
    const { screen, signal } = options
    market = await LocalMarket.start({ home, providers: cast.plan, onStep: screen.step, signal })
    agent = await connectControl(layout(home).agent)
    if (agent === undefined) throw failed('the agent does not answer')
    const stage = { ...options, home, market, agent, cast, chunks }
    const offers = await findOffers(stage)
    const before = await money(market, signal)
    const run = await runJob(stage)
    await settleLeases(stage, run.crash.lease)
    const after = await money(market, signal)
    const merged = mergeWordResults(run.outputs)
    if (options.out !== undefined) writeResult(options.out, merged)
    return await report(stage, {
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

interface Cast {
  readonly plan: readonly ProviderPlan[]
  readonly liar: string
  readonly victim: string
}

interface Stage extends DemoOptions {
  readonly home: string
  readonly market: LocalMarket
  readonly agent: ControlClient
  readonly cast: Cast
  readonly chunks: readonly Uint8Array[]
}

interface Run {
  readonly timeline: Timeline
  readonly outputs: readonly string[]
  readonly verified: number
  readonly crash: { lease: Hex; killedAtMs: number }
}

function castRoles(seed: number): Cast {
  const plan = defaultPlan()
  const liarAt = seed % plan.length
  const victimAt = (liarAt + 1 + (Math.floor(seed / plan.length) % (plan.length - 1))) % plan.length
  const nameAt = (i: number) => plan[i]?.name ?? ''
  return {
    plan: plan.map((one, i) => (i === liarAt ? { ...one, fault: `wrong-result:${LIES}` } : one)),
    liar: nameAt(liarAt),
    victim: nameAt(victimAt),
  }
}

async function findOffers(stage: Stage): Promise<DemoReport['offers']> {
  stage.screen.step('waiting for the offers of all five providers')
  const wanted = stage.market.parties.length - 1
  const end = performance.now() + OFFERS_MS
  while (performance.now() < end) {
    stage.signal.throwIfAborted()
    const { offers } = (await stage.agent.call('offers', { demand: demand() })) as { offers: OfferRow[] }
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

async function runJob(stage: Stage): Promise<Run> {
  const { market, agent, screen, signal, cast, chunks } = stage
  screen.step(`counting ${stage.input.name} in ${chunks.length} tasks, each on 2 of up to 3 providers`)
  const timeline = newTimeline(chunks.length)
  const crash = Promise.withResolvers<Run['crash']>()
  let killing = false
  const onEvent = (event: unknown) => {
    note(timeline, event as JobEventReport)
    screen.progress(timeline, (subject) => nameOf(market, subject))
    if (killing || timeline.done < chunks.length * KILL_AFTER) return
    killing = true
    void killWhileWorking(stage, timeline).then(crash.resolve, crash.reject)
  }
  crash.promise.catch(() => {})
  const onAbort = () => agent.close()
  signal.addEventListener('abort', onAbort, { once: true })
  const request = jobRequest(stage)
  const { job, state, verified } = (await agent.call('run', request, onEvent)) as {
    job: string
    state: string
    verified: number
  }
  signal.removeEventListener('abort', onAbort)
  if (state !== 'done') throw failed(`the job ended as ${state}: ${timeline.failures.join('; ')}`)
  const outputs: string[] = []
  for (let index = 0; index < chunks.length; index++) {
    const { stdout } = (await agent.call('result', { job, index })) as { stdout: Uint8Array }
    outputs.push(new TextDecoder().decode(stdout))
  }
  if (!killing) throw failed(`the job was over before ${cast.victim} could be killed; give a longer text`)
  return { timeline, outputs, verified, crash: await crash.promise }
}

/** Kills the victim with SIGKILL in a moment when it executes, and starts it again: operators do. */
async function killWhileWorking(
  { market, cast, screen, home }: Stage,
  timeline: Timeline,
): Promise<Run['crash']> {
  const party = market.parties.find((one) => one.name === cast.victim)
  const line = [...timeline.leases.values()].find((one) => one.subject === party?.delegate)
  const child = market.child(cast.victim)
  const control = await connectControl(join(home, cast.victim, 'data'))
  if (line === undefined || child === undefined || control === undefined)
    throw failed(`${cast.victim} holds no lease`)
  for (let running = 0; running === 0; ) {
    const status = (await control.call('status')) as { leases: { running: number }[] }
    running = status.leases.reduce((sum, lease) => sum + lease.running, 0)
  }
  const killedAtMs = Date.now()
  await child.kill()
  control.close()
  screen.step(`killed ${cast.victim} (process ${child.pid}) while it was working; starting it again`)
  void market.startProvider(cast.victim).catch(() => {})
  return { lease: line.lease, killedAtMs }
}

/** Waits until the escrow has closed every lease; the killed one's settlement time is mined at once. */
async function settleLeases({ agent, market, screen, signal }: Stage, killed: Hex): Promise<void> {
  screen.settled()
  screen.step('closing the leases on the chain')
  const reader = createEscrowReader(market.rpc, market.config)
  const end = performance.now() + SETTLE_MS
  const patience = performance.now() + REDEEM_MS
  for (let mined = false; performance.now() < end; ) {
    signal.throwIfAborted()
    const open = (await agent.call('unsettled')) as Hex[]
    if (open.length === 0) return
    const { status, paid } = await reader.leaseState(killed)
    const redeemed = paid > 0n || performance.now() > patience
    if (!mined && open.length === 1 && status === 'ended' && redeemed) {
      await market.chain.mine(market.config.settleBlocks)
      mined = true
    }
    await pause(200)
  }
  throw failed('not every lease was closed in time')
}

interface Findings {
  readonly offers: DemoReport['offers']
  readonly before: MoneyReport
  readonly after: MoneyReport
  readonly merged: string
  readonly expected: string
  readonly run: Run
  readonly startedAt: number
}

async function report(stage: Stage, found: Findings): Promise<DemoReport> {
  const { market, cast, home, input, chunks, signal } = stage
  const { run, before, after, merged } = found
  const { timeline, crash } = run
  const leases = await leaseReport(stage, timeline)
  const transactions = await countTransactions(market, after.block)
  await market.stopProcesses()
  const liar = partyNamed(market, cast.liar)
  const wrongResults = await wrongResultsOf(join(home, cast.liar, 'data'))
  const caught = (await caughtBy(layout(home).agent)).get(liar.delegate) ?? 0
  const failover = failoverTimes(timeline, crash.lease, crash.killedAtMs)
  if (failover === undefined) throw failed(`the loss of ${cast.victim} went unnoticed`)
  signal.throwIfAborted()
  const ok =
    merged === found.expected &&
    run.verified === chunks.length &&
    wrongResults > 0 &&
    caught === wrongResults &&
    failover.tasksInFlight > 0 &&
    failover.open === 0 &&
    before.conserved &&
    after.conserved
  const { tasksInFlight, detectedMs, replacedMs } = failover
  return {
    ok,
    seconds: Math.round((performance.now() - found.startedAt) / 100) / 10,
    input: { name: input.name, bytes: input.bytes.byteLength, sha256: hash(input.bytes) },
    output: { sha256: hash(merged) },
    tasks: { total: chunks.length, verified: run.verified, rerun: timeline.rerun.size },
    liar: { provider: cast.liar, wrongResults, caught },
    crash: { provider: cast.victim, tasksInFlight, detectedMs, replacedMs },
    offers: found.offers,
    leases,
    chain: {
      transactions,
      supply: after.supply.toString(),
      burned: after.burned.toString(),
      conserved: before.conserved && after.conserved && before.supply === after.supply,
      balances: balances(market, before, after),
    },
  }
}

async function leaseReport(
  { market, agent, signal }: Stage,
  timeline: Timeline,
): Promise<DemoReport['leases']> {
  const { config, rpc } = market
  const toBlock = Number(await rpc.request('eth_blockNumber', []))
  const gas = await gasOfLeases(rpc, config.escrow, { fromBlock: config.deployedAt, toBlock }, signal)
  const reader = createEscrowReader(rpc, config)
  const bought = (await agent.call('leases')) as LeaseRow[]
  return Promise.all(
    [...timeline.leases.values()].map(async ({ lease, subject, negotiatedMs, sent }) => ({
      provider: nameOf(market, subject),
      negotiatedMs,
      tasks: sent,
      voucher: (bought.find((one) => one.lease === lease)?.voucher ?? 0n).toString(),
      paid: (await reader.leaseState(lease)).paid.toString(),
      gas: (gas.get(lease)?.gas ?? 0n).toString(),
    })),
  )
}

function balances(
  market: LocalMarket,
  before: MoneyReport,
  after: MoneyReport,
): DemoReport['chain']['balances'] {
  const accounts = new Set([...before.accounts, ...after.accounts].map((one) => one.account))
  const of = (money: MoneyReport, account: Hex): Money => {
    const found = money.accounts.find((one) => one.account === account)
    const { wallet, ledger, locked } = found ?? { wallet: 0n, ledger: 0n, locked: 0n }
    return { wallet: wallet.toString(), ledger: ledger.toString(), locked: locked.toString() }
  }
  return [...accounts].map((account) => ({
    account,
    role: nameOf(market, account),
    before: of(before, account),
    after: of(after, account),
  }))
}

async function money({ rpc, config, tokenBlock }: LocalMarket, signal: AbortSignal): Promise<MoneyReport> {
  return readMoney(rpc, { escrow: config.escrow, token: config.token, deployedAt: tokenBlock }, signal)
}

async function countTransactions({ rpc }: LocalMarket, upTo: number): Promise<number> {
  const numbers = Array.from({ length: upTo + 1 }, (_, i) => `0x${i.toString(16)}`)
  const counts = await Promise.all(
    numbers.map((n) => rpc.request('eth_getBlockTransactionCountByNumber', [n])),
  )
  return counts.reduce<number>((sum, count) => sum + Number(count), 0)
}

/** Writes every chunk as a file of its own, as a person would hand inputs over, and describes the job. */
function jobRequest({ home, chunks, input, seed, cast }: Stage): JobRequest {
  const folder = join(home, 'chunks')
  mkdirSync(folder)
  const tasks = chunks.map((chunk, i) => {
    const file = join(folder, `${i}.txt`)
    writeFileSync(file, chunk)
    return { args: [], env: [], stdin: file, inputs: [] }
  })
  return {
    name: `count ${input.name}`,
    program: PROGRAM,
    tasks,
    assurance: { k: 2, n: 3 },
    deadlineMs: 30_000,
    demand: demand(),
    leases: cast.plan.length,
    memoryBytes: MEMORY_BYTES,
    outputBytes: 4 * 1024 * 1024,
    seed: BigInt(seed),
  }
}

function demand(): Demand {
  return {
    resources: { millicores: MILLICORES, memoryBytes: MEMORY_BYTES, diskBytes: 64 * 1024 * 1024, gpu: null },
    runtime: 'wasm/1',
    network: 'none',
    region: null,
    maxRoundTripMs: null,
    maxRateE12: null,
    durationSeconds: 600,
  }
}

function writeResult(out: string, merged: string): void {
  mkdirSync(out, { recursive: true })
  writeFileSync(join(out, 'result.txt'), merged)
}

function nameOf(market: LocalMarket, address: Hex): string {
  return market.partyOf(address)?.name ?? 'bank'
}

function partyNamed(market: LocalMarket, name: string) {
  const party = market.parties.find((one) => one.name === name)
  if (party === undefined) throw failed(`${name} has no account`)
  return party
}

function hash(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

function failed(what: string): CliError {
  return new CliError(`the demo did not work: ${what}`, { code: 'DEMO_FAILED', what })
}
