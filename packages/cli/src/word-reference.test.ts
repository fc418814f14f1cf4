import { readFile } from 'node:fs/promises'
import { type Task, toBlocks } from '@souk/protocol'
import { createWasmExecutor, type Executor } from '@souk/runtime'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { countWordsReference, mergeWordResults } from './word-reference.ts'

let executor: Executor
let program: Uint8Array
beforeAll(async () => {
  executor = await createWasmExecutor({ memoryBytes: 64 * 1024 * 1024 })
  program = await readFile(new URL('../programs/wordcount.wasm', import.meta.url))
})
afterAll(() => executor.stop())

async function countWordsWasm(chunk: Uint8Array): Promise<string> {
  const contents = new Map([program, chunk].map((bytes) => [toBlocks(bytes).content.cid, bytes]))
  const task: Task = {
    v: 1,
    engine: 'wasm/1',
    program: toBlocks(program).content.cid,
    args: [],
    env: [],
    stdin: toBlocks(chunk).content.cid,
    inputs: [],
    checkpoint: null,
    limits: { fuel: 0n, pages: 1024, depth: 0, outputBytes: 16 * 1024 * 1024, files: 0 },
    seed: 0n,
    clockNs: 0n,
  }
  const content = async (cid: string) => contents.get(cid) ?? new Uint8Array()
  const execution = { id: 'words', n: 1, task, deadlineMs: 30_000, content }
  const outcome = await executor.run(execution, new AbortController().signal)
  if (outcome.kind === 'failed') throw new Error(outcome.message)
  expect(outcome.status).toEqual({ kind: 'exit', code: 0 })
  return new TextDecoder().decode(outcome.stdout)
}

const bytes = (text: string) => new TextEncoder().encode(text)
/** Text whose words are often the same or nearly so. */
const similar = fc
  .array(fc.stringMatching(/^[abAB]{0,7}[ \n'.é-]{0,2}$/), { maxLength: 200 })
  .map((parts) => bytes(parts.join('')))

describe('the reference computes what wordcount.wasm prints', () => {
  test('for any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), async (chunk) => {
        expect(await countWordsWasm(chunk)).toBe(countWordsReference(chunk))
      }),
      { numRuns: 100 },
    )
  })

  test('for many similar words', async () => {
    await fc.assert(
      fc.asyncProperty(similar, async (chunk) => {
        expect(await countWordsWasm(chunk)).toBe(countWordsReference(chunk))
      }),
      { numRuns: 100 },
    )
  })

  test.each([
    ['nothing', ''],
    ['no word', '0123 \0\u007f{[`@'],
    ['a word that ends with the text', 'end'],
    ['a run of 33 letters and one of 32', `${'a'.repeat(33)} ${'A'.repeat(32)} ${'b'.repeat(32)}`],
    ['letters beside bytes that look like letters with bit 5 set', 'abAB[]{}\u001aé'],
    ['more input than one read', 'word other '.repeat(20_000)],
  ])('for %s', async (_, text) => {
    expect(await countWordsWasm(bytes(text))).toBe(countWordsReference(bytes(text)))
  })
})

test('words are counted without case, and the closest pairs come first', () => {
  expect(countWordsReference(bytes('Whale whales, the WHALE; sailor'))).toBe(
    'word 1 sailor\nword 1 the\nword 2 whale\nword 1 whales\n' +
      'pair 1 whale whales\npair 5 sailor whale\npair 5 sailor whales\n',
  )
})

describe('merging chunks', () => {
  test('gives the counts of the whole text', () => {
    fc.assert(
      fc.property(fc.array(similar, { maxLength: 6 }), (chunks) => {
        const merged = mergeWordResults(chunks.map(countWordsReference))
        const whole = countWordsReference(
          bytes(chunks.map((chunk) => new TextDecoder().decode(chunk)).join(' ')),
        )
        const words = (output: string) => output.split('\n').filter((line) => line.startsWith('word'))
        expect(words(merged)).toEqual(words(whole))
      }),
    )
  })

  test('does not depend on their order', () => {
    fc.assert(
      fc.property(fc.array(similar, { maxLength: 6 }), (chunks) => {
        const outputs = chunks.map(countWordsReference)
        expect(mergeWordResults(outputs.toReversed())).toBe(mergeWordResults(outputs))
      }),
    )
  })
})
