import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LIMITS } from '@souk/protocol'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { listSecrets, readSecrets, removeSecret, writeSecret } from './secret-store.ts'

const PASSWORD = 'the password of these tests'
const DEV = { development: true }

let folder: string
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'souk-secrets-')), 'secrets')
})
afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }))

const set = (name: string, bytes: Uint8Array) => writeSecret(folder, PASSWORD, name, bytes, DEV)
const get = async (name: string) => (await readSecrets(folder, PASSWORD, [name])).get(name)
const failsWith = (code: string) => expect.objectContaining({ code })

it('gives back what it was given, the newest of a name', async () => {
  const name = fc.stringMatching(/^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,12}$/)
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 80 })
  const pairs = fc.array(fc.tuple(name, bytes), { minLength: 1, maxLength: 5 })
  await fc.assert(
    fc.asyncProperty(pairs, async (list) => {
      for (const [one, value] of list) await set(one, value)
      const newest = new Map(list)
      expect(await readSecrets(folder, PASSWORD, newest.keys())).toEqual(newest)
    }),
    { numRuns: 5 },
  )
})

it('keeps each in a file for its user alone, in which nobody reads it', async () => {
  await set('token', Buffer.from('a marker that is looked for'))
  await set('Token', Buffer.from('another'))
  expect(statSync(folder).mode & 0o777).toBe(0o700)
  const files = readdirSync(folder).map((file) => join(folder, file))
  expect(files).toHaveLength(3)
  for (const file of files) {
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const text = readFileSync(file, 'latin1')
    expect(text).not.toContain('a marker')
    expect(text).not.toContain(Buffer.from('a marker that').toString('base64').slice(0, 12))
  }
})

it('lists names, lengths and times without the password, and forgets', async () => {
  expect(await listSecrets(folder)).toEqual([])
  await set('b', new Uint8Array(7))
  await set('a', new Uint8Array(LIMITS.secretsBytes).fill(1))
  expect(await listSecrets(folder)).toMatchObject([
    { name: 'a', bytes: LIMITS.secretsBytes, setAtMs: expect.any(Number) },
    { name: 'b', bytes: 7 },
  ])
  await removeSecret(folder, 'a')
  expect((await listSecrets(folder)).map(({ name }) => name)).toEqual(['b'])
  await expect(get('a')).rejects.toThrow(failsWith('SECRET_MISSING'))
  await expect(removeSecret(folder, 'a')).rejects.toThrow(failsWith('SECRET_MISSING'))
})

it('opens with its password alone', async () => {
  await set('a', new Uint8Array([1]))
  await expect(readSecrets(folder, 'another', ['a'])).rejects.toThrow(failsWith('WRONG_PASSWORD'))
  await expect(writeSecret(folder, 'another', 'b', new Uint8Array([1]), DEV)).rejects.toThrow(
    failsWith('WRONG_PASSWORD'),
  )
})

it('refuses what was changed, or put in the place of another', async () => {
  await set('a', new Uint8Array([1]))
  await set('b', new Uint8Array([2]))
  const [a = '', b = ''] = ['a', 'b'].map((name) => join(folder, `${Buffer.from(name).toString('hex')}.json`))
  writeFileSync(a, readFileSync(b))
  await expect(get('a')).rejects.toThrow(failsWith('SECRET_DAMAGED'))
  for (const text of [
    '',
    'no JSON',
    'null',
    '{"v":1,"name":"b","iv":1}',
    ' '.repeat(2 * LIMITS.secretsBytes + 1),
  ]) {
    writeFileSync(b, text)
    await expect(get('b')).rejects.toThrow(failsWith('SECRET_DAMAGED'))
  }
})

it.each([
  ['no name', '', 1],
  ['a path', '../a', 1],
  ['nothing', 'a', 0],
  ['too much', 'a', LIMITS.secretsBytes + 1],
])('keeps no secret with %s', async (_, name, bytes) => {
  await expect(set(name, new Uint8Array(bytes))).rejects.toThrow(failsWith('BAD_SECRET'))
})

it('makes one key where two begin at once', async () => {
  const names = ['a', 'b', 'c', 'd']
  await Promise.all(names.map((name) => set(name, Buffer.from(name))))
  expect((await readSecrets(folder, PASSWORD, names)).size).toBe(4)
})
