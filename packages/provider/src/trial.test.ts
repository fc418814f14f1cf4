import { readFile } from 'node:fs/promises'
import type { SoukNode } from '@souk/network'
import {
  JUDGED,
  linkNodeCid,
  linkNodeCodec,
  rawCid,
  type Task,
  taskCodec,
  taskDigest,
  toBlocks,
} from '@souk/protocol'
import { createWasmExecutor } from '@souk/runtime'
import { createMemoryBlocks } from '@souk/storage'
import { expect, test } from 'vitest'
import { TrialBench, type TrialOptions } from './trial.ts'

const SUBJECT = `0x${'11'.repeat(32)}` as const
const PROGRAM = rawCid(Uint8Array.of(1))
const TASK: Task = {
  ...{
    v: 1,
    engine: 'wasm/1',
    program: PROGRAM,
    args: [],
    env: [],
    stdin: null,
    inputs: [],
    checkpoint: null,
  },
  limits: { fuel: 0n, pages: 16, depth: 0, outputBytes: 1_024, files: 1 },
  ...{ seed: 0n, clockNs: 0n },
}

/** A bench whose blocks are here already, and that can reach nobody. */
async function bench(
  task: Task,
  others: readonly (readonly [string, Uint8Array])[] = [],
  machine: Partial<Pick<TrialOptions, 'runtimes' | 'roomBytes'>> = {},
) {
  const blocks = createMemoryBlocks()
  const bytes = taskCodec.encode(task)
  await blocks.pin(SUBJECT, [rawCid(bytes), ...others.map(([cid]) => cid)])
  for (const [cid, block] of [[rawCid(bytes), bytes] as const, ...others]) await blocks.put(cid, block)
  let nowMs = 0
  const trials = new TrialBench({
    ...{ node: {} as SoukNode, blocks, roomBytes: () => 0, court: { rules: { fuel: 1_000n } } },
    runtimes: { start: () => Promise.reject(new Error('expected nothing to be executed')) },
    clock: () => (nowMs += 40_000),
    ...machine,
  })
  const digest = taskDigest(task)
  const { signal } = new AbortController()
  return {
    fetch: () => trials.fetch(SUBJECT, digest, 'nobody', signal),
    execute: () => trials.execute(SUBJECT, digest, signal),
  }
}

test('a task beyond the court is undecidable, and nothing that it names is fetched', async () => {
  const { fetch, execute } = await bench({ ...TASK, limits: { ...TASK.limits, pages: JUDGED.pages + 1 } })
  expect(await fetch()).toBe('complete')
  expect(await execute()).toEqual({ failed: 'bad-program', isTasksFault: true })
})

test('content of another size than declared makes a task undecidable before its leaves are fetched', async () => {
  const bytes = 3 * 1024 * 1024
  const leaves = [1, 2, 3].map((leaf) => rawCid(Uint8Array.of(leaf)))
  const link = linkNodeCodec.encode({ v: 1, bytes, leaves })
  const cid = linkNodeCid(link)
  const inputs: Task['inputs'] = [['a', cid, bytes - 1]]
  const { fetch, execute } = await bench({ ...TASK, inputs }, [
    [cid, link],
    [PROGRAM, Uint8Array.of(1)],
  ])
  expect(await fetch()).toBe('complete')
  expect(await execute()).toEqual({ failed: 'bad-program', isTasksFault: true })
})

test('what cannot be fetched from a peer that is not there is held against nobody', async () => {
  const { fetch } = await bench(TASK)
  expect(await fetch()).toBe('unreached')
})

test('a metered task is tried with the fuel that a court judges, and tells how it ended', async () => {
  const program = await readFile(new URL('../../runtime/programs/sha256.wasm', import.meta.url))
  const { content } = toBlocks(program)
  const task = (fuel: bigint, outputBytes: number): Task => ({
    ...{ ...TASK, engine: 'wasm-det/1', program: content.cid, args: ['1', '1'] },
    limits: { fuel, pages: 64, depth: 100, outputBytes, files: 0 },
  })
  const trial = async (tried: Task) => {
    const runtimes = {
      start: () => createWasmExecutor({ memoryBytes: 8 * 1024 * 1024, engine: 'wasm-det/1' }),
    }
    const { execute } = await bench(tried, [[content.cid, program]], { runtimes, roomBytes: () => 2 ** 40 })
    return execute()
  }
  // The court of this bench judges 1,000 units: a task that may use more is told by one unit above.
  expect(await trial(task(10n ** 12n, 1_024))).toMatchObject({
    output: { status: { kind: 'out-of-fuel' }, fuel: 1_001n },
  })
  expect(await trial(task(900n, 1_024))).toMatchObject({
    output: { status: { kind: 'out-of-fuel' }, fuel: 900n },
  })
})
