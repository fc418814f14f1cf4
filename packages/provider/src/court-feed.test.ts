import { COURT_PRESETS } from '@souk/protocol'
import type { PlacedCourtEvent } from '@souk/settlement'
import { expect, test } from 'vitest'
import { CourtFeed } from './court-feed.ts'

const BACK = 2 * COURT_PRESETS.dev.verdictBlocks
/** Blocks that every look reads again. */
const AGAIN = 12

/** A feed, the ranges that it read and what it complained of; every block says one thing. */
function feed({ isAway = () => false }: { isAway?: () => boolean } = {}) {
  const ranges: [number, number][] = []
  const warnings: string[] = []
  const events = async (from: number, to: number) => {
    if (isAway()) throw new Error('the endpoint is away')
    ranges.push([from, to])
    const places = Array.from({ length: to - from + 1 }, (_, i) => ({ at: placeOf(from + i) }))
    return places as unknown as PlacedCourtEvent[]
  }
  const log = { info: () => {}, warn: (sentence: string) => void warnings.push(sentence) }
  return {
    ranges,
    warnings,
    feed: new CourtFeed({ rules: COURT_PRESETS.dev, events }, log),
  }
}

const placeOf = (block: number) => ({ block, blockHash: `0x${block}`, index: 0 })

/** Takes all but what stands in `refused`, and notes what it took. */
function taker(refused: ReadonlySet<number> = new Set()) {
  const seen: number[] = []
  const take = async ({ at }: PlacedCourtEvent) => {
    if (refused.has(at.block)) throw new Error('the quote cannot be read')
    seen.push(at.block)
  }
  return { seen, take }
}

test('begins as far back as verdicts matter, and reads the newest blocks again', async () => {
  const { ranges, feed: one } = feed()
  const { seen, take } = taker()
  for (const head of [1_000, 1_001, 1_005]) await one.look(head, take)
  expect(ranges).toEqual([
    [1_000 - BACK - AGAIN, 1_000],
    [1_001 - AGAIN, 1_001],
    [1_002 - AGAIN, 1_005],
  ])
  expect([...new Set(seen)]).toHaveLength(BACK + AGAIN + 6)
})

test('goes on after what could not be taken, and hands it on again, though it lies further back', async () => {
  const { ranges, warnings, feed: one } = feed()
  await one.look(1_000, taker().take)
  const refused = new Set([1_002])
  const { seen, take } = taker(refused)
  await one.look(1_003, take)
  expect(seen).toContain(1_003)
  await one.look(1_100, take)
  expect(seen).not.toContain(1_002)
  refused.clear()
  await one.look(1_101, take)
  expect(ranges.at(-1)).toEqual([1_101 - AGAIN, 1_101])
  expect(seen.filter((block) => block === 1_002)).toHaveLength(1)
  expect(warnings).toHaveLength(2)
})

test('gives up what can never be taken', async () => {
  const { warnings, feed: one } = feed()
  await one.look(1_000, taker().take)
  for (let head = 1_100; head < 1_200; head++) await one.look(head, taker(new Set([1_001])).take)
  expect(warnings).toHaveLength(32)
})

test('begins at the same block where the court could not be read', async () => {
  let isAway = false
  const { ranges, feed: one } = feed({ isAway: () => isAway })
  await one.look(1_000, taker().take)
  isAway = true
  await expect(one.look(1_010, taker().take)).rejects.toThrow('away')
  isAway = false
  await one.look(1_020, taker().take)
  expect(ranges.at(-1)).toEqual([1_001 - AGAIN, 1_020])
})

test('does not look while it looks', async () => {
  const { ranges, feed: one } = feed()
  await Promise.all([one.look(1_000, taker().take), one.look(1_001, taker().take)])
  expect(ranges).toHaveLength(1)
})
