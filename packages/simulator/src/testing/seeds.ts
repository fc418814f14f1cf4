import { describe, expect, test } from 'vitest'
import { play, replayOf } from '../run.ts'

/** Seeds of each family in `npm test`. */
const SEEDS = 10

/** Returns the seeds to play: `SOUK_SIMULATOR_SEEDS` says how many (`npm run test:deep`). */
export function seeds(): number[] {
  const count = Number(process.env.SOUK_SIMULATOR_SEEDS ?? SEEDS)
  return Array.from({ length: count }, (_, at) => at + 1)
}

/** Plays families, each with all seeds; a failure names the command that plays it again. */
export function playFamilies(names: readonly string[]): void {
  describe.each(names)('%s', (family) => {
    test('keeps every promise, whatever the seed', { timeout: seeds().length * 60_000 }, () => {
      const broken = seeds()
        .map((seed) => play(family, seed))
        .filter((outcome) => outcome.broken.length > 0)
        .map((outcome) => `${outcome.broken[0]}; again: ${replayOf(outcome)}`)
      expect(broken).toEqual([])
    })
  })
}
