import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { layout } from '../../packages/cli/src/home.ts'
import { processesNaming, ROOT, runNode } from './processes.fixture.ts'
import { hashing } from './support/request.ts'
import { plan, Stage } from './support/stage.ts'
import { until } from './support/until.ts'

const NAME = 'provider-1'
const PROVIDER = join(ROOT, 'packages/provider/bin/souk-provider.js')
const TASKS = 16
const MEBIBYTES = 48
/** Bytes of the small disk, of which a twentieth is too little. */
const DISK_BYTES = 200 * 1024 ** 2
const WATCHDOG_BYTES = 40 * 1024 ** 2
const isPossible = process.platform === 'linux' && process.getuid?.() === 0
const skipped = isPossible ? '' : ', skipped: a small disk of its own takes root on Linux'

/** What `status` says of a machine's health. */
interface Health {
  readonly health: {
    readonly level: string
    readonly sells: number
    readonly why: string | null
    readonly changes: readonly { readonly check: string; readonly to: string; readonly sells: number }[]
  }
  readonly watchdog: { readonly pid: number; readonly starts: number } | null
}

/** A watchdog with its provider, and the processes that said that they are ready. */
class Watched {
  readonly child: ChildProcess
  readonly ready: number[] = []
  readonly exited: Promise<number | null>

  constructor(stage: Stage) {
    const { account, keystore, passwordFile } = stage.party(NAME)
    const options = {
      'network-file': layout(stage.home).networkFile,
      data: stage.folder(NAME),
      ...{ account, keystore, 'password-file': passwordFile, listen: '/ip4/127.0.0.1/tcp/0', share: '0.3' },
      ...{ 'core-hour': '0.10', 'machine-cache': join(stage.home, 'machine.json'), log: 'json' },
      ...{ 'watchdog-seconds': '15', 'drain-seconds': '5' },
    }
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value])
    this.child = spawn(process.execPath, [PROVIDER, ...args, '--watchdog'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    this.exited = new Promise((resolve) => this.child.once('exit', resolve))
    if (this.child.stdout === null) throw new Error('a watchdog has an output')
    createInterface({ input: this.child.stdout }).on('line', (line) => {
      const { message, pid } = JSON.parse(line)
      if (message === 'ready') this.ready.push(pid)
    })
  }

  /** Waits until the provider was ready so many times, and returns the newest. */
  started(times: number): Promise<number> {
    return until(
      `the provider was ready ${times} times`,
      () => this.ready.length >= times && this.ready.at(-1),
    )
  }

  async stop(): Promise<number | null> {
    this.child.kill('SIGTERM')
    return this.exited
  }
}

let stage: Stage
let watched: Watched | undefined
beforeAll(async () => {
  if (!isPossible) return
  stage = await Stage.open(plan(2, 0.3))
  await stage.market.child(NAME)?.stop()
  moveToSmallDisk(stage.folder(NAME))
  watched = new Watched(stage)
  await watched.started(1)
  await stage.offersFound(2)
})
afterAll(async () => {
  await watched?.stop()
  await stage?.market.stopProcesses()
  if (stage !== undefined) execFileSync('umount', [stage.folder(NAME)])
  await stage?.stop()
})

test.skipIf(!isPossible)(
  `an offer is withdrawn while the disk is nearly full, and comes back${skipped}`,
  async () => {
    const filler = join(stage.folder(NAME), 'filler')
    const { bavail, bsize } = statfsSync(stage.folder(NAME))
    writeFileSync(filler, Buffer.alloc(bavail * bsize - DISK_BYTES / 40))
    await stage.offersFound(1)
    const { health } = await stage.ask<Health>(NAME, 'status')
    expect(health).toMatchObject({ level: 'degraded', sells: 0 })
    expect(health.why).toContain('disk')

    rmSync(filler)
    await stage.offersFound(2)
    const after = await stage.ask<Health>(NAME, 'status')
    expect(after.health).toMatchObject({ level: 'ok', sells: 1, why: null })
    expect(after.health.changes.filter(({ check }) => check === 'disk')).toMatchObject([
      { to: 'degraded', sells: 0 },
      { to: 'ok', sells: 1 },
    ])
  },
)

test.skipIf(!isPossible)(
  `a watchdog starts a provider again that died, and what it sold is settled${skipped}`,
  async () => {
    if (watched === undefined) throw new Error('it was started')
    const job = await stage.start(hashing(TASKS, MEBIBYTES, { leases: 2 }))
    await until(`${NAME} works for money`, async () => {
      const { leases } = await stage.status(NAME)
      return leases.some(({ running, earned }) => running > 0 && earned > 0n)
    })
    const first = await watched.started(1)
    process.kill(first, 'SIGKILL')
    const second = await watched.started(2)
    expect(second).not.toBe(first)
    const { watchdog } = await stage.ask<Health>(NAME, 'status')
    expect(watchdog?.pid).toBe(watched.child.pid)
    expect(watchdog?.starts).toBeGreaterThan(1)
    expect(anonymousBytes(watched.child.pid)).toBeLessThan(WATCHDOG_BYTES)

    expect(await job.done).toMatchObject({ state: 'done', verified: TASKS })
    await stage.settle()
    const money = await stage.money()
    expect(money.conserved).toBe(true)
    expect(money.accounts.filter((one) => one.locked !== 0n)).toEqual([])
  },
)

test.skipIf(!isPossible)(
  `a watchdog starts a provider again that stands still, and leaves nothing when it is ended${skipped}`,
  async () => {
    if (watched === undefined) throw new Error('it was started')
    const times = watched.ready.length
    const pid = await watched.started(times)
    process.kill(pid, 'SIGSTOP')
    expect(await watched.started(times + 1)).not.toBe(pid)
    await stage.offersFound(2)

    expect(await watched.stop()).toBe(0)
    await until('nothing is left', () => processesNaming(stage.folder(NAME)).length === 0)
  },
)

test.skipIf(!isPossible)(
  `a provider that was ended at once stays ended, also where it did not answer${skipped}`,
  async () => {
    watched = new Watched(stage)
    const pid = await watched.started(1)
    process.kill(pid, 'SIGSTOP')
    const data = stage.folder(NAME)
    const { code, stdout } = await runNode(PROVIDER, ['stop', '--now', '--json', '--data', data])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ pid })
    expect(await watched.exited).toBe(0)
    expect(watched.ready.at(-1)).toBe(pid)
    await until('nothing is left', () => processesNaming(data).length === 0)
  },
)

/** Gives a folder a disk of its own that is small. */
function moveToSmallDisk(folder: string): void {
  const copy = mkdtempSync(join(tmpdir(), 'souk-copy-'))
  cpSync(folder, copy, { recursive: true })
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES},mode=0700`, 'souk-test', folder])
  cpSync(copy, folder, { recursive: true })
  rmSync(copy, { recursive: true })
}

/** Bytes that a process has for itself. */
function anonymousBytes(pid: number | undefined): number {
  const [, kib] = /^RssAnon:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kib) * 1024
}
