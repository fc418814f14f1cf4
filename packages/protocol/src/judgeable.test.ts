import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { rawCid } from './content.ts'
import { JUDGED, requireJudgeable, requireJudgeableTask } from './judgeable.ts'
import { withSecrets } from './secrets.ts'
import type { Task } from './task.ts'

const file = (path: string) => readFile(fileURLToPath(new URL(`../../${path}`, import.meta.url)))

/** A command whose `_start` has this body, beside one memory. */
function program(body: readonly number[]): Uint8Array {
  const code = [0, ...body, 0x0b]
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 0, 0]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, 1]),
    ...section(7, [2, ...name('_start'), 0, 0, ...name('memory'), 2, 0]),
    ...section(10, [1, code.length, ...code]),
  ])
}
const section = (id: number, bytes: readonly number[]) => [id, bytes.length, ...bytes]
const name = (text: string) => [text.length, ...new TextEncoder().encode(text)]

const f64 = [0x44, 0, 0, 0, 0, 0, 0, 0, 0]
const v128 = [0xfd, 12, ...new Array(16).fill(0)]
const DROP = 0x1a

describe('a program that a jury can judge', () => {
  it.each([
    ['nothing', []],
    ['integers', [0x41, 1, 0x41, 2, 0x6a, DROP]],
    ['floats that are only compared', [...f64, ...f64, 0xa3, ...f64, 0x63, DROP]],
    ['SIMD on integers', [...v128, ...v128, 0xfd, 0xae, 0x01, DROP]],
  ])('may have %s', async (_, body) => {
    await expect(requireJudgeable(program(body), 'wasm/1')).resolves.toBeUndefined()
  })

  it.each([
    ['a stored float', [0x41, 0, ...f64, 0x39, 0, 0]],
    ['a reinterpreted float', [...f64, 0xbd, DROP]],
    ['a sign lent by a float', [...f64, ...f64, 0xa6, DROP]],
    ['SIMD on floats', [...v128, ...v128, 0xfd, 0xe4, 0x01, DROP]],
    ['relaxed SIMD', [...v128, ...v128, 0xfd, 0x80, 0x02, DROP]],
  ])('has no %s', async (_, body) => {
    await expect(requireJudgeable(program(body), 'wasm/1')).rejects.toMatchObject({
      data: { code: 'UNDETERMINED' },
    })
    await expect(requireJudgeable(program(body), 'wasm-det/1')).resolves.toBeUndefined()
  })

  it('is a program at all', async () => {
    await expect(requireJudgeable(Uint8Array.of(1, 2, 3), 'wasm-det/1')).rejects.toMatchObject({
      data: { code: 'NOT_WASM' },
    })
  })

  it('is what the demo runs, and not what prints with printf', async () => {
    await expect(
      requireJudgeable(await file('cli/programs/wordcount.wasm'), 'wasm/1'),
    ).resolves.toBeUndefined()
    await expect(
      requireJudgeable(await file('runtime/programs/conduct.wasm'), 'wasm/1'),
    ).rejects.toMatchObject({
      data: { code: 'UNDETERMINED' },
    })
  })
})

describe('a task that a jury can judge', () => {
  const cid = rawCid(Uint8Array.of(1))
  const half = JUDGED.inputBytes / 2
  const limits = { fuel: 0n, pages: JUDGED.pages, depth: 0, outputBytes: JUDGED.outputBytes, files: 8 }
  const most: Task = {
    ...{ v: 1, engine: 'wasm/1', program: cid, args: [], env: [], stdin: null, checkpoint: null, limits },
    inputs: [
      ['a', cid, half],
      ['b', cid, half],
    ],
    ...{ seed: 0n, clockNs: 0n },
  }

  it('may have as much as the court takes on', () => {
    expect(() => requireJudgeableTask(most)).not.toThrow()
    const metered = { ...limits, fuel: 1n, depth: JUDGED.depth }
    expect(() => requireJudgeableTask({ ...most, engine: 'wasm-det/1', limits: metered })).not.toThrow()
  })

  it.each<[string, Partial<Task>]>([
    ['another engine', { engine: 'container/1' }],
    ['a frame too many', { engine: 'wasm-det/1', limits: { ...limits, depth: JUDGED.depth + 1 } }],
    ['a checkpoint', { checkpoint: cid }],
    ['secrets', { env: withSecrets(['A=1']) }],
    ['a byte of input too many', { inputs: [...most.inputs, ['c', cid, 1]] }],
    ['a page too many', { limits: { ...limits, pages: JUDGED.pages + 1 } }],
    ['a byte of output too many', { limits: { ...limits, outputBytes: JUDGED.outputBytes + 1 } }],
  ])('has not %s', (_, change) => {
    const judge = () => requireJudgeableTask({ ...most, ...change })
    expect(judge).toThrow(expect.objectContaining({ data: { code: 'BEYOND_COURT' } }))
  })
})
