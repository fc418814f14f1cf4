import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Executor } from '../executor.ts'
import { type DockerDaemon, has, noDockerReason, startDocker } from '../testing/docker-daemon.ts'
import { type Abandoned, testExecutor } from '../testing/executor-compliance.ts'
import { expectOutput } from '../testing/task-bench.ts'
import { conductImage, imageBench } from '../testing/test-image.ts'
import type { ImageArchive } from './docker-archive.ts'
import { containerEngine } from './engine.ts'

const MIB = 1024 * 1024
const FIXTURE = fileURLToPath(new URL('./abandoned.fixture.ts', import.meta.url))
const missing = noDockerReason() ?? (has('gcc') ? null : 'there is no gcc to build the tested program')

describe.skipIf(missing !== null)(`container/1${missing === null ? '' : `: skipped, ${missing}`}`, () => {
  let daemon: DockerDaemon
  let image: ImageArchive
  let folder: string
  beforeAll(async () => {
    daemon = await startDocker()
    image = await conductImage()
    folder = await mkdtemp(join(tmpdir(), 'souk-container-'))
    await writeFile(join(folder, 'image.tar'), image.bytes)
  }, 120_000)
  afterAll(async () => {
    await daemon.stop()
    await rm(folder, { recursive: true, force: true })
  }, 60_000)

  testExecutor({
    name: 'container/1 on one core, work folder on disk',
    create: () => create(16 * MIB),
    bench: async () => imageBench(image),
    abandon: () => abandon(daemon, join(folder, 'image.tar'), image.id),
  })

  test('in memory, the work folder counts as the program, and is bounded', async () => {
    const executor = await create(0)
    try {
      const bench = imageBench(image)
      const outcome = expectOutput(await bench.run(executor, ['checkpoint', '2', 'exit']))
      expect(outcome.files.map(({ path }) => path)).toEqual(['done'])
      // The file system is full before the memory is.
      const most = bench.limited({ outputBytes: 1000, pages: 960 })
      const full = expectOutput(await bench.run(executor, ['write-file'], most))
      expect(full.status).toEqual({ kind: 'output-limit' })
    } finally {
      await executor.stop()
    }
  })

  test('two cores run two programs at once', async () => {
    const executor = await create(0, 2)
    const bench = imageBench(image)
    const both = [new AbortController(), new AbortController()]
    const started = both.map(
      ({ signal }) =>
        new Promise<void>((resolve) => {
          const hear = ({ kind }: { kind: string }) => (kind === 'started' ? resolve() : undefined)
          void executor.run(bench.execution(bench.task(['spin']), { hear, id: String(signal) }), signal)
        }),
    )
    await Promise.all(started)
    for (const control of both) control.abort()
    await executor.stop()
  })

  test('nothing is left of an executor that was stopped', async () => {
    const before = leftovers()
    const executor = await create(16 * MIB)
    const bench = imageBench(image)
    expectOutput(await bench.run(executor, ['nothing']))
    await executor.stop()
    expect(await daemon.docker.listContainers({ all: true })).toEqual([])
    expect((await daemon.docker.listVolumes()).Volumes ?? []).toEqual([])
    const images = await daemon.docker.listImages()
    expect(images.map(({ RepoTags }) => RepoTags?.[0]?.split(':')[0])).toEqual(['souk-keeper'])
    expect(leftovers()).toEqual(before)
  })
})

async function create(diskBytes: number, cores = 1): Promise<Executor> {
  const engine = containerEngine()
  expect(await engine.prove()).toBe('container')
  const share = { memoryBytes: cores * 64 * MIB, cores, diskBytes, gpus: [] }
  return engine.start({ runtime: 'container/1', ...share })
}

async function abandon({ docker }: DockerDaemon, archive: string, id: string): Promise<Abandoned> {
  const owner = spawn(process.execPath, [FIXTURE, archive, id], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(owner.stdout, 'data')
  const running = await docker.listContainers({ filters: JSON.stringify({ label: ['souk.owner'] }) })
  const mine = running.filter(({ Labels }) => Labels['souk.owner']?.split(' ')[2] === String(owner.pid))
  const pids = await Promise.all(
    mine.map(async ({ Id }) => (await docker.getContainer(Id).inspect()).State.Pid),
  )
  expect(pids.length).toBe(2)
  return {
    async kill() {
      owner.kill('SIGKILL')
      await once(owner, 'exit')
    },
    async isGone() {
      const left = await docker.listContainers({
        all: true,
        filters: JSON.stringify({ label: ['souk.owner'] }),
      })
      const gone = left.every(({ Id }) => !mine.some((other) => other.Id === Id))
      return gone && pids.every((pid) => !isAlive(pid))
    },
  }
}

/** Mounts and loop devices of this machine that are ours, and control groups of containers. */
function leftovers(): string[] {
  const mounts = execFileSync('cat', ['/proc/mounts'], { encoding: 'utf8' }).split('\n')
  const loops = execFileSync('losetup', ['--list', '--noheadings'], { encoding: 'utf8' }).split('\n')
  const groups = execFileSync('sh', ['-c', 'find /sys/fs/cgroup -type d -path "*docker/*" || true'], {
    encoding: 'utf8',
  })
  return [
    ...mounts.filter((line) => /souk-docker/.test(line)),
    ...loops.filter((line) => /souk-work/.test(line)),
    ...groups.split('\n'),
  ]
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
