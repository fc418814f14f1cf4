import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Hex } from '@souk/protocol'
import type { LeaseRow } from '@souk/requester/node'
import { createEscrowReader, gasOfLeases, type MoneyReport } from '@souk/settlement'
import { layout } from '../home.ts'
import type { LocalMarket } from '../local-market/local-market.ts'
import { courtReport, isJudged } from './court.ts'
import { acceptedInstead, caughtBy, wrongResultsOf } from './journals.ts'
import type { DemoReport, Dispute, Money } from './report.ts'
import { failed, nameOf, partyNamed, type Run, type Stage } from './stage.ts'
import { failoverTimes, type Timeline } from './timeline.ts'

/** What the stages of the demo found. */
export interface Findings {
  readonly offers: DemoReport['offers']
  readonly before: MoneyReport
  readonly after: MoneyReport
  readonly merged: string
  readonly expected: string
  readonly run: Run
  readonly startedAt: number
}

/** Puts the findings together, with what the stopped processes' own journals say. */
export async function makeReport(stage: Stage, found: Findings): Promise<DemoReport> {
  const { market, cast, home, input, chunks, signal, engine } = stage
  const { run, before, after, merged } = found
  const { timeline, crash } = run
  const leases = await leaseReport(stage, timeline)
  const transactions = await countTransactions(market, after.block)
  const { downtime, dispute } = await courtReport(stage, crash.lease)
  await market.stopProcesses()
  const court = { downtime, dispute: dispute && (await besideQuorum(dispute, layout(home).agent)) }
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
    court.downtime.provider === cast.victim &&
    court.downtime.slots > 0 &&
    BigInt(court.downtime.toRequester) > 0n &&
    (court.dispute === null ? !isJudged(engine) : isLost(court.dispute, cast.liar)) &&
    before.conserved &&
    after.conserved
  const { tasksInFlight, detectedMs, replacedMs } = failover
  return {
    ok,
    engine,
    seconds: Math.round((performance.now() - found.startedAt) / 100) / 10,
    input: { name: input.name, bytes: input.bytes.byteLength, sha256: hash(input.bytes) },
    output: { sha256: hash(merged) },
    tasks: { total: chunks.length, verified: run.verified, rerun: timeline.rerun.size },
    liar: { provider: cast.liar, wrongResults, caught },
    crash: { provider: cast.victim, tasksInFlight, detectedMs, replacedMs },
    court,
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

/** Sets what the jurors had beside what the quorum accepted. */
async function besideQuorum(dispute: Omit<Dispute, 'equalsQuorum'>, agent: string): Promise<Dispute> {
  return { ...dispute, equalsQuorum: dispute.executed === (await acceptedInstead(agent, dispute.challenged)) }
}

function isLost({ provider, verdict, equalsQuorum }: Dispute, liar: string): boolean {
  return provider === liar && verdict === 'wrong' && equalsQuorum
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
    isKey: market.partyOf(account)?.delegate === account,
    before: of(before, account),
    after: of(after, account),
  }))
}

async function countTransactions({ rpc }: LocalMarket, upTo: number): Promise<number> {
  const numbers = Array.from({ length: upTo + 1 }, (_, i) => `0x${i.toString(16)}`)
  const counts = await Promise.all(
    numbers.map((n) => rpc.request('eth_getBlockTransactionCountByNumber', [n])),
  )
  return counts.reduce<number>((sum, count) => sum + Number(count), 0)
}

function hash(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}
