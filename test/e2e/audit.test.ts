import { createHash } from 'node:crypto'
import { auditLot } from '@souk/availability'
import { auditRecords, put } from '@souk/engine'
import { fromHex, type Hex, toHex } from '@souk/protocol'
import type { JobEventReport, Requester } from '@souk/requester'
import { readJob } from '@souk/requester/node'
import { createMemoryJournal } from '@souk/storage'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newParty, startBuyer } from './support/buyer.ts'
import { Courtroom } from './support/court.ts'
import { counting, demandOf } from './support/request.ts'
import { plan, Stage } from './support/stage.ts'
import { until } from './support/until.ts'

const TOKEN = 10n ** 18n
const LIAR = 'provider-1'
const JOB = 'audited'
const TASKS = 6
/** The one task whose result is drawn. */
const DRAWN = TASKS - 1
const LINES = 500

let stage: Stage
let court: Courtroom
let buyer: Requester
const journal = createMemoryJournal()
const secret = findSecret()
beforeAll(async () => {
  // The cheapest lies, so that a job with one lease is its alone.
  const [liar, ...others] = plan(3, 0.2)
  if (liar === undefined) throw new Error('three providers were planned')
  stage = await Stage.open([{ ...liar, fault: 'wrong-result:1' }, ...others], 5)
  court = await Courtroom.open(stage)
  // It was right a thousand times: newcomers are looked at in full.
  const record = { valid: 1_000, wrong: 0, atMs: Date.now() }
  await journal.commit([put(auditRecords, stage.party(LIAR).account, record)], 'synced')
  const party = await newParty(stage, 'auditor', TOKEN)
  const random = (bytes: number) =>
    bytes === 32 ? fromHex(secret) : crypto.getRandomValues(new Uint8Array(bytes))
  buyer = await startBuyer(stage, party, { journal, random })
  await until('the buyer found every offer', () => buyer.offers(demandOf()).candidates.length === 3)
  // As long as all that it waits for may take together.
}, 300_000)
afterAll(async () => {
  await buyer?.stop()
  await stage?.stop()
})

test('one lie that is found calls everything back that its account gave, and nothing of it is ever shown', async () => {
  const events: JobEventReport[] = []
  const request = counting(stage.home, TASKS, LINES, { assurance: { kind: 'audit' } })
  const runner = await buyer.run(await readJob(request), JOB, (event) => {
    if (event.kind !== 'started') events.push(event)
  })
  expect(await runner.finished).toBe('done')
  const of = <K extends JobEventReport['kind']>(kind: K) =>
    events.flatMap((event) => (event.kind === kind ? [event as Extract<JobEventReport, { kind: K }>] : []))

  expect(of('estimate')).toMatchObject([{ assurance: 'audit' }])
  expect(of('held').length).toBeGreaterThanOrEqual(TASKS)
  // Nothing was shown before it was looked at: so nothing had to be taken back.
  expect(of('recalled')).toEqual([])
  const { account } = stage.party(LIAR)
  expect(of('convicted')).toMatchObject([{ account, again: TASKS - 1 }])
  const wrong = of('audited').filter(({ verdict }) => verdict === 'wrong')
  expect(new Set(wrong.map(({ index }) => index)).size).toBe(TASKS)
  expect(wrong.every((one) => one.account === account)).toBe(true)
  for (let index = 0; index < TASKS; index++) {
    const { stdout } = (await runner.result(index)) ?? { stdout: new Uint8Array() }
    expect(new TextDecoder().decode(stdout)).toContain('whale')
  }
  // The record starts anew, and the evidence went to the court with a deposit.
  const row = await journal.get(auditRecords.table, account)
  expect(row && auditRecords.codec.decode(row)).toMatchObject({ valid: 0, wrong: 1 })
  await until('the lie was challenged', async () => (await court.eventsOf('challenged')).length > 0)
})

/** A secret that draws one of the liar's results, and the others at no rate that a busy machine could bring about. */
function findSecret(): Hex {
  for (let i = 0; ; i++) {
    const found = toHex(new Uint8Array(createHash('sha256').update(`${i}`).digest()))
    const lots = Array.from({ length: TASKS }, (_, index) => auditLot(found, `${JOB}.${index}.0.1`))
    if (lots.every((lot, index) => (index === DRAWN ? lot < 0.05 : lot > 0.7))) return found
  }
}
