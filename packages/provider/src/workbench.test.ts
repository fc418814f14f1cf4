import { randomBytes } from 'node:crypto'
import { toBlocks, toHex } from '@souk/protocol'
import { createWasmExecutor, type Executor } from '@souk/runtime'
import { createMemoryBlocks } from '@souk/storage'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TaskBench } from '../../runtime/src/testing/task-bench.ts'
import { CheckpointShelf } from './checkpoint-shelf.ts'
import { Workbench } from './workbench.ts'

const LEASE = toHex(randomBytes(32))
const bench = await TaskBench.load('conduct')
let executor: Executor
beforeAll(async () => {
  executor = await createWasmExecutor({ memoryBytes: 64 * 1024 * 1024 })
})
afterAll(() => executor.stop())

/** A workbench whose keeping of a task lasts until the test lets it end; `seen` is who executed at the first news. */
function setUp() {
  const blocks = createMemoryBlocks()
  const kept = Promise.withResolvers<void>()
  const task = bench.task(['echo', 'done'])
  const { content } = bench.execution(task)
  const seen: string[] = []
  const watched: Executor = {
    sandbox: executor.sandbox,
    stop: async () => {},
    run: ({ hear, ...execution }, signal) =>
      executor.run(
        {
          ...execution,
          hear(news) {
            hear?.(news)
            if (news.kind === 'started') seen.push(...workbench.attempts.executing())
          },
        },
        signal,
      ),
  }
  const workbench = new Workbench({
    ...{ lease: LEASE, blocks, executor: Promise.resolve(watched), fault: null },
    async fetch(cid) {
      for (const block of toBlocks(await content(cid)).blocks) await blocks.put(block.cid, block.bytes)
    },
    keep: () => kept.promise,
    checkpoints: new CheckpointShelf(LEASE, blocks, () => {}),
  })
  return { workbench, task, seen, release: kept.resolve }
}

test('an attempt executes until its program has ended, and not while what it left is kept', async () => {
  const { workbench, task, seen, release } = setUp()
  const done = workbench.execute({ id: 'a', n: 1, task, deadlineMs: 30_000 }, () => {})
  await expect.poll(() => [seen, workbench.attempts.executing()]).toEqual([['a'], []])
  expect(workbench.attempts.running().map(({ id }) => id)).toEqual(['a'])
  release()
  expect(await done).toMatchObject({ type: 'finished', results: [{ attempt: 'a' }] })
  expect(workbench.attempts.running()).toEqual([])
})
