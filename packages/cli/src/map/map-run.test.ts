import type { PoolPolicy } from '@souk/elastic'
import type { JobRequest, LeaseRow } from '@souk/requester/node'
import { expect, test } from 'vitest'
import type { Session } from '../commands/shared.ts'
import { Manifest } from './manifest.ts'
import { MapResults } from './map-results.ts'
import { MapRun } from './map-run.ts'

const INPUTS = ['a', 'b'].map((name) => ({ name, file: `/in/${name}` }))
const BUDGET = 100n

/** A command with a budget whose earlier run left a job that is over, and what it leaves to the agent. */
function bench(leases: readonly Partial<LeaseRow>[]) {
  const submitted: JobRequest[] = []
  const answers: Record<string, (params: unknown) => unknown> = {
    summary: () => ({ job: 'before', state: 'cancelled' }),
    wait: () => null,
    decided: () => [],
    leases: () => leases,
    submit: (request) => void submitted.push(request as JobRequest),
  }
  const call = async (method: string, params: unknown) => answers[method]?.(params)
  const session = { owner: { call }, config: {} } as unknown as Session
  const pool = { budget: { amount: BUDGET, ratePerHour: null } } as PoolPolicy
  const request = { tasks: INPUTS.map(({ file }) => ({ stdin: file, args: [] })), pool } as unknown
  const plan = {
    ...{ inputs: INPUTS, request: request as JobRequest, assurance: 'none', retries: 0, json: true },
    topUp: undefined,
  }
  const manifest = Manifest.inMemory()
  manifest.begin({ id: 'before', names: ['a', 'b'], digests: ['0x0a', '0x0b'], assurance: 'none' })
  const results = new MapResults(session.owner, null, null)
  return { submitted, run: new MapRun(session, plan, ['0x0a', '0x0b'], manifest, results) }
}

test('what a job of an earlier run cost is not spent again, also where that is over by now', async () => {
  const { run, submitted } = bench([
    { job: 'before', settled: true, paid: 30n, deposit: 60n },
    { job: 'before', settled: false, paid: 1n, deposit: 20n },
    { job: 'of another command', settled: true, paid: 40n, deposit: 40n },
  ])
  const id = await run.detach()
  expect(submitted).toMatchObject([{ id, pool: { budget: { amount: 50n, ratePerHour: null } } }])
})

test('a job of an earlier run that took more than the budget leaves nothing', async () => {
  const { run, submitted } = bench([{ job: 'before', settled: true, paid: 130n, deposit: 130n }])
  await run.detach()
  expect(submitted).toMatchObject([{ pool: { budget: { amount: 0n } } }])
})
