import { jobSecrets, type SecretUse } from '@souk/engine'
import { LIMITS, type RuntimeName, rawCid, type Task, withSecrets } from '@souk/protocol'
import { createMemoryJournal } from '@souk/storage'
import { expect, it } from 'vitest'
import { type ReadSecrets, SecretDesk, secretsProblem } from './secret-desk.ts'

const MARKER = 'a marker that is looked for'
const uses: SecretUse[] = [{ file: 'TOKEN', secret: 'mine' }]
const limits = { fuel: 0n, pages: 1, depth: 0, outputBytes: 0, files: 0 }

const kept: ReadSecrets = async (names) =>
  new Map(names.map((name) => [name, new Uint8Array(Buffer.from(MARKER))]))
const gone: ReadSecrets = async () => {
  throw new Error('expected a secret mine, there is none')
}

function spec(secrets: readonly SecretUse[], engine: RuntimeName = 'wasm/1', env = withSecrets([])) {
  const program = rawCid(new Uint8Array())
  const task: Task = {
    ...{ v: 1, engine, program, args: [], env, stdin: null, inputs: [], checkpoint: null, limits },
    ...{ seed: 0n, clockNs: 0n },
  }
  return { tasks: [task], secrets }
}

function deskOver(read = kept) {
  const journal = createMemoryJournal()
  return { journal, desk: new SecretDesk(journal, read) }
}

it('gives providers what the user keeps, until the job is over', async () => {
  const { desk } = deskOver()
  const files = await desk.read(spec(uses))
  desk.hold('job', files)
  expect(desk.of('job').map(({ name, bytes }) => [name, Buffer.from(bytes).toString()])).toEqual([
    ['TOKEN', MARKER],
  ])
  desk.forget('job')
  expect(desk.of('job')).toEqual([])
  expect(files[0]?.bytes.every((byte) => byte === 0)).toBe(true)
})

it('names them in the journal, and finds them again after a restart', async () => {
  const { desk, journal } = deskOver()
  await journal.commit(desk.rows('job', uses), 'synced')
  for (const { value } of await journal.scan(jobSecrets.table)) {
    expect(Buffer.from(value).includes(MARKER)).toBe(false)
  }
  const restarted = new SecretDesk(journal, kept)
  expect(await restarted.takeUp('job')).toBeNull()
  expect(restarted.of('job')).toHaveLength(1)
  expect(await restarted.takeUp('another')).toBeNull()
  expect(await secretsProblem(journal, 'job')).toBeNull()
})

it('keeps why a job of an earlier run cannot have its secrets', async () => {
  const { desk, journal } = deskOver(gone)
  await journal.commit(desk.rows('job', uses), 'synced')
  expect(await desk.takeUp('job')).toBeInstanceOf(Error)
  expect(desk.of('job')).toEqual([])
  expect(await secretsProblem(journal, 'job')).toContain('there is none')
})

it.each([
  ['an engine that takes none', 'SECRETS_REFUSED', kept, spec(uses, 'wasm-det/1')],
  ['tasks that read what the job has not', 'NO_SECRETS', kept, spec([])],
  ['a requester that keeps none', 'NO_SECRETS', undefined, spec(uses)],
  ['a secret that is not given', 'NO_SECRETS', async () => new Map(), spec(uses)],
  ['a file twice', 'BAD_SECRETS', kept, spec([...uses, ...uses])],
  [
    'too much together',
    'BAD_SECRETS',
    async () => new Map([['mine', new Uint8Array(LIMITS.secretsBytes + 1)]]),
    spec(uses),
  ],
] as const)('refuses before a job begins: %s', async (_, code, read, job) => {
  const desk = new SecretDesk(createMemoryJournal(), read)
  await expect(desk.read(job)).rejects.toThrow(expect.objectContaining({ code }))
})
