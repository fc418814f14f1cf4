import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { OfferedRuntime } from '@souk/protocol'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Outcome, runNode } from './processes.fixture.ts'
import { providerRows } from './support/journal-rows.ts'
import { CONDUCT, hashing, requestOf } from './support/request.ts'
import { plan, Stage } from './support/stage.ts'
import { until } from './support/until.ts'

const PROVIDER = fileURLToPath(new URL('../../packages/provider/bin/souk-provider.js', import.meta.url))
const LEASES = 2

let stage: Stage
beforeAll(async () => {
  stage = await Stage.open(plan(2, 0.3))
})
afterEach(async () => {
  for (const name of stage.names.filter((one) => stage.market.child(one)?.isRunning() !== true)) {
    await stage.market.startProvider(name)
  }
  await stage.offersFound(stage.names.length)
  await stage.settle()
})
afterAll(() => stage?.stop())

describe('souk-provider stop --now', () => {
  test('ends what runs, takes the offer back and keeps what was earned', async () => {
    const name = 'provider-1'
    const job = await spin()
    const earning = await untilEarning(name)
    const runners = runnersOf(name)
    expect(runners.length).toBeGreaterThan(0)

    const stopped = await stop(name, '--now', '--json')
    expect(stopped.code, stopped.stderr).toBe(0)
    const { pid, killed, leases } = JSON.parse(stopped.stdout)
    expect(pid).toBe(earning.pid)
    expect(killed).toBeNull()
    expect(leases).toEqual([expect.objectContaining({ lease: earning.lease, running: 1 })])
    await until('its runners are gone', () => runners.every((one) => !isAlive(one)))
    await stage.offersFound(1)
    const { vouchers } = await providerRows(stage.folder(name))
    expect(vouchers.get(earning.lease)?.cumulative).toBeGreaterThanOrEqual(earning.earned)

    await job.cancel()
  })

  test('ends a provider whose event loop stands still, by signal', async () => {
    const name = 'provider-2'
    const job = await spin()
    const { pid } = await untilEarning(name)
    const runners = runnersOf(name)
    process.kill(pid, 'SIGSTOP')
    const asked = await stop(name)
    expect([asked.code, asked.stderr]).toEqual([1, expect.stringContaining('[BUSY]')])
    const stopped = await stop(name, '--now')
    expect(stopped.code, stopped.stderr).toBe(0)
    expect(stopped.stdout).toContain(`process ${pid} was killed by signal`)
    await until('its runners are gone', () => runners.every((one) => !isAlive(one)))
    expect(isAlive(pid)).toBe(false)
    await job.cancel()
  })

  test.each([['--now'], []])(
    'says that nothing runs, with %j, and that is no failure',
    async (...options) => {
      const folder = mkdtempSync(join(tmpdir(), 'souk-nobody-'))
      // A process of somebody else has the id by now.
      writeFileSync(join(folder, 'owner.pid'), `${process.pid}\n`)
      const { code, stdout } = await runNode(PROVIDER, ['stop', '--data', folder, ...options])
      expect([code, stdout]).toEqual([0, `no provider runs over ${folder}: nothing to stop\n`])
      rmSync(folder, { recursive: true })
    },
  )
})

test('souk-provider stop drains: what runs may end, then the provider does', async () => {
  const job = await stage.start(hashing(6, 8, { leases: LEASES, assurance: { k: 2, n: 2 } }))
  const { pid } = await untilEarning('provider-1')
  const stopped = await stop('provider-1')
  expect(stopped.code, stopped.stderr).toBe(0)
  expect(stopped.stdout).toContain(`ended process ${pid}`)
  expect(isAlive(pid)).toBe(false)
  await stage.market.startProvider('provider-1')
  expect(await job.done).toMatchObject({ state: 'done', verified: 6 })
})

describe('engines', () => {
  test('status says which run, with what confines them, and which do not, and why', async () => {
    type Engines = { runtimes: OfferedRuntime[]; refused: { name: string; why: string }[] }
    const { runtimes, refused } = await stage.ask<Engines>('provider-1', 'status')
    expect(runtimes.map(({ name }) => name)).toContain('wasm/1')
    for (const { sandbox } of runtimes) expect(sandbox).toMatch(/^(process|namespaces|container|gvisor)$/)
    for (const { name, why } of refused) expect([name, why.length > 10]).toEqual([name, true])
  })

  test('one that is required and does not run keeps the provider from starting, with the reason', async () => {
    const name = 'provider-1'
    await stop(name, '--now')
    const options = ['--require-runtime', 'container/1']
    const { code, stderr } = await runNode(PROVIDER, [...argsOf(name), ...options], NO_DAEMON)
    expect(code).toBe(1)
    expect(stderr).toContain('[RUNTIME_REFUSED]')
    expect(stderr).toContain('container daemon')
  })
})

const NO_DAEMON = { DOCKER_HOST: 'unix:///nowhere.sock' }

/** Starts a job that never ends, on both providers. */
async function spin(): Promise<{ cancel(): Promise<void> }> {
  const assurance = { k: 2, n: 2 }
  const job = await stage.start(
    requestOf(CONDUCT, [['spin']], { deadlineMs: 600_000, leases: LEASES, assurance }),
  )
  const ended = job.done.catch(() => undefined)
  const id = await job.id
  return {
    async cancel() {
      await stage.ask('agent', 'cancel', { job: id })
      await ended
    },
  }
}

/** Waits until a provider executes and holds a voucher. */
async function untilEarning(name: string) {
  const found = await until(`${name} earns`, async () => {
    const { leases } = await stage.status(name)
    return leases.find((lease) => lease.running > 0 && lease.earned > 0n)
  })
  return { ...found, pid: stage.market.child(name)?.pid ?? 0 }
}

function stop(name: string, ...options: string[]): Promise<Outcome> {
  return runNode(PROVIDER, ['stop', '--data', stage.folder(name), ...options])
}

function argsOf(name: string): string[] {
  const party = stage.party(name)
  return [
    ...['--network-file', join(stage.home, 'network.json'), '--data', stage.folder(name)],
    ...['--account', party.account, '--keystore', party.keystore, '--password-file', party.passwordFile],
  ]
}

/** Processes that a provider says it has started. */
function runnersOf(name: string): number[] {
  const book = readFileSync(join(stage.folder(name), 'started'), 'utf8')
  return book
    .trim()
    .split('\n')
    .map((line) => Number(line.split(' ')[2]))
}

function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}
