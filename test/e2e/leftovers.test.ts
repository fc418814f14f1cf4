import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { errorCode, type RuntimeName } from '@souk/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type DockerDaemon,
  has,
  noDockerReason,
  startDocker,
} from '../../packages/runtime/src/testing/docker-daemon.ts'
import { conductImage } from '../../packages/runtime/src/testing/test-image.ts'
import { runNode } from './processes.fixture.ts'
import { CONDUCT, demandOf, requestOf } from './support/request.ts'
import { plan, Stage } from './support/stage.ts'
import { until } from './support/until.ts'

const BIN = fileURLToPath(new URL('../../packages/provider/bin/souk-provider.js', import.meta.url))
const MIB = 1024 * 1024
const PROVIDER = 'provider-1'
const CONTAINER =
  noDockerReason() ?? (has('gcc') ? null : 'there is no gcc to build the program of the image')
const NO_LINUX = process.platform === 'linux' ? null : 'what is left is listed by Linux'

describe.skipIf(NO_LINUX !== null)(
  'a provider that was killed in the middle of work, and its guardian with it',
  () => {
    let folder: string
    let daemon: DockerDaemon | undefined
    let stage: Stage
    let programs: Readonly<
      Record<RuntimeName, Parameters<typeof requestOf>[0] | { reference: string; archive: string }>
    >
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'souk-leftovers-'))
      programs = { 'wasm/1': CONDUCT, 'wasm-det/1': CONDUCT, 'container/1': '', 'webgpu/1': '' }
      if (CONTAINER === null) {
        daemon = await startDocker()
        const image = await conductImage()
        writeFileSync(join(folder, 'image.tar'), image.bytes)
        programs = { ...programs, 'container/1': { reference: image.id, archive: join(folder, 'image.tar') } }
      }
      stage = await Stage.open(plan(1, 0.5))
    })
    afterAll(async () => {
      await stage?.stop()
      await daemon?.stop()
      rmSync(folder, { recursive: true, force: true })
    })

    test.each([
      ['wasm/1', null],
      ['wasm-det/1', null],
      ['container/1', CONTAINER],
    ] as const)('leaves nothing of %s once it has started again', async (runtime, missing) => {
      if (missing !== null) return console.log(`${runtime}: skipped, ${missing}`)
      const job = await spin(runtime)
      const child = stage.market.child(PROVIDER)
      const pid = child?.pid ?? 0
      const started = [...bookOf(), ...(await containersOf(pid))]
      expect(started.length).toBeGreaterThan(0)
      const socket = JSON.parse(readFileSync(join(stage.folder(PROVIDER), 'control.json'), 'utf8')).address
      const guardians = childrenOf(pid).filter((one) => commandOf(one).startsWith('/bin/sh'))
      for (const one of guardians) process.kill(one, 'SIGSTOP')
      await child?.kill()
      for (const one of guardians) process.kill(one, 'SIGKILL')

      await stage.market.startProvider(PROVIDER)
      await stage.offersFound(1)
      await until('what it had started is gone', () => started.every((one) => !isAlive(one)))
      expect(await containersOf(pid)).toEqual([])
      expect(mountsAndDevices(pid)).toEqual([])
      expect(controlGroups()).toEqual([])
      expect(existsSync(socket)).toBe(false)
      expect(workFolders(pid)).toEqual([])
      await stop(job)
      await stage.settle()
    })

    test.skipIf(CONTAINER !== null)('ends containers as well when it is told to end at once', async () => {
      const job = await spin('container/1')
      const pid = stage.market.child(PROVIDER)?.pid
      const started = await containersOf(pid)
      const stopped = await runNode(BIN, ['stop', '--now', '--json', '--data', stage.folder(PROVIDER)])
      expect(stopped.code, stopped.stderr).toBe(0)
      expect(JSON.parse(stopped.stdout)).toMatchObject({ pid, killed: null, leases: [{ running: 1 }] })
      await until('its containers are gone', () => started.every((one) => !isAlive(one)))
      expect(await containersOf(pid)).toEqual([])
      await stop(job)
    })

    /** Starts a job that never ends and waits until its program runs. */
    async function spin(runtime: RuntimeName): Promise<string> {
      const program = programs[runtime]
      const limits = runtime === 'wasm-det/1' ? { fuel: 10n ** 15n, depth: 1_000 } : {}
      const job = await stage.start({
        ...requestOf(CONDUCT, [['spin']], { deadlineMs: 600_000 }),
        ...limits,
        program: typeof program === 'string' ? program : { ...program, entrypoint: null },
        demand: demandOf({ runtime }, { memoryBytes: 64 * MIB }),
      })
      const failure = job.done.then(
        ({ state }) => `the job ended: ${state}`,
        (error) => String(error),
      )
      await until('its program runs', async () => {
        const ended = await Promise.race([failure, null])
        if (ended !== null) throw new Error(ended)
        const { leases } = await stage.status(PROVIDER)
        const isRunning = leases.some(({ running }) => running > 0)
        return (
          isRunning &&
          (runtime !== 'container/1' || (await containersOf(stage.market.child(PROVIDER)?.pid)).length > 1)
        )
      })
      return job.id
    }

    /** Stops a job; one that found nobody for too long has ended by itself, and is forgotten. */
    async function stop(job: string): Promise<void> {
      await stage.ask('agent', 'cancel', { job }).catch((error) => {
        if (errorCode(error) !== 'UNKNOWN_JOB') throw error
      })
    }

    /** Processes of the containers whose label names a process of ours. */
    async function containersOf(pid: number | undefined): Promise<number[]> {
      if (daemon === undefined) return []
      const filters = JSON.stringify({ label: ['souk.owner'] })
      const all = await daemon.docker.listContainers({ all: true, filters })
      const mine = all.filter(({ Labels }) => Labels['souk.owner']?.split(' ')[2] === String(pid))
      const docker = daemon.docker
      // One may go between the two looks.
      const looks = mine.map(({ Id }) =>
        docker
          .getContainer(Id)
          .inspect()
          .catch(() => undefined),
      )
      return (await Promise.all(looks)).flatMap((one) => (one === undefined ? [] : [one.State.Pid]))
    }

    /** Processes that the provider says it has started. */
    function bookOf(): number[] {
      const book = join(stage.folder(PROVIDER), 'started')
      if (!existsSync(book)) return []
      return readFileSync(book, 'utf8')
        .trim()
        .split('\n')
        .map((line) => Number(line.split(' ')[2]))
    }
  },
)

/** Loop devices of a provider's work folders, and what is mounted from them. */
function mountsAndDevices(pid: number): string[] {
  const loops = has('losetup')
    ? execFileSync('losetup', ['--list', '--noheadings'], { encoding: 'utf8' })
    : ''
  const left = loops.split('\n').filter((line) => new RegExp(`souk-work-[^/]+/${pid}\\b`).test(line))
  const devices = left.map((line) => line.split(/\s+/)[0])
  const mounts = readFileSync('/proc/mounts', 'utf8').split('\n')
  return [...left, ...mounts.filter((line) => devices.includes(line.split(' ')[0]))]
}

/** Control groups of the tests' own daemon that still hold processes. */
function controlGroups(): string[] {
  const list = execFileSync(
    'sh',
    ['-c', 'find /sys/fs/cgroup -type d -path "*/docker/*" 2>/dev/null || true'],
    {
      encoding: 'utf8',
    },
  )
  const groups = list.split('\n').filter(Boolean)
  return groups.filter((group) => readOr(join(group, 'cgroup.procs')).trim() !== '' && isOurs(group))
}

/** Tells whether a control group is of a container that a dead provider made: keepers of living ones stay. */
function isOurs(group: string): boolean {
  return readOr(join(group, 'cgroup.procs'))
    .trim()
    .split('\n')
    .some((pid) => commandOf(Number(pid)).includes('conduct'))
}

function workFolders(pid: number): string[] {
  const folders = readdirSync(tmpdir()).filter((name) => name.startsWith('souk-work-'))
  return folders.filter((name) => existsSync(join(tmpdir(), name, String(pid))))
}

function childrenOf(pid: number): number[] {
  return readOr(`/proc/${pid}/task/${pid}/children`).trim().split(' ').filter(Boolean).map(Number)
}

function commandOf(pid: number): string {
  return readOr(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')
}

function isAlive(pid: number): boolean {
  const status = readOr(`/proc/${pid}/status`)
  return status !== '' && !/^State:\s+[ZX]/m.test(status)
}

function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
