import type { JobEvent, JobRow } from '@souk/engine'
import { createMemoryJournal } from '@souk/storage'
import { describe, expect, test } from 'vitest'
import { JobReports } from './job-reports.ts'
import { JobSearch } from './job-search.ts'
import type { JobParts } from './job-services.ts'

const settled = () => new Promise((resolve) => setImmediate(resolve))

/** A job that has no lease, in a market where nobody leases. */
function bench() {
  const market = { hasChain: true, found: 0, isAsleep: false, searches: 0 }
  const told: string[] = []
  const row = { id: 'job', state: 'running' } as JobRow
  const times = { clock: () => 0, dateMs: () => 0 }
  const services = {
    ...times,
    journal: createMemoryJournal(),
    covers: () => true,
    hasChain: () => market.hasChain,
    fatal: (error: unknown) => told.push(String(error)),
    onProblem: (sentence: string) => told.push(sentence),
  }
  const parts = {
    ...{ job: { row, inFlight: new Set() }, services, reports: new JobReports(times) },
    post: async ({ type }: { type: string }) => void told.push(type),
  }
  const acquire = async () => {
    market.searches += 1
    return market.found
  }
  const host = { lacking: () => 1, acquire, isAsleep: () => market.isAsleep }
  const search = new JobSearch(parts as unknown as JobParts, host, { graceMs: 0, paused: null })
  const starve = async (times: number) => {
    for (let i = 0; i < times; i++) {
      search.starved()
      await settled()
    }
  }
  return { market, told, starve }
}

describe('a job that finds no lease', () => {
  test('is given up after its fifth search', async () => {
    const { told, starve } = bench()
    await starve(4)
    expect(told).toEqual([])
    await starve(1)
    expect(told).toEqual(['stop'])
  })

  test('waits while there is no chain, and searches five times when it is back', async () => {
    const { market, told, starve } = bench()
    await starve(3)
    market.hasChain = false
    await starve(100)
    market.hasChain = true
    await starve(4)
    expect(told).toEqual([])
    await starve(1)
    expect(told).toEqual(['stop'])
  })

  test('looks for none and is not given up while it sleeps', async () => {
    const { market, told, starve } = bench()
    await starve(4)
    market.isAsleep = true
    await starve(100)
    expect([market.searches, told]).toEqual([4, []])
    market.isAsleep = false
    await starve(1)
    expect([market.searches, told]).toEqual([5, ['stop']])
  })

  test('begins to count again with each lease that it gets', async () => {
    const { market, told, starve } = bench()
    await starve(4)
    market.found = 1
    await starve(1)
    market.found = 0
    await starve(4)
    expect(told).toEqual([])
  })
})

test('a search that breaks off is told of and counts as fruitless; after some of them the job is given up', async () => {
  const posted: JobEvent[] = []
  const problems: unknown[] = []
  const broken = new Error('the journal cannot be read')
  const services = {
    ...{ journal: createMemoryJournal(), dateMs: () => 0, clock: () => 0 },
    ...{ covers: () => true, hasChain: () => true },
    onProblem: (_: string, error: unknown) => problems.push(error),
    fatal: (error: unknown) => {
      throw error
    },
  }
  const parts = {
    ...{ job: { row: { id: 'job', state: 'running' } }, services, reports: { report() {} } },
    post: async (event: JobEvent) => void posted.push(event),
  }
  const host = { lacking: () => 1, acquire: () => Promise.reject(broken), isAsleep: () => false }
  const search = new JobSearch(parts as unknown as JobParts, host, { graceMs: 0, paused: null })
  for (let round = 1; round <= 5; round++) {
    expect(posted).toEqual([])
    search.starved()
    await new Promise((resolve) => setImmediate(resolve))
    expect(problems).toEqual(Array.from({ length: round }, () => broken))
  }
  expect(posted).toEqual([{ type: 'stop', state: 'failed' }])
  await search.stop()
})
