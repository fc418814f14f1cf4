import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DockerDaemon, noDockerReason, startDocker } from '../testing/docker-daemon.ts'
import { Keeper } from './keeper.ts'
import { keeperImage } from './keeper-image.ts'
import { isDead, OWNER_LABEL, ownerName, sweep } from './owner.ts'
import { brokenLimits } from './self-test.ts'

const missing = noDockerReason()

test('a name is that of a living process, until it ended', async () => {
  expect(isDead(`${ownerName()} 7`)).toBe(false)
  const child = spawn('sleep', ['100'])
  const name = ownerName(child.pid)
  expect(isDead(name)).toBe(false)
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(isDead(name)).toBe(true)
})

test('another process with the number, and another start of the machine, are somebody else', () => {
  const [host = '', boot = '', pid = '', start = ''] = ownerName().split(' ')
  if (start !== '0') expect(isDead([host, boot, pid, Number(start) + 1].join(' '))).toBe(true)
  expect(isDead([host, `${boot}x`, pid, start].join(' '))).toBe(true)
  expect(isDead(['elsewhere', boot, '1', '1'].join(' '))).toBe(false)
})

describe.skipIf(missing !== null)(`leftovers${missing === null ? '' : `: skipped, ${missing}`}`, () => {
  let daemon: DockerDaemon
  beforeAll(async () => {
    daemon = await startDocker()
  }, 120_000)
  afterAll(() => daemon.stop(), 60_000)

  test('what dead processes left is removed, and what living ones have is not', async () => {
    const { docker } = daemon
    const image = await keeperImage(docker)
    const child = spawn('sleep', ['100'])
    const dead = ownerName(child.pid)
    const alive = await Keeper.start(docker, image, ownerName(), { memoryBytes: 65_536 })
    // Made and never started, as between two steps of a process that was killed.
    await docker.createContainer({ Image: image, Labels: { [OWNER_LABEL]: dead } })
    await docker.createVolume({ Name: 'left', Labels: { [OWNER_LABEL]: dead } })
    child.kill('SIGKILL')
    await once(child, 'exit')
    await sweep(docker)
    const left = await docker.listContainers({ all: true })
    expect(left.map(({ Id }) => Id)).toEqual([alive.id])
    expect(((await docker.listVolumes()).Volumes ?? []).some(({ Name }) => Name === 'left')).toBe(false)
    await alive.stop()
  })

  test('the self-test sees what an ordinary container lacks', async () => {
    const { docker } = daemon
    const image = await keeperImage(docker)
    const paths = ['/proc/self/status', '/proc/self/mounts', '/proc/net/dev', '/proc/self/limits']
    const printed = execFileSync('cat', paths, { encoding: 'utf8' })
    const report = {
      status: printed,
      mounts: printed,
      devices: printed,
      limits: printed,
      memory: '1',
      processes: '1',
    }
    expect(brokenLimits(report, 'runc')).toEqual(
      expect.arrayContaining(['no root user', 'no capabilities', 'a memory limit', 'a limit of processes']),
    )
    expect(image).toMatch(/^souk-keeper:/)
  })
})
