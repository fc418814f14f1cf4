import { readFile } from 'node:fs/promises'
import { type Comparator, EXACT, parseAssurance } from '@souk/availability'
import { type Task, toBlocks } from '@souk/protocol'
import { type BlockStore, createMemoryBlocks, putContent } from '@souk/storage'
import { beforeAll, describe, expect, test } from 'vitest'
import { checkedTerms } from './assurance-terms.ts'

const TOLERANT: Comparator = { kind: 'tolerance', ...byType({ abs: 1e-6, rel: 1e-5 }) }
/** One stores floats for everybody to see, the other has none. */
const PROGRAMS = { floats: '../../runtime/programs/matmul.wasm', plain: '../../cli/programs/wordcount.wasm' }

let blocks: BlockStore
const cids = new Map<string, string>()
beforeAll(async () => {
  blocks = createMemoryBlocks()
  for (const [name, path] of Object.entries(PROGRAMS)) {
    const bytes = new Uint8Array(await readFile(new URL(path, import.meta.url)))
    cids.set(name, (await putContent(blocks, bytes)).cid)
  }
})

function termsOf(
  assurance: string,
  change: { program?: keyof typeof PROGRAMS; comparator?: Comparator; canRun?: boolean; pages?: number } = {},
) {
  const { program = 'plain', comparator = EXACT, canRun = true, pages = 16 } = change
  const task: Task = {
    ...{
      v: 1,
      engine: 'wasm/1',
      program: cids.get(program) ?? toBlocks(new Uint8Array()).content.cid,
      args: [],
    },
    ...{ env: [], stdin: null, inputs: [], checkpoint: null, seed: 0n, clockNs: 0n },
    limits: { fuel: 0n, pages, depth: 0, outputBytes: 1024, files: 1 },
  }
  const random = (bytes: number) => new Uint8Array(bytes).fill(7)
  const spec = { assurance: parseAssurance(assurance), tasks: [task], comparator }
  return checkedTerms(spec, { blocks, random, canRun })
}

describe('the terms of an assurance', () => {
  const secret = `0x${'07'.repeat(32)}`

  test.each([
    ['none', { k: 1, n: 1 }],
    ['audit', { k: 1, n: 1, checks: { secret, audited: true, here: true } }],
    ['replicate:3', { k: 2, n: 3, first: 3, checks: { secret, audited: false, here: true } }],
    ['quorum:2/3', { k: 2, n: 3, checks: { secret, audited: false, here: true } }],
  ])('%s', async (assurance, terms) => {
    expect(await termsOf(assurance)).toEqual(terms)
  })

  test('leave to others what this machine cannot know', async () => {
    const others = { k: 1, n: 1, checks: { secret, audited: true, here: false } }
    expect(await termsOf('audit', { canRun: false })).toEqual(others)
    expect(await termsOf('audit', { program: 'floats' })).toEqual(others)
    expect(await termsOf('audit', { pages: 16_385 })).toEqual(others)
    expect(await termsOf('quorum:2/3', { program: 'floats' })).toEqual({ k: 2, n: 3 })
    const tolerant = await termsOf('audit', { program: 'floats', comparator: TOLERANT })
    expect(tolerant.checks?.here).toBe(true)
  })
})

function byType<T>(one: T) {
  return { f16: one, f32: one, f64: one }
}
