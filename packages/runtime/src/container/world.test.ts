import { containerImageCodec, folderCodec, toBlocks } from '@souk/protocol'
import { expect, test } from 'vitest'
import { ContentMissing } from '../guest-world.ts'
import { TaskBench } from '../testing/task-bench.ts'
import { gatherContainer, refusal } from './world.ts'

const MIB = 1024 * 1024
const ROOM = { memoryBytes: 1024 * MIB }
const bench = await TaskBench.load('conduct')
const { cid } = toBlocks(new Uint8Array(1)).content
const codeOf = (
  change: Parameters<typeof bench.task>[1],
  secrets: ReadonlyMap<string, Uint8Array> = new Map(),
) => {
  const task = bench.task([], { engine: 'container/1', ...change })
  return refusal(bench.execution(task, { secrets }), ROOM)?.code
}

test('inputs, outputs and secrets of a container have bounds that no lease lifts', () => {
  expect(codeOf({ inputs: [['a', cid, 512 * MIB]] })).toBeUndefined()
  expect(codeOf({ inputs: [['a', cid, 512 * MIB + 1]] })).toBe('refused')
  expect(codeOf(bench.limited({ outputBytes: 256 * MIB }))).toBeUndefined()
  expect(codeOf(bench.limited({ outputBytes: 256 * MIB + 1 }))).toBe('refused')
  expect(codeOf({}, new Map([['a', new Uint8Array(MIB / 2)]]))).toBeUndefined()
  expect(codeOf({}, new Map([['a', new Uint8Array(MIB / 2 + 1)]]))).toBe('refused')
  expect(codeOf({}, new Map([['a/b', new Uint8Array(1)]]))).toBe('refused')
})

test('a container gets no more memory than its lease has', () => {
  expect(codeOf(bench.limited({ pages: 16_384 }))).toBeUndefined()
  expect(codeOf(bench.limited({ pages: 16_385 }))).toBe('refused')
})

test('a checkpoint counts as input', async () => {
  const checkpoint = bench.put(folderCodec.encode({ v: 1, files: [['a', cid, 512 * MIB]] }))
  const image = { v: 1, reference: `sha256:${'a'.repeat(64)}`, archive: null, entrypoint: null } as const
  const program = bench.put(containerImageCodec.encode(image))
  const task = bench.task([], { engine: 'container/1', program, ...bench.input('b', 'x'), checkpoint })
  await expect(gatherContainer(bench.execution(task))).rejects.toThrow(ContentMissing)
})
