import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { play, replayOf } from '../run.ts'

/** Seeds of each family in `npm test`. */
const SEEDS = 10
/** Milliseconds for one run, on a machine with too much to do: most take a tenth of a second alone, some half of one. */
const RUN_MS = 60_000

/** Returns the seeds to play: `SOUK_SIMULATOR_SEEDS` says how many (`npm run test:deep`). */
export function seeds(): number[] {
  const count = Number(process.env.SOUK_SIMULATOR_SEEDS ?? SEEDS)
  return Array.from({ length: count }, (_, at) => at + 1)
}

/** Plays families, each with all seeds; a failure names the command that plays it again. */
export function playFamilies(names: readonly string[]): void {
  describe.each(names)('%s', (family) => {
    test('keeps every promise, whatever the seed', { timeout: seeds().length * RUN_MS }, async () => {
      const broken: string[] = []
      for (const seed of seeds()) {
        const outcome = play(family, seed)
        if (outcome.broken.length > 0) broken.push(`${outcome.broken[0]}; again: ${replayOf(outcome)}`)
        // The runner of the tests wants to hear from this process in the minutes that a thousand seeds take.
        await turn()
      }
      expect(broken).toEqual([])
    })
  })
}
