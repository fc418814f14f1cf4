import { expect, test } from 'vitest'
import { rawCid } from './content.ts'
import { folderCodec } from './folder.ts'
import { containerImageCodec } from './image.ts'
import type { Task } from './task.ts'
import { nestedContent } from './task-content.ts'

const archive = { cid: rawCid(new Uint8Array([1])), bytes: 1 }
const image = containerImageCodec.encode({
  ...{ v: 1, reference: `sha256:${'ab'.repeat(32)}`, archive, entrypoint: null },
})
const state: [string, string, number] = ['state/a', rawCid(new Uint8Array([2, 3])), 2]
const folder = folderCodec.encode({ v: 1, files: [state] })
const stored = new Map([image, folder].map((bytes) => [rawCid(bytes), bytes]))

async function read(cid: string): Promise<Uint8Array> {
  const bytes = stored.get(cid)
  if (bytes === undefined) throw new Error(`nobody has ${cid}`)
  return bytes
}

function task(change: Partial<Task>): Task {
  return {
    ...{ v: 1, engine: 'wasm/1', program: rawCid(image), args: [], env: [], stdin: null, inputs: [] },
    ...{ checkpoint: null, seed: 0n, clockNs: 0n },
    limits: { fuel: 0n, pages: 1, depth: 0, outputBytes: 0, files: 0 },
    ...change,
  }
}

test('a checkpoint brings its files, and the image of a container its archive', async () => {
  const checkpoint = rawCid(folder)
  expect(await nestedContent(task({ checkpoint }), read)).toEqual([{ cid: state[1], bytes: 2 }])
  expect(await nestedContent(task({ engine: 'container/1', checkpoint }), read)).toEqual([
    { cid: state[1], bytes: 2 },
    archive,
  ])
  expect(await nestedContent(task({}), read)).toEqual([])
})

test('a checkpoint that is no folder is malformed', async () => {
  const lying = task({ checkpoint: rawCid(image) })
  await expect(nestedContent(lying, read)).rejects.toMatchObject({ code: 'MALFORMED' })
})

test.each([
  'alpine',
  'alpine:3',
  'sha256:12',
  `Alpine@sha256:${'0'.repeat(64)}`,
  `a@sha256:${'G'.repeat(64)}`,
])('an image must be pinned by digest: %s is refused', (reference) => {
  expect(() => containerImageCodec.encode({ v: 1, reference, archive: null, entrypoint: null })).toThrow(
    'pinned by digest',
  )
})
