import { type Task, taskContent, toBlocks } from '@souk/protocol'
import { createMemoryBlocks, putContent } from '@souk/storage'
import { expect, test } from 'vitest'
import type { ContentSource, JobSpec } from './job-spec.ts'
import { keepContent } from './keep-content.ts'

const program = new Uint8Array(3 * 1024 * 1024).fill(1)
const stdin = new Uint8Array([1, 2, 3])

test('everything that the tasks name is kept and may be fetched, block by block', async () => {
  const blocks = createMemoryBlocks()
  const served = await keepContent(blocks, 'job', spec([program, stdin]))
  expect([...served].sort()).toEqual([...new Set([program, stdin].flatMap(addresses))].sort())
  for (const cid of served) expect(await blocks.has(cid)).toBe(true)
})

test('content that is missing is named, and nothing is kept', async () => {
  const blocks = createMemoryBlocks()
  await expect(keepContent(blocks, 'job', spec([program]))).rejects.toMatchObject({
    code: 'MISSING_CONTENT',
    data: { cid: toBlocks(stdin).content.cid },
  })
  for (const cid of addresses(program)) expect(await blocks.has(cid)).toBe(false)
})

test('a program that compares the results is kept with them', async () => {
  const compares = new Uint8Array([4])
  const comparator = { kind: 'custom', program: toBlocks(compares).content.cid } as const
  const blocks = createMemoryBlocks()
  const without = keepContent(blocks, 'job', { ...spec([program, stdin]), comparator })
  await expect(without).rejects.toMatchObject({ code: 'MISSING_CONTENT', data: { cid: comparator.program } })
  await keepContent(blocks, 'job', { ...spec([program, stdin, compares]), comparator })
  expect(await blocks.has(comparator.program)).toBe(true)
})

test('content that is in the store already is pinned to the job, and must be whole', async () => {
  const blocks = createMemoryBlocks()
  const stored = await putContent(blocks, program)
  const served = await keepContent(blocks, 'job', spec([stored, stdin]))
  expect([...served].sort()).toEqual([...new Set([program, stdin].flatMap(addresses))].sort())
  expect(await blocks.owners()).toEqual(['job'])
  const [, leaf] = addresses(program)
  await blocks.delete(leaf ?? '')
  await expect(keepContent(blocks, 'other', spec([stored, stdin]))).rejects.toMatchObject({
    code: 'MISSING_CONTENT',
    data: { cid: leaf },
  })
})

function spec(content: readonly ContentSource[]): JobSpec {
  const limits = { fuel: 0n, pages: 1, depth: 0, outputBytes: 1, files: 0 }
  const task: Task = {
    v: 1,
    engine: 'wasm/1',
    program: toBlocks(program).content.cid,
    args: [],
    env: [],
    stdin: toBlocks(stdin).content.cid,
    inputs: [],
    checkpoint: null,
    limits,
    seed: 0n,
    clockNs: 0n,
  }
  expect(taskContent(task)).toHaveLength(2)
  const resources = { millicores: 100, memoryBytes: 1, diskBytes: 1, gpu: null }
  const bounds = { region: null, maxRoundTripMs: null, maxRateE12: null, durationSeconds: 60 }
  return {
    name: 'test',
    tasks: [task],
    content,
    assurance: { k: 1, n: 1 },
    deadlineMs: 1_000,
    demand: { resources, runtime: 'wasm/1', network: 'none', ...bounds },
    leases: 1,
  }
}

function addresses(bytes: Uint8Array): string[] {
  return toBlocks(bytes).blocks.map((block) => block.cid)
}
