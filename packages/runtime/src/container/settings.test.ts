import { expect, test } from 'vitest'
import { NO_GPUS } from './gpu-access.ts'
import { type Ground, keeperSettings, overheadOf, PROCESSES, programSettings } from './settings.ts'

const limits = { fuel: 0n, pages: 512, depth: 0, outputBytes: 1, files: 1 }
const task = { args: ['a'], env: ['B=c'], stdin: null, limits }

function settingsOf(change: Partial<Ground> = {}, volumes: string[] = []) {
  const ground = { owner: 'somebody', runtime: 'runc', access: NO_GPUS, ...change }
  return programSettings(ground, { keeper: 'k', image: { name: 'i', volumes }, entrypoint: null, task })
}

test('a program has every limit', () => {
  const { HostConfig, User, Labels, Healthcheck } = settingsOf()
  expect(User).toBe('65534:65534')
  expect(Labels).toEqual({ 'souk.owner': 'somebody' })
  expect(Healthcheck).toEqual({ Test: ['NONE'] })
  expect(HostConfig).toMatchObject({
    ...{ AutoRemove: true, ReadonlyRootfs: true, Privileged: false, CapDrop: ['ALL'] },
    ...{ SecurityOpt: ['no-new-privileges'], IpcMode: 'private', CgroupnsMode: 'private' },
    ...{ NetworkMode: 'container:k', PidMode: 'container:k', VolumesFrom: ['k'] },
    ...{ Memory: 512 * 65_536, MemorySwap: 512 * 65_536, NanoCpus: 1e9, PidsLimit: PROCESSES },
    ...{ LogConfig: { Type: 'none', Config: {} }, DeviceRequests: [], Devices: [], GroupAdd: [] },
  })
  expect(HostConfig?.Binds).toBeUndefined()
})

test('a keeper has no network, no room and no rights', () => {
  const { HostConfig, User } = keeperSettings('image', 'somebody', { memoryBytes: 4096 })
  expect(User).toBe('65533:65533')
  expect(HostConfig).toMatchObject({ NetworkMode: 'none', ReadonlyRootfs: true, CapDrop: ['ALL'] })
  expect(HostConfig?.Mounts?.map(({ Target }) => Target)).toEqual(['/work', '/run/secrets'])
})

test('volumes that an image declares are bounded memory', () => {
  const { HostConfig } = settingsOf({}, ['/data', '/work', '/work/deep'])
  expect(Object.keys(HostConfig?.Tmpfs ?? {})).toEqual(['/tmp', '/data', '/work/deep'])
  for (const options of Object.values(HostConfig?.Tmpfs ?? {}))
    expect(options).toMatch(/nosuid,nodev.*size=\d+$/)
})

test("a sandbox's own memory comes on top of the program's", () => {
  expect(overheadOf('runc')).toBe(0)
  const { HostConfig } = settingsOf({ runtime: 'runsc' })
  expect(HostConfig?.Memory).toBe(512 * 65_536 + overheadOf('runsc'))
  expect(HostConfig?.MemorySwap).toBe(HostConfig?.Memory)
})
