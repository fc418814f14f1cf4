import type { Hex } from '@souk/protocol'
import type { JobEventReport } from '@souk/requester'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { providerRows, requesterRows } from './support/journal-rows.ts'
import { expectedDigest, hashing } from './support/request.ts'
import { plan, Stage, type StartedJob } from './support/stage.ts'
import { until } from './support/until.ts'

const TASKS = 18
const MEBIBYTES = 24

let stage: Stage
beforeAll(async () => {
  stage = await Stage.open(plan(3, 0.3))
})
afterAll(() => stage?.stop())

test('a provider killed with vouchers in hand redeems them after its restart; its tasks ran elsewhere', async () => {
  const job = await stage.start(hashing(TASKS, MEBIBYTES, { assurance: { k: 2, n: 3 }, leases: 3 }))
  const victim = 'provider-2'
  await untilWorking(victim)
  await stage.market.child(victim)?.kill()
  const { vouchers, sales } = await providerRows(stage.folder(victim))
  expect(vouchers.size).toBe(1)
  await stage.market.startProvider(victim)

  expect(await job.done).toMatchObject({ state: 'done', verified: TASKS })
  await rightResults(job)
  const lost = of(job, 'lease-over').find((event) => event.phase === 'lost')
  expect(lost?.subject).toBe(stage.party(victim).delegate)
  expect(of(job, 'suspended').filter((event) => event.lease === lost?.lease)).not.toEqual([])

  const promised = (lease: Hex) => vouchers.get(lease)?.cumulative ?? 0n
  await stage.settle(async (lease) => (await stage.reader.leaseState(lease)).paid >= promised(lease))
  for (const lease of sales.keys() as IterableIterator<Hex>) {
    expect(await stage.reader.leaseState(lease)).toMatchObject({ status: 'closed', paid: promised(lease) })
  }
  await stage.capacityFree()
  await nothingLocked()
})

test('results of a provider that was frozen and came back are refused where others took over', async () => {
  const sleeper = 'provider-3'
  // With n = k nobody may answer in its stead while it is only slow: its attempts must be taken from it.
  const job = await stage.start(hashing(TASKS, MEBIBYTES, { assurance: { k: 2, n: 2 }, leases: 3 }))
  await untilWorking(sleeper)
  const pid = stage.market.child(sleeper)?.pid ?? 0
  process.kill(pid, 'SIGSTOP')
  try {
    await until('an attempt of it was given to another', () => fencedAttempts(job).length > 0)
  } finally {
    process.kill(pid, 'SIGCONT')
  }
  const fenced = fencedAttempts(job)
  expect(await job.done).toMatchObject({ state: 'done', verified: TASKS })
  await rightResults(job)
  await stage.settle()
  await stage.capacityFree()
  await nothingLocked()

  await stage.market.stopProcesses()
  const { accepted } = await requesterRows(stage.folder('agent'))
  const used = new Set([...accepted.values()].flatMap((row) => row.agreeing))
  expect(fenced.filter((attempt) => used.has(attempt))).toEqual([])
})

/** Returns the attempts that were taken from a lease and given to another as the slot's next one. */
function fencedAttempts(job: StartedJob): string[] {
  const dispatched = new Set(of(job, 'dispatched').flatMap((event) => event.attempts))
  const suspended = of(job, 'suspended').flatMap((event) => event.attempts)
  return suspended.filter((attempt) => {
    const [id, index, slot, n] = attempt.split('.')
    return dispatched.has(`${id}.${index}.${slot}.${Number(n) + 1}`)
  })
}

/** Waits until a provider executes and holds a voucher. */
async function untilWorking(name: string): Promise<void> {
  await until(`${name} works`, async () => {
    const { leases } = await stage.status(name)
    return leases.some((lease) => lease.running > 0 && lease.earned > 0n)
  })
}

async function rightResults(job: StartedJob): Promise<void> {
  const id = await job.id
  for (let index = 0; index < TASKS; index++) {
    const { stdout } = await stage.result(id, index)
    expect(new TextDecoder().decode(stdout).split(' ')[0]).toBe(expectedDigest(MEBIBYTES, index))
  }
}

async function nothingLocked(): Promise<void> {
  const { conserved, accounts } = await stage.money()
  expect(conserved).toBe(true)
  expect(accounts.filter((one) => one.locked !== 0n)).toEqual([])
}

function of<K extends JobEventReport['kind']>(job: StartedJob, kind: K) {
  return job.events.filter((event): event is Extract<JobEventReport, { kind: K }> => event.kind === kind)
}
