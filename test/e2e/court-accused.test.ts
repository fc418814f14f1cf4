import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { leaseOf, type Receipt } from '@souk/protocol'
import { courtData, networkId, startTransactionSender, tokenData } from '@souk/settlement'
import { createMemoryJournal } from '@souk/storage'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { COURT } from '../../packages/cli/src/local-market/local-market.ts'
import { delegateKey } from './support/buyer.ts'
import { Courtroom } from './support/court.ts'
import { type Purchase, requesterRows } from './support/journal-rows.ts'
import { counting } from './support/request.ts'
import { plan, Stage } from './support/stage.ts'
import { until } from './support/until.ts'

const PROVIDER = 'provider-1'
/** Results that are there before anybody is accused; the job has more, so that its lease stays open. */
const RESULTS = 3
const TASKS = 60
const LINES = 2_000

let stage: Stage
let court: Courtroom
beforeAll(async () => {
  stage = await Stage.open(plan(1, 0.2), 5)
  court = await Courtroom.open(stage)
})
afterAll(() => stage?.stop())

test('a provider that is accused falsely by somebody who then vanishes has the jury decide, and gains the deposit', async () => {
  const accepted = Promise.withResolvers<void>()
  const job = counting(stage.home, TASKS, LINES, { assurance: { k: 1, n: 1 }, leases: 1 })
  const { done } = await stage.start(job, (event) => {
    if (event.kind === 'accepted' && event.done >= RESULTS) accepted.resolve()
  })
  done.catch(() => {})
  await accepted.promise
  // The requester is gone for good, with all that its tasks consist of; what it signed and got remains.
  await stage.market.child('agent')?.kill()
  const { purchase, receipt } = await signedResult()
  await challenge(purchase, receipt)
  const [challenged] = await court.eventsOf('challenged')
  expect(challenged).toMatchObject({ task: receipt.task, output: receipt.output })

  // It goes on with its defence after a restart, though the lease died with its process.
  await until('the provider has heard of it', () => logOf(PROVIDER).includes('"a result was challenged"'))
  await stage.market.child(PROVIDER)?.kill()
  await stage.market.startProvider(PROVIDER)
  const [resolved] = await until('the jury has spoken', async () => {
    const found = await court.eventsOf('resolved')
    return found.length > 0 && found
  })
  expect(resolved).toMatchObject({ subject: challenged?.subject, verdict: receipt.output })
  expect(resolved?.ballots).toBe(COURT.quorum)

  // In that block its bond came back, and the challenger's deposit without what the jury got is its own.
  const { quote } = purchase
  const block = await blockOfVerdict()
  const [before, after] = await Promise.all(
    [block - 1, block].map((at) => stage.reader.balance(quote.provider, { block: at })),
  )
  const deposit = COURT.challengeDeposit - BigInt(COURT.quorum) * COURT.juryFee
  expect((after ?? 0n) - (before ?? 0n)).toBe(quote.resultBond + deposit)
  expect(await court.eventsOf('resolved')).toHaveLength(1)
  expect(await court.eventsOf('lapsed')).toEqual([])
  expect((await stage.money()).conserved).toBe(true)
  await until('the provider lets go of it', () => logOf(PROVIDER).includes('"a challenge is over"'))
})

/** Returns a result that the provider signed, and the lease that it is of, from the requester's journal. */
async function signedResult(): Promise<{ purchase: Purchase; receipt: Receipt }> {
  const { purchases, receipts } = await requesterRows(stage.folder('agent'))
  for (const { output, receipt } of receipts.values()) {
    const purchase = purchases.get(receipt.lease)
    if (purchase === undefined || output.status.kind !== 'exit') continue
    expect(leaseOf(networkId(stage.market.config), purchase.quote)).toBe(receipt.lease)
    await until('the lease is open on chain', async () => {
      return (await stage.reader.leaseState(receipt.lease)).status === 'open'
    })
    return { purchase, receipt }
  }
  throw new Error('a result was accepted')
}

/** Calls a result wrong before the court, with the requester's key and money. */
async function challenge({ quote }: Purchase, { task, output, ...proof }: Receipt): Promise<void> {
  const { rpc, config, requester } = stage.market
  const key = await delegateKey(requester)
  const sender = await startTransactionSender({ journal: createMemoryJournal(), key, rpc, pollMs: 25 })
  try {
    const approve = tokenData.approve(court.link.id.court, COURT.challengeDeposit)
    await sender.wait((await sender.submit({ purpose: 'approve', to: config.token, data: approve })).id)
    const data = courtData.challenge(quote, task, output, proof)
    await sender.wait((await sender.submit({ purpose: 'challenge', to: court.link.id.court, data })).id)
  } finally {
    await sender.stop()
  }
}

async function blockOfVerdict(): Promise<number> {
  const placed = await court.link.events(stage.market.config.deployedAt, await court.head())
  const verdict = placed.find(({ event }) => event.kind === 'resolved')
  if (verdict === undefined) throw new Error('the jury has spoken')
  return verdict.at.block
}

function logOf(name: string): string {
  return readFileSync(join(stage.home, `${name}.log`), 'utf8')
}
