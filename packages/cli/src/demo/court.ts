import { setTimeout as pause } from 'node:timers/promises'
import { epochOf, epochStart, type Hex, type RuntimeName, UNDECIDABLE } from '@souk/protocol'
import type { CourtStatus } from '@souk/requester'
import { createEscrowReader, openCourtLink, readEscrowEvents } from '@souk/settlement'
import type { DemoReport, Dispute } from './report.ts'
import { failed, nameOf, type Run, type Stage } from './stage.ts'

/** Milliseconds until the court must have decided: some epochs of blocks of a second. */
const COURT_MS = 60_000
/** Blocks after an epoch in which its votes are collected and reported. */
const REPORT_BLOCKS = 8

/** Waits until the outage is reported and the jury has spoken; the rest of the epoch is mined at once. */
export async function awaitCourt({ agent, market, screen, signal, engine }: Stage, run: Run): Promise<void> {
  screen.settled()
  const jury = isJudged(engine) ? 'jurors execute the challenged task again' : 'no jury judges containers'
  screen.step(`the court: watchers vote on the outage, ${jury}`)
  const { rpc, config } = market
  const court = await openCourtLink({ rpc, escrow: config.escrow, reader: createEscrowReader(rpc, config) })
  if (court === null) throw failed('there is no court')
  await run.crash.back
  const head = async () => Number(await rpc.request('eth_blockNumber', []))
  const { rules } = court
  const returned = await head()
  const epochEnd = epochStart(rules, epochOf(rules, returned) + 1)
  const end = performance.now() + COURT_MS
  for (let mined = false; performance.now() < end; ) {
    signal.throwIfAborted()
    const { claims, disputes } = (await agent.call('court')) as CourtStatus
    const claim = claims.find(({ lease }) => lease === run.crash.lease)
    const block = await head()
    const isOpen = (await createEscrowReader(rpc, config).leaseState(run.crash.lease)).status === 'open'
    if (!mined && !isOpen) {
      await market.chain.mine(Math.max(0, epochEnd - block))
      mined = true
    }
    const isReported = claim !== undefined && claim.downSlots > 0 && block >= epochEnd + REPORT_BLOCKS / 2
    const isDecided = !isJudged(engine) || (disputes.length > 0 && disputes.every(({ isOver }) => isOver))
    if (isReported && isDecided) return
    if (claim !== undefined && block >= epochEnd + 2 * REPORT_BLOCKS && !isReported) break
    await pause(200)
  }
  throw failed(`the court did not decide in time: ${describe((await agent.call('court')) as CourtStatus)}`)
}

/** Tells whether results of an engine come before a jury: those of containers are not the same everywhere. */
export function isJudged(engine: RuntimeName): boolean {
  return engine !== 'container/1'
}

function describe({ claims, disputes }: CourtStatus): string {
  const outages = claims.map(
    ({ downSlots, reports }) => `${downSlots} slots found by ${reports.length} reports`,
  )
  const verdicts = disputes.map(({ stage, verdict }) => `a dispute ${verdict === null ? stage : 'decided'}`)
  return [...outages, ...verdicts].join(', ') || 'nothing was brought before it'
}

/** Reads from the chain what the court decided, once every lease is closed. */
export async function courtReport(
  { agent, market, engine }: Stage,
  killed: Hex,
): Promise<{ downtime: DemoReport['court']['downtime']; dispute: Omit<Dispute, 'equalsQuorum'> | null }> {
  const { rpc, config } = market
  const reader = createEscrowReader(rpc, config)
  const court = await openCourtLink({ rpc, escrow: config.escrow, reader })
  if (court === null) throw failed('there is no court')
  const toBlock = Number(await rpc.request('eth_blockNumber', []))
  const range = { fromBlock: config.deployedAt, toBlock }
  const events = await readEscrowEvents(rpc, config.escrow, range, AbortSignal.timeout(10_000))
  const opened = events.flatMap(({ event }) => (event.kind === 'opened' ? [event] : []))
  const closed = events.flatMap(({ event }) => (event.kind === 'closed' ? [event] : []))
  const subjectOf = (lease: Hex) => opened.find((one) => one.lease === lease)?.quote.resultSigner ?? lease
  const { claims, disputes } = (await agent.call('court')) as CourtStatus
  const claim = claims.find(({ lease }) => lease === killed)
  const ending = closed.find(({ lease }) => lease === killed)
  const [dispute] = disputes
  if (claim === undefined || ending === undefined || (dispute === undefined && isJudged(engine)))
    throw failed('the court is silent')
  const { downSlots } = await reader.leaseState(killed)
  const downtime = {
    provider: nameOf(market, subjectOf(killed)),
    slots: downSlots,
    votes: claim.reports.reduce((sum, { votes }) => sum + votes, 0),
    penalty: (ending.toRequester + ending.toBurn).toString(),
    toRequester: ending.toRequester.toString(),
    burned: ending.toBurn.toString(),
  }
  if (dispute === undefined) return { downtime, dispute: null }
  const heard = await court.events(config.deployedAt, toBlock)
  const verdict = heard.find(
    ({ event }) => event.kind === 'resolved' && event.subject === dispute.subject,
  )?.event
  if (verdict?.kind !== 'resolved') throw failed('the jury is silent')
  const word = verdictWord(verdict.verdict, dispute.output)
  const bond = opened.find((one) => one.lease === dispute.lease)?.quote.resultBond ?? 0n
  const decided = {
    provider: nameOf(market, subjectOf(dispute.lease)),
    verdict: word,
    votes: verdict.ballots,
    slashed: (word === 'wrong' ? bond : 0n).toString(),
    challenged: dispute.output,
    executed: verdict.verdict,
  }
  return { downtime, dispute: decided }
}

function verdictWord(verdict: Hex, output: Hex): Dispute['verdict'] {
  if (verdict === UNDECIDABLE) return 'undecidable'
  return verdict === output ? 'right' : 'wrong'
}
