const LONGEST = 32
const SHORTEST_IN_PAIR = 4
const PAIRS = 100
const LETTERS = 26
const FIRST_LETTER = 97
const NOTHING = new Uint8Array()

/** A pair of similar words and their Levenshtein distance. */
interface Pair {
  readonly distance: number
  readonly first: string
  readonly second: string
}

/**
 * Returns exactly what `programs/wordcount.c` prints for `chunk`, computed in plain JavaScript: the demo's
 * proof that the market's result is right must not come from the same WebAssembly.
 */
export function countWordsReference(chunk: Uint8Array): string {
  const counts = countWords(chunk)
  const words = [...counts.keys()].sort()
  const lines = words.map((word) => `word ${counts.get(word)} ${word}\n`)
  return [...lines, ...closestPairs(words).map(pairLine)].join('')
}

/**
 * Merges the outputs of all chunks, in any order, into one of the same form: counts add up, and the closest
 * pairs of all chunks are the closest pairs of the job, each once.
 */
export function mergeWordResults(outputs: readonly string[]): string {
  const counts = new Map<string, number>()
  const pairs = new Map<string, Pair>()
  for (const line of outputs.flatMap((output) => output.split('\n'))) {
    const [kind, number, first = '', second = ''] = line.split(' ')
    if (kind === 'word') counts.set(first, (counts.get(first) ?? 0) + Number(number))
    if (kind === 'pair') pairs.set(`${first} ${second}`, { distance: Number(number), first, second })
  }
  const words = [...counts.keys()].sort().map((word) => `word ${counts.get(word)} ${word}\n`)
  const closest = [...pairs.values()].sort(comparePairs).slice(0, PAIRS)
  return [...words, ...closest.map(pairLine)].join('')
}

function countWords(chunk: Uint8Array): Map<string, number> {
  const counts = new Map<string, number>()
  // One character per byte, so that no byte above 127 can be taken for a letter.
  const text = Buffer.from(chunk).toString('latin1')
  for (const [run] of text.matchAll(/[A-Za-z]+/g)) {
    const word = run.slice(0, LONGEST).toLowerCase()
    counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  return counts
}

/** Measures all pairs of long words; `sorted` words give the pairs of one distance in order. */
function closestPairs(sorted: readonly string[]): Pair[] {
  const words = sorted.filter((word) => word.length >= SHORTEST_IN_PAIR)
  const letters = words.map((word) => Uint8Array.from(word, (letter) => letter.charCodeAt(0) - FIRST_LETTER))
  const byDistance: Pair[][] = Array.from({ length: LONGEST + 1 }, () => [])
  for (const [i, first] of words.entries()) {
    const measure = distanceTo(letters[i] ?? NOTHING)
    for (let j = i + 1; j < words.length; j += 1) {
      const distance = measure(letters[j] ?? NOTHING)
      const bucket = byDistance[distance]
      if (bucket && bucket.length < PAIRS) bucket.push({ distance, first, second: words[j] ?? '' })
    }
  }
  return byDistance.flat().slice(0, PAIRS)
}

/**
 * Returns a function that measures the edit distance to `word` (1 to 32 letters, counted from 0): one column
 * of the table per step, held in the bits of two integers (Myers 1999, in the form of Hyyrö 2003).
 */
function distanceTo(word: Uint8Array): (other: Uint8Array) => number {
  const places = new Int32Array(LETTERS)
  for (const [i, letter] of word.entries()) places[letter] = (places[letter] ?? 0) | (1 << i)
  const last = 1 << (word.length - 1)
  return (other) => {
    let rises = -1
    let falls = 0
    let distance = word.length
    for (const letter of other) {
      const equal = places[letter] ?? 0
      const vertical = equal | falls
      const horizontal = (((equal & rises) + rises) ^ rises) | equal
      let up = falls | ~(horizontal | rises)
      let down = rises & horizontal
      if (up & last) distance += 1
      else if (down & last) distance -= 1
      up = (up << 1) | 1
      down <<= 1
      rises = down | ~(vertical | up)
      falls = up & vertical
    }
    return distance
  }
}

function comparePairs(a: Pair, b: Pair): number {
  return a.distance - b.distance || compareText(a.first, b.first) || compareText(a.second, b.second)
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}

function pairLine({ distance, first, second }: Pair): string {
  return `pair ${distance} ${first} ${second}\n`
}
