import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { addressOf, type Hex, signCourtStruct, toHex, UNDECIDABLE, verdictDeadline } from '@souk/protocol'
import { courtData, tokenData } from '@souk/settlement'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { COURT } from '../../packages/cli/src/local-market/local-market.ts'
import { Courtroom } from './support/court.ts'
import { counting } from './support/request.ts'
import { plan, Stage } from './support/stage.ts'
import { until } from './support/until.ts'

const LIAR = 'provider-1'
/** Lines of each text that is counted. */
const LINES = 2_000
/** Every provider gets a lease, so that the liar is among those asked. */
const LYING = { assurance: { k: 2, n: 3 }, leases: 3 }

let stage: Stage
let court: Courtroom
beforeEach(async () => {
  const [first, ...others] = plan(3, 0.2)
  if (first === undefined) throw new Error('three providers were planned')
  stage = await Stage.open([{ ...first, fault: 'wrong-result:1' }, ...others], 5)
  court = await Courtroom.open(stage)
})
afterEach(() => stage?.stop())

test('a liar loses before a jury, whoever is killed when: nothing is signed twice and nothing paid twice', async () => {
  const deposit = await agentTokens()
  const job = await stage.start(counting(stage.home, 6, LINES, LYING))
  job.done.catch(() => {})
  const [challenge] = await until('the lie was challenged', async () => {
    const found = await court.eventsOf('challenged')
    return found.length > 0 && found
  })
  if (challenge === undefined) throw new Error('there is a challenge')

  // Right after the challenge, and again while ballots are collected.
  await stage.market.child('agent')?.kill()
  await stage.market.startAgent()
  const juror = await until('a juror has voted', async () => stage.names.find((name) => hasVoted(name)))
  await stage.market.child(juror)?.kill()
  await stage.market.child('agent')?.kill()
  const before = await court.signedBy(juror)
  expect(before.has(challenge.subject)).toBe(true)
  await stage.market.startProvider(juror)
  await stage.market.startAgent()

  const [verdict] = await until('the jury has spoken', async () => {
    const found = await court.eventsOf('resolved')
    return found.length > 0 && found
  })
  expect(verdict?.subject).toBe(challenge.subject)
  expect([UNDECIDABLE, challenge.output]).not.toContain(verdict?.verdict)
  expect(verdict?.ballots).toBeGreaterThanOrEqual(COURT.quorum)
  await until('the agent has heard of it', async () => {
    const { disputes } = await court.status()
    return disputes.some(({ subject, isOver }) => subject === challenge.subject && isOver)
  })
  await stage.ask('agent', 'wait', { job: await job.id })
  await stage.settle()

  expect(await court.eventsOf('challenged')).toHaveLength(1)
  expect(await court.eventsOf('resolved')).toHaveLength(1)
  expect(await court.eventsOf('lapsed')).toEqual([])
  expect(await court.eventsOf('slashed')).toEqual([])
  // The deposit came back, into the escrow; the liar's bond is gone, and shared as the contract says.
  expect(await agentTokens()).toBe(deposit - COURT.challengeDeposit)
  const { conserved, accounts } = await stage.money()
  expect(conserved).toBe(true)
  expect(accounts.filter((one) => one.locked !== 0n)).toEqual([])
  const of = (address: Hex) => accounts.find((one) => one.account === address)?.ledger ?? 0n
  expect(of(stage.party('agent').delegate)).toBe(COURT.challengeDeposit)

  // What a juror has signed, it has signed for ever.
  await stage.market.stopProcesses()
  const after = await court.signedBy(juror)
  for (const [subject, value] of before) if (after.has(subject)) expect(after.get(subject)).toBe(value)
  expect(after.get(challenge.subject)).toBe(before.get(challenge.subject))
})

test('where the requester vanishes, a liar has no verdict counted against itself: everybody gets back what they put up', async () => {
  const job = await stage.start(counting(stage.home, 4, LINES, LYING))
  job.done.catch(() => {})
  const [challenge] = await until('the lie was challenged', async () => {
    const found = await court.eventsOf('challenged')
    return found.length > 0 && found
  })
  if (challenge === undefined) throw new Error('there is a challenge')
  await stage.market.child('agent')?.kill()
  const quote = await court.quoteOf(challenge.lease)
  const liar = stage.party(LIAR).account
  const { openedBlock } = await court.link.reader.dispute(challenge.subject)
  const free = await stage.reader.balance(liar)
  const left = verdictDeadline(court.link.rules, openedBlock) - (await court.head())
  await stage.market.chain.mine(Math.max(0, left))

  // Whatever the jury found, nobody who has an interest in it is there; the provider has the dispute ended.
  await until('the dispute has lapsed', async () => (await court.eventsOf('lapsed')).length === 1)
  expect(await court.eventsOf('resolved')).toEqual([])
  expect(await stage.reader.balance(liar)).toBeGreaterThanOrEqual(free + quote.resultBond)
  expect(await stage.reader.balance(stage.party('agent').delegate)).toBe(COURT.challengeDeposit)
  const { conserved } = await stage.money()
  expect(conserved).toBe(true)

  // Who comes back later finds it over, and leaves it at that.
  await stage.market.startAgent()
  await stage.ask('agent', 'wait', { job: await job.id })
  await stage.settle()
  expect(await court.eventsOf('challenged')).toHaveLength(1)
})

test('whoever signs two votes on one subject loses its stake, an eighth of it to who shows them', async () => {
  const key = new Uint8Array(randomBytes(32))
  const { token } = stage.market.config
  const { id, rules } = court.link
  const reward = await court.withBystander(async (sender) => {
    const account = sender.address
    const send = async (purpose: string, to: Hex, data: Hex) => {
      await sender.wait((await sender.submit({ purpose, to, data })).id)
    }
    await stageTokens(account)
    await send('approve', token, tokenData.approve(id.court, rules.stake))
    const consent = signCourtStruct(key, id, 'Enrol', { account })
    await send('enrol', id.court, courtData.enrol(addressOf(key), consent))
    expect((await court.link.reader.watcher(addressOf(key))).account).toBe(account)
    const subject = toHex(randomBytes(32))
    const signed = [1, 2].map((n) => {
      const value: Hex = `0x${n.toString(16).padStart(64, '0')}`
      return { value, signature: signCourtStruct(key, id, 'Vote', { subject, value }) }
    })
    const [first, second] = signed
    if (first === undefined || second === undefined) throw new Error('two votes were signed')
    const before = await stage.reader.balance(account)
    await send('slash', id.court, courtData.slash(subject, first, second))
    return (await stage.reader.balance(account)) - before
  })
  expect(reward).toBe(rules.stake / 8n)
  expect((await court.eventsOf('slashed')).map((event) => event.key)).toEqual([addressOf(key)])
  expect((await stage.money()).conserved).toBe(true)
})

/** Tokens of the agent's hot key, of which it posts the deposits of challenges. */
function agentTokens(): Promise<bigint> {
  return stage.reader.tokenBalance(stage.party('agent').delegate)
}

/** Gives an account the stake of a watcher, from the owner of the development token. */
async function stageTokens(to: Hex): Promise<void> {
  await court.withBystander(async (sender) => {
    const data = tokenData.transfer(to, COURT.stake)
    await sender.wait((await sender.submit({ purpose: 'tokens', to: stage.market.config.token, data })).id)
  }, 0)
}

/** Tells whether a provider's log says that its ballot is on disk. */
function hasVoted(name: string): boolean {
  return readFileSync(join(stage.home, `${name}.log`), 'utf8').includes('"voted on a result"')
}
