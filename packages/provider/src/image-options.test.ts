import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DEFAULT_POLICY } from '@souk/runtime'
import { afterAll, expect, test } from 'vitest'
import { addImages, readImagePolicy } from './image-options.ts'

const folder = mkdtempSync(join(tmpdir(), 'souk-images-'))
afterAll(() => rmSync(folder, { recursive: true }))
const all = { imagePull: true, imageArchives: true }
const list = (text: string) => {
  const file = join(folder, 'images')
  writeFileSync(file, text)
  return file
}

test('without an option every image may run', async () => {
  expect(await readImagePolicy(all)).toEqual(DEFAULT_POLICY)
})

test('patterns and the lines of a list together say what may', async () => {
  const imageList = list('# ours\n\n  ghcr.io/us/*  \nsha256:*\n')
  const imageAllow = addImages('docker.io/library/*')
  const policy = await readImagePolicy({ ...all, imageAllow, imageList, imageSize: 5, imageArchives: false })
  expect(policy).toEqual({
    allow: ['docker.io/library/*', 'ghcr.io/us/*', 'sha256:*'],
    ...{ imageBytes: 5, pull: true, archives: false },
  })
})

test('an empty list allows none', async () => {
  expect(await readImagePolicy({ ...all, imageList: list('# none\n') })).toMatchObject({ allow: [] })
})

test('a list that is not there or has something else in it is an error of the operator', async () => {
  const bad = expect.objectContaining({ data: expect.objectContaining({ code: 'BAD_IMAGE_LIST' }) })
  await expect(readImagePolicy({ ...all, imageList: join(folder, 'nowhere') })).rejects.toEqual(bad)
  await expect(readImagePolicy({ ...all, imageList: list('two words\n') })).rejects.toEqual(bad)
  expect(() => addImages('two words')).toThrow(expect.objectContaining({ code: 'commander.invalidArgument' }))
})
