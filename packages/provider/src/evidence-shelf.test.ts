import { type Hex, rawCidOfDigest, type Task, taskDigest, toBlocks } from '@souk/protocol'
import { type BlockStore, createMemoryBlocks, putContent } from '@souk/storage'
import { expect, test } from 'vitest'
import { EvidenceShelf } from './evidence-shelf.ts'

const LEASE: Hex = `0x${'11'.repeat(32)}`
const OTHER: Hex = `0x${'22'.repeat(32)}`
const STORE_BYTES = 1_000_000

/** A store in which a lease executed a task, of a program and one input of random-looking bytes. */
async function executed(seed: number, bytes: number) {
  const blocks = createMemoryBlocks({ maxBytes: STORE_BYTES })
  const program = await putContent(blocks, filled(7, 100))
  return { blocks, program: program.cid, task: await taskOf(blocks, program.cid, seed, bytes) }
}

async function taskOf(blocks: BlockStore, program: string, seed: number, bytes: number): Promise<Task> {
  const input = await putContent(blocks, filled(seed, bytes))
  return {
    ...{ v: 1, engine: 'wasm/1', program, args: [], env: [], stdin: null, checkpoint: null },
    inputs: [['input', input.cid, input.bytes]],
    limits: { fuel: 0n, pages: 16, depth: 0, outputBytes: 1_000, files: 1 },
    ...{ seed: BigInt(seed), clockNs: 0n },
  }
}

test('what was executed outlives whatever comes after it, until its lease is settled', async () => {
  const { blocks, program, task } = await executed(1, 600_000)
  await new EvidenceShelf(blocks).keep(LEASE, task)
  const [[, input]] = task.inputs as [Task['inputs'][number]]
  const kept = [rawCidOfDigest(taskDigest(task)), program, ...cidsOf(filled(1, 600_000))]
  expect(kept).toContain(input)
  await crowdOut(blocks)
  expect(await Promise.all(kept.map((cid) => blocks.has(cid)))).toEqual(kept.map(() => true))
  await blocks.unpin(LEASE)
  await crowdOut(blocks)
  expect(await Promise.all(kept.map((cid) => blocks.has(cid)))).toEqual(kept.map(() => false))
})

test('no more is kept than there is room for, of all leases together; what is settled makes room', async () => {
  const { blocks, program, task: first } = await executed(1, 100_000)
  const second = await taskOf(blocks, program, 2, 100_000)
  const shelf = new EvidenceShelf(blocks, 150_000)
  await shelf.keep(LEASE, first)
  await shelf.keep(OTHER, second)
  const input = (task: Task) => task.inputs.map(([, cid]) => cid)
  await crowdOut(blocks)
  expect(await Promise.all([...input(first), ...input(second)].map((cid) => blocks.has(cid)))).toEqual([
    true,
    false,
  ])
  shelf.release(LEASE)
  const third = await taskOf(blocks, program, 3, 100_000)
  await shelf.keep(OTHER, third)
  await crowdOut(blocks)
  expect(await Promise.all(input(third).map((cid) => blocks.has(cid)))).toEqual([true])
})

test('of a task that no jury judges its own bytes are kept: they tell jurors so', async () => {
  const { blocks, task } = await executed(1, 100_000)
  const beyond: Task = { ...task, engine: 'container/1' }
  await new EvidenceShelf(blocks).keep(LEASE, beyond)
  await crowdOut(blocks)
  expect(await blocks.has(rawCidOfDigest(taskDigest(beyond)))).toBe(true)
  expect(await blocks.has(task.program)).toBe(false)
})

test('a store that is full of what is pinned keeps nothing, and says nothing', async () => {
  const { blocks, task } = await executed(1, 600_000)
  await blocks.pin('a job', [...cidsOf(filled(1, 600_000)), task.program])
  const more = Array.from({ length: 140 }, (_, i) => toBlocks(filled(100 + i, i < 40 ? 9_990 : 100)))
  for (const { content, blocks: list } of more) {
    await blocks.pin('a job', [content.cid])
    for (const { cid, bytes } of list) await blocks.put(cid, bytes).catch(() => undefined)
  }
  await new EvidenceShelf(blocks).keep(LEASE, task)
  expect(await blocks.has(rawCidOfDigest(taskDigest(task)))).toBe(false)
})

/** Fills a store with other content, so that all that is not pinned has to go. */
async function crowdOut(blocks: BlockStore): Promise<void> {
  for (let i = 0; i < 5; i++) {
    await putContent(blocks, filled(1_000 + i, 200_000)).catch(() => undefined)
  }
}

function cidsOf(bytes: Uint8Array): string[] {
  return toBlocks(bytes).blocks.map(({ cid }) => cid)
}

function filled(seed: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  const view = new DataView(bytes.buffer)
  for (let at = 0; at + 8 <= length; at += 8) view.setFloat64(at, seed * 1_000_003 + at)
  return bytes
}
