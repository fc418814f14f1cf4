import { setTimeout as pause } from 'node:timers/promises'
import { taskKey } from '@souk/engine'
import type { JobSummary } from '@souk/requester'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { providerRows, requesterRows } from './support/journal-rows.ts'
import { expectedDigest, hashing } from './support/request.ts'
import { plan, Stage } from './support/stage.ts'
import { until } from './support/until.ts'

const TASKS = 14
const MEBIBYTES = 24
/** Milliseconds after a start at which the agent is killed: drawn once, from a die. */
const DELAYS_MS = [137, 911, 43, 1_468]

let stage: Stage
beforeAll(async () => {
  stage = await Stage.open(plan(3, 0.3))
})
afterAll(() => stage?.stop())

/** What the journal of a killed requester held: what must not change any more, or only rise. */
async function remember() {
  const { accepted, attempts, purchases, vouchers } = await requesterRows(stage.folder('agent'))
  const isDecided = (row: { job: string; index: number }) => accepted.has(taskKey(row.job, row.index))
  const tries = [...attempts].filter(([, row]) => isDecided(row)).map(([id]) => id)
  const promised = new Map([...vouchers].map(([lease, row]) => [lease, row.cumulative]))
  return { decided: accepted, tries, promised, purchases }
}

type Memory = Awaited<ReturnType<typeof remember>>

function request() {
  return hashing(TASKS, MEBIBYTES, { assurance: { k: 2, n: 3 }, leases: 3 })
}

/** Kills the agent in the middle of whatever it does, and starts it again over the same folder. */
async function crash() {
  await stage.market.child('agent')?.kill()
  const memory = await remember()
  await stage.market.startAgent()
  return memory
}

/** Asserts that a job came to its end as if nobody had been killed. */
async function completed(job: string, memories: readonly Memory[]) {
  const { state, verified } = await stage.ask<JobSummary>('agent', 'wait', { job })
  expect({ state, verified }).toEqual({ state: 'done', verified: TASKS })
  for (let index = 0; index < TASKS; index++) {
    const { stdout } = await stage.result(job, index)
    expect(new TextDecoder().decode(stdout).split(' ')[0]).toBe(expectedDigest(MEBIBYTES, index))
  }
  await stage.settle()
  await stage.capacityFree()
  const money = await stage.money()
  expect(money.conserved).toBe(true)
  expect(money.accounts.filter((one) => one.locked !== 0n)).toEqual([])

  await stage.market.stopProcesses()
  const end = await requesterRows(stage.folder('agent'))
  for (const { decided, tries, promised } of memories) {
    for (const [task, row] of decided) expect(end.accepted.get(task)).toEqual(row)
    const later = [...end.attempts].filter(([, row]) => decided.has(taskKey(row.job, row.index)))
    expect(later.map(([attempt]) => attempt).sort()).toEqual(tries.sort())
    for (const [lease, cumulative] of promised) {
      expect(end.vouchers.get(lease)?.cumulative).toBeGreaterThanOrEqual(cumulative)
    }
  }
  await everyPaymentOnce(end)
  await everyAttemptOnce(job, end)
}

test('a requester killed early, midway and late finishes its job, runs nothing twice and pays once', async () => {
  const { id, done, events } = await stage.start(request())
  const lost = done.then(
    () => 'answered',
    (error: { code: string }) => error.code,
  )
  const job = await id
  const isDispatched = () => events.some((event) => event.kind === 'dispatched')
  await Promise.race([until('the first attempts run', isDispatched), done])
  const memories = [await crash()]
  expect(await lost).toBe('OWNER_GONE')
  for (const share of [0.3, 0.8]) {
    await until(`${share} of the tasks are accepted`, async () => {
      const { verified, state } = await stage.ask<JobSummary>('agent', 'summary', { job })
      return state !== 'running' || verified >= TASKS * share
    })
    memories.push(await crash())
  }
  // The second and the third crash found leases that ran: they were resumed, none was bought in their place.
  const [, second, third] = memories
  expect([...(third?.purchases.keys() ?? [])].sort()).toEqual([...(second?.purchases.keys() ?? [])].sort())
  await completed(job, memories)
})

test('a requester killed at any moment, again and again, comes to the same end', async () => {
  for (const name of stage.names) await stage.market.startProvider(name)
  await stage.market.startAgent()
  await stage.offersFound(stage.names.length)
  const { id, done } = await stage.start(request())
  done.catch(() => {})
  const job = await id
  const memories: Memory[] = []
  for (const delayMs of DELAYS_MS) {
    await pause(delayMs)
    memories.push(await crash())
  }
  await completed(job, memories)
})

/** The escrow paid each lease what both agreed on, or else what its last voucher says. */
async function everyPaymentOnce({ purchases, vouchers }: Awaited<ReturnType<typeof requesterRows>>) {
  for (const [lease, { agreement, opening }] of purchases) {
    const { status, paid } = await stage.reader.leaseState(lease as `0x${string}`)
    expect(status).toBe(opening === null ? 'none' : 'closed')
    const promised = vouchers.get(lease)?.cumulative ?? 0n
    if (agreement?.peer) expect(paid).toBe(agreement.paid)
    else expect(paid).toBeLessThanOrEqual(promised)
  }
}

/** Providers executed only what the requester's journal had before, and nothing of it on two leases. */
async function everyAttemptOnce(job: string, { attempts }: Awaited<ReturnType<typeof requesterRows>>) {
  const seen = new Set<string>()
  for (const name of stage.names) {
    const { executions } = await providerRows(stage.folder(name))
    for (const executed of executions.keys()) {
      const [lease, attempt = ''] = executed.split('/')
      if (!attempt.startsWith(`${job}.`)) continue
      expect(attempts.get(attempt)?.lease).toBe(lease)
      expect(seen.has(attempt)).toBe(false)
      seen.add(attempt)
    }
  }
  expect(seen.size).toBeGreaterThanOrEqual(2 * TASKS)
}
