import { toBlocks } from '@souk/protocol'
import { expect, test } from 'vitest'
import { RunnerJob } from './runner-job.ts'
import { TaskBench } from './testing/task-bench.ts'

const MIB = 1024 * 1024
const bench = await TaskBench.load('conduct')
const isLight = (change: Parameters<typeof bench.task>[1]) =>
  new RunnerJob(bench.execution(bench.task([], change))).light

test('a task waits in a runner behind others where its inputs are small, and it begins with nothing large', () => {
  const { cid } = toBlocks(new Uint8Array(1)).content
  expect(isLight({ inputs: [['a', cid, MIB]] })).toBe(true)
  expect(isLight({ inputs: [['a', cid, MIB + 1]] })).toBe(false)
  expect(
    isLight({
      inputs: [
        ['a', cid, MIB],
        ['b', cid, 1],
      ],
    }),
  ).toBe(false)
  expect(isLight({ stdin: cid })).toBe(true)
  expect(isLight({ stdin: toBlocks(new Uint8Array(2 * MIB)).content.cid })).toBe(false)
  expect(isLight({ checkpoint: cid })).toBe(false)
})
