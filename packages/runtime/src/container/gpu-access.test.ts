import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Gpu } from '@souk/protocol'
import { afterAll, describe, expect, test } from 'vitest'
import { type DockerDaemon, noDockerReason, startDocker } from '../testing/docker-daemon.ts'
import { containerEngine } from './engine.ts'
import { amdAccess, type GpuAccess, gpuAccess, nvidiaAccess, readInfo } from './gpu-access.ts'
import { programSettings } from './settings.ts'

const card = (id: string, family: Gpu['family']): Gpu => ({ id, family, model: 'some', vramBytes: 1 })
const LEASED = [card('GPU-1', 'nvidia'), card('MIG-2', 'nvidia')]
const withToolkit = readInfo({
  Runtimes: { runc: { path: 'runc' }, nvidia: { path: 'nvidia-container-runtime' } },
})
const refusal = (cure: string) =>
  expect.objectContaining({ code: 'NO_GPU_ACCESS', message: expect.stringContaining(cure) })

function settingsOf(access: GpuAccess, env: string[] = []) {
  const limits = { fuel: 0n, pages: 512, depth: 0, outputBytes: 1, files: 1 }
  const task = { args: [], env, stdin: null, limits }
  const image = { name: 'i', volumes: [] }
  return programSettings(
    { owner: 'o', runtime: 'runc', access },
    { keeper: 'k', image, entrypoint: null, task },
  )
}

describe("NVIDIA's GPUs", () => {
  test('are asked for by the ids of the lease, and no others, whatever the task says', () => {
    const greedy = ['A=b', 'NVIDIA_VISIBLE_DEVICES=all', 'CUDA_VISIBLE_DEVICES=0,1,2']
    const { HostConfig, Env } = settingsOf(nvidiaAccess(withToolkit, 'runc', LEASED), greedy)
    expect(HostConfig?.DeviceRequests).toEqual([
      { Driver: 'nvidia', DeviceIDs: ['GPU-1', 'MIG-2'], Capabilities: [['gpu']] },
    ])
    expect(HostConfig?.Devices).toEqual([])
    expect(Env).toEqual(['A=b', 'NVIDIA_VISIBLE_DEVICES=GPU-1,MIG-2', 'CUDA_VISIBLE_DEVICES=GPU-1,MIG-2'])
  })

  test('are asked for by the names under which the daemon found them, where there is no toolkit runtime', () => {
    const names = ['GPU-1', 'MIG-2', 'GPU-3'].map((id) => ({ Source: 'cdi', ID: `nvidia.com/gpu=${id}` }))
    const { HostConfig, Env } = settingsOf(
      nvidiaAccess(readInfo({ DiscoveredDevices: names }), 'runc', LEASED),
    )
    expect(HostConfig?.DeviceRequests).toEqual([
      { Driver: 'cdi', DeviceIDs: ['nvidia.com/gpu=GPU-1', 'nvidia.com/gpu=MIG-2'] },
    ])
    expect(Env).toContain('NVIDIA_VISIBLE_DEVICES=void')
  })

  test('are refused with the cure where the daemon has neither', () => {
    const bare = readInfo({ Runtimes: { runc: {} } })
    expect(() => nvidiaAccess(bare, 'runc', LEASED)).toThrow(refusal('nvidia-ctk runtime configure'))
    expect(() => nvidiaAccess(readInfo('nonsense'), 'runc', LEASED)).toThrow(
      refusal('nvidia-container-toolkit'),
    )
  })

  test('go through gVisor only where it lets their driver through', () => {
    const gvisor = (runtimeArgs: string[]) => readInfo({ Runtimes: { nvidia: {}, runsc: { runtimeArgs } } })
    expect(() => nvidiaAccess(gvisor([]), 'runsc', LEASED)).toThrow(refusal('--nvproxy'))
    expect(nvidiaAccess(gvisor(['--nvproxy']), 'runsc', LEASED).requests).toHaveLength(1)
  })
})

test('a program without a GPU sees none, also where its image asks for all', () => {
  const { HostConfig, Env } = settingsOf(nvidiaAccess(withToolkit, 'runc', []), [
    'NVIDIA_VISIBLE_DEVICES=all',
  ])
  expect(HostConfig).toMatchObject({ DeviceRequests: [], Devices: [], GroupAdd: [] })
  expect(Env).toEqual(['NVIDIA_VISIBLE_DEVICES=void'])
})

describe("AMD's GPUs", () => {
  const folder = mkdtempSync(join(tmpdir(), 'souk-amd-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const node = join(folder, 'renderD129')

  test('are handed in by the render nodes of the lease alone, with the groups that may open them', async () => {
    const kfd = join(folder, 'kfd')
    for (const path of [kfd, node]) writeFileSync(path, '')
    const devices = [
      { id: 'a', files: [node], sharing: 'exclusive' },
      { id: 'b', files: ['/dev/dri/renderD128'], sharing: 'exclusive' },
    ] as const
    const { HostConfig } = settingsOf(await amdAccess('runc', [card('a', 'amd')], devices, kfd))
    const handed = [kfd, node].map((path) => ({
      PathOnHost: path,
      PathInContainer: path,
      CgroupPermissions: 'rw',
    }))
    expect(HostConfig).toMatchObject({
      DeviceRequests: [],
      Devices: handed,
      GroupAdd: [String(statSync(node).gid)],
    })
  })

  test('are refused without a node, in gVisor, in parts, and with the cure', async () => {
    await expect(amdAccess('runc', [card('a', 'amd')], [])).rejects.toThrow(refusal('amdgpu'))
    const own = { id: 'a', files: [node] }
    const whole = { ...own, sharing: 'exclusive' } as const
    await expect(amdAccess('runsc', [card('a', 'amd')], [whole])).rejects.toThrow(refusal('runsc'))
    const part = { ...own, sharing: 'partition' } as const
    await expect(amdAccess('runc', [card('a', 'amd')], [part])).rejects.toThrow(refusal('whole GPU'))
    await expect(gpuAccess({}, 'runc', [card('nowhere', 'amd')])).rejects.toThrow(refusal('amdgpu'))
  })
})

test("Apple's GPUs are not for containers, and a software adapter is the processor", async () => {
  await expect(gpuAccess({}, 'runc', [card('apple-0', 'apple')])).rejects.toThrow(refusal('webgpu/1'))
  expect(await gpuAccess({}, 'runc', [card('software-0', 'software')])).toMatchObject({
    requests: [],
    devices: [],
  })
})

const missing = noDockerReason()
describe.skipIf(missing !== null)(`a real daemon${missing === null ? '' : `: skipped, ${missing}`}`, () => {
  const gpus = [card('GPU-00000000-0000-0000-0000-000000000000', 'nvidia')]
  const share = { runtime: 'container/1', memoryBytes: 2 ** 28, cores: 1, diskBytes: 0, gpus } as const

  async function withDaemon(
    runtimes: Readonly<Record<string, unknown>>,
    use: () => Promise<void>,
  ): Promise<void> {
    const before = process.env.DOCKER_HOST
    const daemon: DockerDaemon = await startDocker(runtimes)
    try {
      await use()
    } finally {
      await daemon.stop()
      if (before === undefined) delete process.env.DOCKER_HOST
      else process.env.DOCKER_HOST = before
    }
  }

  test('without the toolkit refuses a lease of a GPU, and says what to install', {
    timeout: 180_000,
  }, async () => {
    await withDaemon({}, async () => {
      const engine = containerEngine()
      expect(await engine.prove()).toBe('container')
      await expect(engine.start(share)).rejects.toThrow(refusal('nvidia-ctk runtime configure'))
      await expect(engine.reach?.(gpus)).rejects.toThrow(refusal('nvidia-container-toolkit'))
      const executor = await engine.start({ ...share, gpus: [] })
      await executor.stop()
    })
  })

  test('with a toolkit that is only written down refuses at the first container', {
    timeout: 180_000,
  }, async () => {
    await withDaemon({ nvidia: { path: '/nowhere/nvidia-container-runtime' } }, async () => {
      const engine = containerEngine()
      await engine.prove()
      await expect(engine.reach?.(gpus)).rejects.toThrow(refusal('nvidia-ctk runtime configure'))
    })
  })
})
