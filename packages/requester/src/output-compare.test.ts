import { DEFAULT_TOLERANCES, type Tolerances } from '@souk/availability'
import { LIMITS, type Output, type OutputStatus } from '@souk/protocol'
import { createMemoryBlocks, putContent } from '@souk/storage'
import { describe, expect, test } from 'vitest'
import { differenceWithin } from './output-compare.ts'
import { outputTypes } from './output-types.ts'

const EXIT: OutputStatus = { kind: 'exit', code: 0 }
const blocks = createMemoryBlocks()

/** What a test says of an output; everything else is as usual. */
interface Given {
  readonly status?: OutputStatus
  readonly fuel?: bigint
  readonly stdout?: string
  readonly files?: Readonly<Record<string, Uint8Array>>
}

async function outputOf({ status = EXIT, fuel = 0n, stdout = '', files = {} }: Given): Promise<Output> {
  const kept: Output['files'] = []
  for (const [path, bytes] of Object.entries(files)) {
    kept.push([path, (await putContent(blocks, bytes)).cid, bytes.byteLength])
  }
  return { v: 1, status, fuel, stdout: (await putContent(blocks, Buffer.from(stdout))).cid, files: kept }
}

async function difference(a: Given, b: Given, tolerances: Tolerances = DEFAULT_TOLERANCES) {
  const [left, right] = [await outputOf(a), await outputOf(b)]
  const typeOf = await outputTypes({ engine: 'wasm/1', program: '' }, async () => new Uint8Array())
  const options = { blocks, tolerances, typeOf }
  const found = await differenceWithin(left, right, options)
  expect((await differenceWithin(right, left, options)) === null).toBe(found === null)
  return found
}

const floats = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer)

describe('two outputs', () => {
  test.each<[string, Given, Given, RegExp | null]>([
    ['nothing', {}, {}, null],
    ['another exit code', {}, { status: { kind: 'exit', code: 1 } }, /exit 0.*exit 1/],
    ['a trap', {}, { status: { kind: 'trap' } }, /trap/],
    ['other fuel', { fuel: 5n }, { fuel: 6n }, /5 instructions/],
    ['other words', { stdout: 'a' }, { stdout: 'b' }, /print/],
    ['another name', { files: { 'a.f32': floats(1) } }, { files: { 'b.f32': floats(1) } }, /names/],
    ['another length', { files: { 'a.f32': floats(1) } }, { files: { 'a.f32': floats(1, 2) } }, /lengths/],
    ['a file more', { files: { a: floats(1) } }, { files: { a: floats(1), b: floats(1) } }, /more files/],
    ['a rounding', { files: { 'a.f32': floats(1, 2) } }, { files: { 'a.f32': floats(1, 2.00001) } }, null],
    [
      'a number',
      { files: { 'a.f32': floats(1, 2) } },
      { files: { 'a.f32': floats(1, 2.5) } },
      /2 and 2\.5 at 1$/,
    ],
    ['bytes', { files: { a: floats(2) } }, { files: { a: floats(2.00001) } }, /^a has /],
  ])('differ in %s', async (_, a, b, why) => {
    const found = await difference(a, b)
    if (why === null) expect(found).toBeNull()
    else expect(found).toMatch(why)
  })

  test.each([
    ['in the first block', 17],
    ['at the end of a block', LIMITS.blockBytes / 4 - 1],
    ['at the beginning of the next', LIMITS.blockBytes / 4],
    ['at the very end', LIMITS.blockBytes / 2 + 4],
  ])('of many blocks differ %s', async (_, at) => {
    const values = Float32Array.from({ length: LIMITS.blockBytes / 2 + 5 }, (_, i) => i % 1_000)
    const near = values.map((value) => value * (1 + 2e-6))
    const far = near.slice()
    far[at] = -1
    const file = (numbers: Float32Array) => ({ files: { 'all.f32': new Uint8Array(numbers.buffer) } })
    expect(await difference(file(values), file(near))).toBeNull()
    expect(await difference(file(values), file(far))).toMatch(new RegExp(` and -1 at ${at}$`))
  })

  test('cannot be compared where their content is not here', async () => {
    const [a, b] = [
      await outputOf({ files: { 'a.f32': floats(1) } }),
      await outputOf({ files: { 'a.f32': floats(2) } }),
    ]
    const options = {
      blocks: createMemoryBlocks(),
      tolerances: DEFAULT_TOLERANCES,
      typeOf: () => 'f32' as const,
    }
    await expect(differenceWithin(a, b, options)).rejects.toMatchObject({ data: { code: 'MISSING_BLOCKS' } })
  })
})
