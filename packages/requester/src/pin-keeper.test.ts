import { EXACT } from '@souk/availability'
import { jobs, put } from '@souk/engine'
import { rawCid, utf8 } from '@souk/protocol'
import { createMemoryBlocks, createMemoryJournal } from '@souk/storage'
import { expect, test } from 'vitest'
import { PinKeeper, preparing } from './pin-keeper.ts'

const HOUR_MS = 3_600_000
const CID = rawCid(utf8('content'))

/** A keeper over jobs in these states, a clock, and those that are still busy. */
async function setUp(states: Readonly<Record<string, 'running' | 'done' | 'failed'>>) {
  const [journal, blocks] = [createMemoryJournal(), createMemoryBlocks()]
  for (const [id, state] of Object.entries(states)) {
    const demand = {
      resources: { millicores: 100, memoryBytes: 1, diskBytes: 1, gpu: null },
      ...({ runtime: 'wasm/1', network: 'none' } as const),
      ...{ region: null, maxRoundTripMs: null, maxRateE12: null, durationSeconds: 60 },
    }
    const row = {
      ...{
        id,
        name: id,
        k: 1,
        n: 1,
        deadlineMs: 1,
        tasks: 1,
        comparator: EXACT,
        createdAtMs: 0,
        open: false,
        state,
        demand,
        leases: 1,
      },
    }
    await journal.commit([put(jobs, id, row)], 'committed')
    await blocks.pin(id, [CID])
  }
  const time = { nowMs: 0 }
  const busy = new Set<string>()
  const keeper = new PinKeeper({ journal, blocks, clock: () => time.nowMs, isBusy: (job) => busy.has(job) })
  return { keeper, blocks, time, busy }
}

test('content is let go a while after its job, not before', async () => {
  const { keeper, blocks, time } = await setUp({ over: 'done', failed: 'failed', going: 'running' })
  await keeper.sweep()
  time.nowMs = HOUR_MS - 1
  await keeper.sweep()
  expect((await blocks.owners()).sort()).toEqual(['failed', 'going', 'over'])
  time.nowMs = HOUR_MS
  await keeper.sweep()
  expect(await blocks.owners()).toEqual(['going'])
})

test('the while begins when the last lease is settled', async () => {
  const { keeper, blocks, time, busy } = await setUp({ over: 'done' })
  busy.add('over')
  for (time.nowMs = 0; time.nowMs <= 3 * HOUR_MS; time.nowMs += HOUR_MS) await keeper.sweep()
  expect(await blocks.owners()).toEqual(['over'])
  busy.clear()
  await keeper.sweep()
  expect(await blocks.owners()).toEqual(['over'])
  time.nowMs += HOUR_MS
  await keeper.sweep()
  expect(await blocks.owners()).toEqual([])
})

test('what others pinned is theirs, and what never became a job goes at the next start', async () => {
  const { keeper, blocks, time } = await setUp({})
  await blocks.pin('0xdispute', [CID])
  await blocks.pin(preparing('half'), [CID])
  await keeper.sweep()
  time.nowMs = 2 * HOUR_MS
  await keeper.sweep()
  expect((await blocks.owners()).sort()).toEqual(['0xdispute', preparing('half')])
  await keeper.forgetUnbegun()
  expect(await blocks.owners()).toEqual(['0xdispute'])
})
