import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hex } from './arbitraries.fixture.ts'
import type { Hex } from './bytes.ts'
import { EPOCH_SLOTS } from './court-rules.ts'
import { chooseVotes, tally } from './vote-tally.ts'
import { downMap, observationValue, readObservation, slotCount, UNDECIDABLE } from './vote-value.ts'

const map = fc.integer({ min: 0, max: 2 ** EPOCH_SLOTS - 1 })
const observation = fc.tuple(map, map).map(([seen, some]) => ({ seen, up: seen & some }))
const quorum = fc.integer({ min: 1, max: 15 })
const votes = fc.array(map, { maxLength: 15 }).map((maps) => maps.map((down, seat) => ({ seat, down })))

const downOf = (some: readonly { down: number }[]) => some.map(({ down }) => down)

/** Counts slot by slot. */
function slowTally(maps: readonly number[], least: number): number {
  let proven = 0
  for (let slot = 0; slot < EPOCH_SLOTS; slot++) {
    let count = 0
    for (const each of maps) if (Math.floor(each / 2 ** slot) % 2 === 1) count += 1
    if (count >= least) proven += 2 ** slot
  }
  return proven
}

test('an observation survives its encoding, and its bits are where the contract reads them', () => {
  fc.assert(
    fc.property(observation, (given) => {
      const value = observationValue(given)
      expect(readObservation(value)).toEqual(given)
      const word = BigInt(value)
      expect(word & 0xffffn).toBe(BigInt(given.up))
      expect(word >> 16n).toBe(BigInt(given.seen))
      expect(downMap(given)).toBe(given.seen - given.up)
    }),
  )
})

test.each([
  ['a bit above the maps', `0x${'00'.repeat(27)}01${'00'.repeat(4)}`],
  ['a slot that was up and not seen', `0x${'00'.repeat(28)}00010002`],
  ['fewer bytes', '0x0001'],
] satisfies [string, Hex][])('%s is no observation', (_, value) => {
  expect(readObservation(value)).toBeUndefined()
})

test('what is no observation is refused, and what is one keeps its value', () => {
  fc.assert(
    fc.property(hex(32), (value) => {
      const read = readObservation(value)
      if (read !== undefined) expect(observationValue(read)).toBe(value)
    }),
  )
  expect(readObservation(UNDECIDABLE)).toEqual({ seen: 0, up: 0 })
})

test('a slot is down when enough seats say so', () => {
  fc.assert(
    fc.property(votes, quorum, (some, least) => {
      expect(tally(downOf(some), least)).toBe(slowTally(downOf(some), least))
    }),
  )
})

test('chosen votes prove what all prove, in order, and none of them is too many', () => {
  fc.assert(
    fc.property(votes, quorum, map, (some, least, wanted) => {
      const chosen = chooseVotes(some, least, wanted)
      const goal = slowTally(downOf(some), least) & wanted
      expect(slowTally(downOf(chosen), least) & wanted).toBe(goal)
      const seats = chosen.map(({ seat }) => seat)
      expect(seats).toEqual([...new Set(seats)].toSorted((a, b) => a - b))
      for (const left of chosen) {
        const others = downOf(chosen.filter((vote) => vote !== left))
        expect(slowTally(others, least) & wanted).not.toBe(goal)
      }
    }),
  )
})

test('slots are counted', () => {
  fc.assert(
    fc.property(map, (some) => {
      expect(slotCount(some)).toBe([...some.toString(2)].filter((bit) => bit === '1').length)
    }),
  )
})
