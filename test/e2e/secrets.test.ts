import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { leaseOf, rawCid, type Task, withSecrets } from '@souk/protocol'
import type { JobSummary } from '@souk/requester'
import { readPasswordFile, readSecrets, secretFolder } from '@souk/settlement/node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { layout } from '../../packages/cli/src/home.ts'
import { JAVASCRIPT } from '../../packages/cli/src/program/script.ts'
import { SOUK } from './processes.fixture.ts'
import { delegateKey, newParty } from './support/buyer.ts'
import { soukIn } from './support/cli.ts'
import { HostileProvider } from './support/hostile-provider.ts'
import { RawPeer, Talk } from './support/raw-peer.ts'
import { demandOf, requestOf } from './support/request.ts'
import { plan, Stage } from './support/stage.ts'
import { until } from './support/until.ts'

const MARKER = `marker-${createHash('sha256').update('looked for').digest('hex')}`
const SUM = sumOf(MARKER)
/** Forms in which a value could lie about. */
const FORMS = [
  MARKER,
  Buffer.from(MARKER).toString('base64').slice(0, 40),
  Buffer.from(MARKER).toString('hex'),
]
/** Says what it read in a form that gives nothing away; then goes on for as many rounds as it is told. */
const SCRIPT = `
import { readFileSync } from 'node:fs'
const bytes = readFileSync(process.env.SOUK_SECRETS + '/TOKEN')
let sum = 0
for (const byte of bytes) sum = (sum * 31 + byte) % 1000003
for (let i = 0; i < Number(process.argv[2] ?? 0); i++) sum = sum ^ 0
console.log(bytes.length, sum)
`
const ENDLESS = '1e15'
const MIB = 1024 * 1024

let stage: Stage
let folder: string
let script: string
let souk: ReturnType<typeof soukIn>
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'souk-secret-'))
  script = join(folder, 'main.js')
  writeFileSync(script, SCRIPT)
  stage = await Stage.open(plan(3, 0.3))
  souk = soukIn(stage)
  await keep('token', MARKER)
})
afterAll(async () => {
  await stage?.stop()
  rmSync(folder, { recursive: true, force: true })
})

function sumOf(text: string): string {
  let sum = 0
  for (const byte of Buffer.from(text)) sum = (sum * 31 + byte) % 1_000_003
  return `${text.length} ${sum}\n`
}

async function keep(name: string, value: string) {
  const { child, ended } = souk.start(['secret', 'set', name])
  child.stdin?.end(value)
  expect(await ended).toBe(0)
}

/** A job of scripts that read a secret, one for each number of rounds. */
function reading(rounds: readonly string[], change: Parameters<typeof requestOf>[2] = {}) {
  const demand = demandOf({}, { memoryBytes: 128 * MIB })
  const secrets = [{ file: 'TOKEN', secret: 'token' }]
  const request = requestOf(JAVASCRIPT, [], {
    demand,
    memoryBytes: 96 * MIB,
    secrets,
    deadlineMs: 110_000,
    ...change,
  })
  const inputs = [['main.js', script]] as const
  return {
    ...request,
    tasks: rounds.map((one) => ({ args: ['main.js', one], env: [], stdin: null, inputs })),
  }
}

/** Amounts are no JSON. */
function plain(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}

function isThere(bytes: Buffer, forms: readonly string[]): boolean {
  return forms.some((form) => bytes.includes(form))
}

/** Returns the files below a folder in which one of these texts stands. */
function filesWith(folder: string, forms: readonly string[]): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile())
  return files.map((one) => join(one.parentPath, one.name)).filter((file) => isThere(read(file), forms))
}

/** Returns the processes whose command line or environment has one of these texts; on Linux, elsewhere none. */
function processesWith(forms: readonly string[]): string[] {
  if (process.platform !== 'linux') return []
  const pids = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid))
  return pids.filter((pid) =>
    ['cmdline', 'environ'].some((part) => isThere(read(`/proc/${pid}/${part}`), forms)),
  )
}

/** Reads a file that may be gone, or another user's: then nobody sees anything in it. */
function read(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch {
    return Buffer.alloc(0)
  }
}

async function running(count: number) {
  await until(`${count} providers run it`, async () => {
    const all = await Promise.all(stage.names.map((name) => stage.status(name).catch(() => null)))
    return all.filter((one) => one?.leases.some((lease) => lease.running > 0)).length >= count
  })
}

/** Everything that the agent and the providers answer about a job. */
async function answers(job: string): Promise<string> {
  const methods = [
    'status',
    'jobs',
    'leases',
    'summary',
    'court',
    'balance',
    'runway',
    'unsettled',
    'outcome',
  ]
  const asked = methods.map((method) => stage.ask('agent', method, { job, index: 0 }))
  const told = stage.names.map((name) => stage.status(name))
  const said = ['leases', 'ps', 'offers', 'secret ls'].map((one) => souk.run(one.split(' ')))
  const all = await Promise.all([...asked, ...told, ...said, souk.run(['logs', job, '--task', '0'])])
  return JSON.stringify(all, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}` : value))
}

test('a secret reaches the program of each replica, and lies nowhere else', async () => {
  const listed = await souk.run(['secret', 'ls', '--json'])
  expect(JSON.parse(listed.stdout)).toMatchObject([{ name: 'token', bytes: MARKER.length }])
  const done = await souk.run(['run', script, '--secret', 'token=TOKEN', '--assurance', 'quorum:2/2'])
  expect(done, done.stderr).toMatchObject({ code: 0, stdout: SUM })
  expect(isThere(Buffer.from(JSON.stringify([listed, done])), FORMS)).toBe(false)

  const job = await stage.start(reading([ENDLESS], { assurance: { k: 2, n: 2 }, leases: 2 }))
  const id = await job.id
  await running(2)
  expect(isThere(Buffer.from(await answers(id)), FORMS)).toBe(false)
  expect(processesWith(FORMS)).toEqual([])
  expect(filesWith(stage.home, FORMS)).toEqual([])
  await stage.ask('agent', 'cancel', { job: id })
  await job.done
  expect(isThere(Buffer.from(JSON.stringify(job.events, plain)), FORMS)).toBe(false)

  await stage.capacityFree()
  await stage.market.stopProcesses()
  expect(filesWith(stage.home, FORMS)).toEqual([])
  // What the search would have found: the program's text is in the store of whoever ran it.
  const owners = stage.names.filter(
    (name) => filesWith(stage.folder(name), ['process.env.SOUK_SECRETS']).length > 0,
  )
  expect(owners.length).toBeGreaterThanOrEqual(2)
  const { agent, passwordFile } = layout(stage.home)
  const kept = await readSecrets(secretFolder(agent), await readPasswordFile(passwordFile), ['token'])
  expect(Buffer.from(kept.get('token') ?? []).toString()).toBe(MARKER)
  for (const name of stage.names) await stage.market.startProvider(name)
  await stage.market.startAgent()
  await stage.offersFound(3)
})

test.skipIf(!existsSync('/usr/bin/script'))('is not shown where it is typed', async () => {
  const command = [process.execPath, SOUK, 'secret', 'set', 'typed', '--network', basename(stage.home)]
  const { child, said, ended } = souk.inTerminal(command.join(' '))
  await until('it is asked for', () => said.stdout.includes('Value of the secret typed: '))
  child.stdin?.write(`${MARKER}\r`)
  expect(await ended, said.stdout).toBe(0)
  expect(isThere(Buffer.from(said.stdout), FORMS)).toBe(false)
  const { agent, passwordFile } = layout(stage.home)
  const kept = await readSecrets(secretFolder(agent), await readPasswordFile(passwordFile), ['typed'])
  expect(Buffer.from(kept.get('typed') ?? []).toString()).toBe(MARKER)
})

test('a requester that was killed gives it to the provider that takes the place of another', async () => {
  const request = reading(['5e6', '5e6', '5e6', '5e6'])
  const job = await stage.start(request)
  const lost = job.done.catch(() => 'lost')
  const id = await job.id
  await running(1)
  const [lease] = (await stage.leases()).filter((one) => one.job === id)
  const statuses = await Promise.all(
    stage.names.map(async (name) => [name, await stage.status(name)] as const),
  )
  const [name = ''] = statuses.find(([, { peerId }]) => peerId === lease?.peerId) ?? []
  await stage.market.child('agent')?.kill()
  await stage.market.child(name)?.kill()
  expect(await lost).toBe('lost')
  await stage.market.startAgent()
  const { state, verified } = await stage.ask<JobSummary>('agent', 'wait', { job: id })
  expect({ state, verified }).toEqual({ state: 'done', verified: 4 })
  for (const index of [0, 1, 2, 3]) {
    expect(Buffer.from((await stage.result(id, index)).stdout).toString()).toBe(SUM)
  }
  await stage.market.startProvider(name)
  await stage.offersFound(3)
  expect(filesWith(stage.home, FORMS)).toEqual([])
})

test('it goes ahead of every task that may read it, again on each stream', async () => {
  const party = await newParty(stage, 'fickle', 10n ** 18n)
  const fickle = await HostileProvider.start(stage.market.config, party, await delegateKey(party))
  fickle.conduct = 'fickle'
  await stage.offersFound(4)
  const job = await stage.start(reading(['5e6']))
  expect(await job.done).toMatchObject({ state: 'done', verified: 1 })
  await until('it was told to run something twice', () => fickle.heard.length >= 2)
  await fickle.stop()
  // Later ones may belong to a job that is over, whose secrets nobody gets any more.
  for (const heard of fickle.heard.slice(0, 2)) {
    const [first] = heard.filter(({ t }) => t === 'run' || t === 'cancel' || t === 'secrets')
    const files = first?.t === 'secrets' ? first.files : []
    expect(files.map(({ name, bytes }) => [name, Buffer.from(bytes).toString()])).toEqual([['TOKEN', MARKER]])
  }
})

test('a task that reads secrets fails where none have come', async () => {
  const party = await newParty(stage, 'forgetful', 10n ** 18n)
  const peer = await RawPeer.start(stage.market.config, party.account, await delegateKey(party))
  const talk = new Talk(await peer.open(await stage.status('provider-1')))
  const quoted = await talk.ask(peer.demand(), 'quote')
  await talk.ask(peer.acceptance(quoted), 'started')
  const limits = { fuel: 0n, pages: 1, depth: 0, outputBytes: 1, files: 0 }
  const rest = { args: [], stdin: null, inputs: [], checkpoint: null, limits, seed: 0n, clockNs: 0n }
  const program = rawCid(new Uint8Array([1]))
  const task: Task = { v: 1, engine: 'wasm/1', program, env: withSecrets([]), ...rest }
  const attempts = [{ id: 'forgotten', n: 1, task, deadlineMs: 1_000 }]
  const run = { t: 'run', seq: 1, ack: 0, attempts, inline: [] } as const
  const failure = await talk.ask({ ...run, inline: [] }, 'failed')
  expect(failure).toMatchObject({ attempt: 'forgotten', code: 'missing-input' })
  expect(failure.message).toContain('secrets')
  const [lease, paid] = [leaseOf(peer.network, quoted.quote), quoted.quote.startFee]
  const signature = peer.sign('Close', { lease, paid })
  expect(await talk.ask({ t: 'close', seq: 2, ack: 0, paid, signature }, 'ended')).toMatchObject({
    code: 'closed',
  })
  await peer.node.stop()
})

test('a job whose secret is gone after a restart fails and says why, and its leases end', async () => {
  await keep('passing', MARKER)
  const secrets = [{ file: 'TOKEN', secret: 'passing' }]
  const job = await stage.start(reading([ENDLESS], { secrets }))
  const id = await job.id
  const lost = job.done.catch(() => 'lost')
  await running(1)
  expect((await souk.run(['secret', 'rm', 'passing'])).code).toBe(0)
  await stage.market.child('agent')?.kill()
  expect(await lost).toBe('lost')
  await stage.market.startAgent()
  const waited = await souk.run(['wait', id])
  expect(waited).toMatchObject({ code: 1, stdout: '' })
  expect(waited.stderr).toContain('[NO_SECRETS]')
  expect(waited.stderr).toContain('passing')
  await stage.capacityFree()
})

test.each([
  ['an engine that takes none', ['--engine', 'wasm-det', '--secret', 'token=TOKEN'], 'BAD_OPTION', 2],
  ['a name that nobody kept', ['--secret', 'nothing=TOKEN'], 'SECRET_MISSING', 3],
  ['a name that is a path', ['--secret', 'token=../TOKEN'], 'BAD_OPTION', 2],
])('is refused before anything is leased: %s', async (_, args, name, code) => {
  const before = await stage.leases()
  const refused = await souk.run(['run', script, ...args])
  expect(refused).toMatchObject({ code, stdout: '' })
  expect(refused.stderr).toContain(`[${name}]`)
  expect(await stage.leases()).toHaveLength(before.length)
})

test('is refused by the agent too, where results must be checked by anybody', async () => {
  const before = await stage.leases()
  const demand = demandOf({ runtime: 'wasm-det/1' }, { memoryBytes: 128 * MIB })
  const job = await stage.start(reading(['0'], { demand, fuel: 10n ** 9n, depth: 100 }))
  await expect(job.done).rejects.toMatchObject({ code: 'SECRETS_REFUSED' })
  expect(await stage.leases()).toHaveLength(before.length)
})

test('without the password nothing is kept, given or begun', async () => {
  const { passwordFile } = layout(stage.home)
  renameSync(passwordFile, `${passwordFile}.away`)
  try {
    const before = await stage.leases()
    const given = await souk.run(['run', script, '--secret', 'token=TOKEN'])
    const kept = await souk.run(['secret', 'set', 'other', '--from-file', script])
    expect(await stage.leases()).toHaveLength(before.length)
    await stage.market.child('agent')?.stop()
    const begun = await souk.run(['offers'])
    for (const { code, stdout, stderr } of [given, kept, begun]) {
      expect({ code, stdout }).toEqual({ code: 7, stdout: '' })
      expect(stderr).toContain('[PASSWORD_FILE_MISSING]')
    }
  } finally {
    renameSync(`${passwordFile}.away`, passwordFile)
  }
})
