import { rawCid, type Task, withSecrets } from '@souk/protocol'
import { expect, it } from 'vitest'
import { LeaseSecrets } from './lease-secrets.ts'

const limits = { fuel: 0n, pages: 1, depth: 0, outputBytes: 0, files: 0 }
const plain: Task = {
  ...{
    v: 1,
    engine: 'wasm/1',
    program: rawCid(new Uint8Array()),
    args: [],
    env: [],
    stdin: null,
    inputs: [],
  },
  ...{ checkpoint: null, limits, seed: 0n, clockNs: 0n },
}
const reading: Task = { ...plain, env: withSecrets([]) }
const frame = (text: string) => ({
  ...{ t: 'secrets' as const, ack: 0 },
  files: [{ name: 'token', bytes: new Uint8Array(Buffer.from(text)) }],
})
const seen = (secrets: LeaseSecrets) => Buffer.from(secrets.of(reading).get('token') ?? []).toString()

it('gives secrets to tasks that say they read some, and to no other', () => {
  const secrets = new LeaseSecrets()
  secrets.take(frame('a'))
  expect(seen(secrets)).toBe('a')
  expect(secrets.of(plain).size).toBe(0)
})

it('lets no task run without the secrets it reads', () => {
  const secrets = new LeaseSecrets()
  expect(() => secrets.of(reading)).toThrow()
  expect(secrets.of(plain).size).toBe(0)
})

it('keeps what came first, and nothing in what it came in', () => {
  const secrets = new LeaseSecrets()
  const [first, again] = [frame('a'), frame('b')]
  secrets.take(first)
  secrets.take(again)
  expect(seen(secrets)).toBe('a')
  for (const { files } of [first, again]) expect(files[0]?.bytes).toEqual(new Uint8Array(1))
})

it('overwrites them when the lease is over, and takes none any more', () => {
  const secrets = new LeaseSecrets()
  secrets.take(frame('a'))
  const held = secrets.of(reading)
  const bytes = held.get('token')
  secrets.wipe()
  expect(bytes).toEqual(new Uint8Array(1))
  secrets.take(frame('a'))
  expect(() => secrets.of(reading)).toThrow()
})
