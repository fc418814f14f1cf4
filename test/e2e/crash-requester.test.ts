import type { JobSummary } from '@souk/requester'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { providerRows, requesterRows } from './support/journal-rows.ts'
import { expectedDigest, hashing } from './support/request.ts'
import { plan, Stage } from './support/stage.ts'
import { until } from './support/until.ts'

const TASKS = 20
const MEBIBYTES = 24

let stage: Stage
beforeAll(async () => {
  stage = await Stage.open(plan(3, 0.3))
})
afterAll(() => stage?.stop())

/** What the journal of a killed requester held: what must not change any more, or only rise. */
async function remember() {
  const { accepted, attempts, purchases, vouchers } = await requesterRows(stage.folder('agent'))
  const decided = new Map([...accepted].map(([key, row]) => [Number(key.split('/')[1]), row]))
  const tries = [...attempts].filter(([, row]) => decided.has(row.index)).map(([id]) => id)
  const promised = new Map([...vouchers].map(([lease, row]) => [lease, row.cumulative]))
  return { decided, tries, promised, purchases }
}

/** Kills the agent in the middle of whatever it does, and starts it again over the same folder. */
async function crash() {
  await stage.market.child('agent')?.kill()
  const memory = await remember()
  await stage.market.startAgent()
  return memory
}

test('a requester killed early, midway and late finishes its job, runs nothing twice and pays once', async () => {
  const request = hashing(TASKS, MEBIBYTES, { assurance: { k: 2, n: 3 }, leases: 3 })
  const { id, done, events } = await stage.start(request)
  const lost = done.then(
    () => 'answered',
    (error: { code: string }) => error.code,
  )
  const job = await id
  const dispatched = until('the first attempts run', () =>
    events.some((event) => event.kind === 'dispatched'),
  )
  await Promise.race([dispatched, done])
  const memories = [await crash()]
  expect(await lost).toBe('OWNER_GONE')
  for (const share of [0.3, 0.8]) {
    await until(`${share} of the tasks are accepted`, async () => {
      const { verified, state } = await stage.ask<JobSummary>('agent', 'summary', { job })
      return state !== 'running' || verified >= TASKS * share
    })
    memories.push(await crash())
  }

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
    for (const [index, row] of decided) expect(end.accepted.get(key(job, index))).toEqual(row)
    const later = [...end.attempts].filter(([, row]) => decided.has(row.index)).map(([attempt]) => attempt)
    expect(later.sort()).toEqual(tries.sort())
    for (const [lease, cumulative] of promised) {
      expect(end.vouchers.get(lease)?.cumulative).toBeGreaterThanOrEqual(cumulative)
    }
  }
  // The second and the third crash found leases that ran: they were resumed, none was bought in their place.
  const [, second, third] = memories
  expect([...(third?.purchases.keys() ?? [])].sort()).toEqual([...(second?.purchases.keys() ?? [])].sort())
  await everyPaymentOnce(end)
  await everyAttemptOnce(end)
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
async function everyAttemptOnce({ attempts }: Awaited<ReturnType<typeof requesterRows>>) {
  const seen = new Set<string>()
  for (const name of stage.names) {
    const { executions } = await providerRows(stage.folder(name))
    for (const executed of executions.keys()) {
      const [lease, attempt = ''] = executed.split('/')
      expect(attempts.get(attempt)?.lease).toBe(lease)
      expect(seen.has(attempt)).toBe(false)
      seen.add(attempt)
    }
  }
  expect(seen.size).toBeGreaterThanOrEqual(2 * TASKS)
}

function key(job: string, index: number): string {
  return `${job}/${index.toString().padStart(7, '0')}`
}
