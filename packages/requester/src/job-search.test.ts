import type { JobEvent } from '@souk/engine'
import { createMemoryJournal } from '@souk/storage'
import { expect, test } from 'vitest'
import { JobSearch } from './job-search.ts'
import type { JobParts } from './job-services.ts'

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
  const host = { lacking: () => 1, acquire: () => Promise.reject(broken) }
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
