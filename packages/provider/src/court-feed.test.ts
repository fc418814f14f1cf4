import { COURT_PRESETS } from '@souk/protocol'
import type { CourtLink, PlacedCourtEvent } from '@souk/settlement'
import { expect, test } from 'vitest'
import { CourtFeed } from './court-feed.ts'

/** A feed, and the ranges that it read; every block says one thing. */
function feed() {
  const ranges: [number, number][] = []
  const events = async (from: number, to: number) => {
    ranges.push([from, to])
    return Array.from({ length: to - from + 1 }, (_, i) => ({ at: { block: from + i } }) as PlacedCourtEvent)
  }
  const rules = { ...COURT_PRESETS.dev }
  return { ranges, feed: new CourtFeed({ rules, events } as unknown as CourtLink) }
}

test('hands on each block once, and begins as far back as verdicts matter', async () => {
  const { ranges, feed: one } = feed()
  const seen: number[] = []
  const take = async ({ at }: PlacedCourtEvent) => void seen.push(at.block)
  const back = 2 * COURT_PRESETS.dev.verdictBlocks
  for (const head of [1_000, 1_001, 1_005]) await one.look(head, take)
  expect(ranges).toEqual([
    [1_000 - back, 1_000],
    [1_001, 1_001],
    [1_002, 1_005],
  ])
  expect(seen).toEqual(Array.from({ length: back + 6 }, (_, i) => 1_000 - back + i))
})

test('hands a block on again where what it said could not be taken', async () => {
  const { ranges, feed: one } = feed()
  await one.look(1_000, async () => {})
  const fails = one.look(1_003, async ({ at }) => {
    if (at.block === 1_002) throw new Error('the endpoint is away')
  })
  await expect(fails).rejects.toThrow('away')
  const seen: number[] = []
  await one.look(1_004, async ({ at }) => void seen.push(at.block))
  expect(seen).toEqual([1_001, 1_002, 1_003, 1_004])
  expect(ranges.at(-1)).toEqual([1_001, 1_004])
})

test('does not look while it looks', async () => {
  const { ranges, feed: one } = feed()
  await Promise.all([one.look(1_000, async () => {}), one.look(1_001, async () => {})])
  expect(ranges).toHaveLength(1)
})
