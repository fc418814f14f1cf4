import { stat } from 'node:fs/promises'
import type { Gpu } from '@souk/protocol'
import type { DeviceMapping, DeviceRequest } from 'dockerode'
import { z } from 'zod'
import { RuntimeError } from '../errors.ts'
import type { GpuDevice } from '../gpu/inventory.ts'
import { listGpus } from '../gpu/list-gpus.ts'
import { GVISOR } from './settings.ts'

/** How a program's container reaches the GPUs of its lease, and none of any other. */
export interface GpuAccess {
  /** For the vendor's toolkit, by device id. */
  readonly requests: readonly DeviceRequest[]
  /** Device files. */
  readonly devices: readonly DeviceMapping[]
  /** Groups to which those files belong. */
  readonly groups: readonly string[]
  /** Stands above what a task or an image says: sandboxes and libraries go by it. */
  readonly env: Readonly<Record<string, string>>
}

/** NVIDIA's word for none at all: an image's own `all` must not stand. */
const NOTHING = { NVIDIA_VISIBLE_DEVICES: 'void' } as const
/** The access of a program without a GPU. */
export const NO_GPUS: GpuAccess = { requests: [], devices: [], groups: [], env: NOTHING }

/** AMD's device for computing, which all its GPUs share: it computes on those alone whose render node is there. */
const KFD = '/dev/kfd'

const TOOLKIT =
  'install the NVIDIA Container Toolkit (nvidia-container-toolkit), run: nvidia-ctk runtime configure --runtime=docker, and restart Docker'
const NVPROXY =
  'add "--nvproxy" to the runtimeArgs of runsc in /etc/docker/daemon.json and restart Docker, or take runsc out of it'
const WHOLE = 'sell the whole GPU (amd-smi set --compute-partition SPX)'
const AMDGPU = 'load the driver amdgpu, and see that /dev/kfd and /dev/dri/renderD* are there'

/** What `docker info` says of GPUs; younger than the client's types. */
const info = z.object({
  Runtimes: z
    .record(z.string(), z.object({ runtimeArgs: z.array(z.string()).nullish() }).nullable())
    .nullish()
    .transform((runtimes) => runtimes ?? {}),
  DiscoveredDevices: z
    .array(z.object({ Source: z.string(), ID: z.string() }))
    .nullish()
    .transform((devices) => devices ?? []),
})
export type DaemonInfo = z.output<typeof info>

/** Reads what a daemon answered. */
export function readInfo(answer: unknown): DaemonInfo {
  const parsed = info.safeParse(answer)
  return parsed.success ? parsed.data : { Runtimes: {}, DiscoveredDevices: [] }
}

/**
 * Works out how containers of `runtime` reach GPUs. Throws {@link RuntimeError} `NO_GPU_ACCESS`, with what to do about
 * it, where they cannot.
 */
export async function gpuAccess(answer: unknown, runtime: string, gpus: readonly Gpu[]): Promise<GpuAccess> {
  const ids = new Set(gpus.map(({ id }) => id))
  const of = (family: Gpu['family']) => gpus.filter((gpu) => gpu.family === family)
  const [apple] = of('apple')
  if (apple !== undefined) throw refused(apple, 'there is no way into it', 'lease it for webgpu/1')
  const nvidia = nvidiaAccess(readInfo(answer), runtime, of('nvidia'))
  if (of('amd').length === 0) return nvidia
  const found = (await listGpus(0)).filter(({ id }) => ids.has(id))
  const amd = await amdAccess(runtime, of('amd'), found)
  return { ...amd, requests: nvidia.requests, env: nvidia.env }
}

/** Asks for NVIDIA's GPUs by their UUIDs, through the runtime of their toolkit or what the daemon found by itself. */
export function nvidiaAccess(daemon: DaemonInfo, runtime: string, gpus: readonly Gpu[]): GpuAccess {
  const [first] = gpus
  if (first === undefined) return NO_GPUS
  const args = daemon.Runtimes[GVISOR]?.runtimeArgs ?? []
  if (runtime === GVISOR && !args.some((arg) => /^--?nvproxy(=true)?$/.test(arg)))
    throw refused(first, 'gVisor keeps its driver from them', NVPROXY)
  const ids = gpus.map(({ id }) => id)
  const visible = { NVIDIA_VISIBLE_DEVICES: ids.join(), CUDA_VISIBLE_DEVICES: ids.join() }
  if ('nvidia' in daemon.Runtimes) {
    const requests = [{ Driver: 'nvidia', DeviceIDs: ids, Capabilities: [['gpu']] }]
    return { ...NO_GPUS, requests, env: visible }
  }
  const names = ids.map((id) => `nvidia.com/gpu=${id}`)
  const offered = new Set(daemon.DiscoveredDevices.map(({ ID }) => ID))
  const missing = names.find((name) => !offered.has(name))
  if (missing !== undefined)
    throw refused(first, `the daemon has neither the runtime nvidia nor ${missing}`, TOOLKIT)
  // What the daemon finds by itself needs no variable, and leaves none that another tool goes by.
  const requests = [{ Driver: 'cdi', DeviceIDs: names }]
  return { ...NO_GPUS, requests, env: { ...NOTHING, CUDA_VISIBLE_DEVICES: ids.join() } }
}

/** Hands in AMD's GPUs by their files, with the groups that may open them. `devices` are those of this machine. */
export async function amdAccess(
  runtime: string,
  gpus: readonly Gpu[],
  devices: readonly Pick<GpuDevice, 'id' | 'files' | 'sharing'>[],
  kfd = KFD,
): Promise<GpuAccess> {
  const [first] = gpus
  if (first === undefined) return NO_GPUS
  if (runtime === GVISOR)
    throw refused(
      first,
      'gVisor has no way to them',
      'take runsc out of /etc/docker/daemon.json and restart Docker',
    )
  const files = gpus.flatMap((gpu) => {
    const found = devices.find(({ id }) => id === gpu.id)
    // Its file may be that of the whole chip.
    if (found?.sharing === 'partition') throw refused(gpu, 'it is a part of a chip', WHOLE)
    const own = found?.files ?? []
    if (own.length === 0) throw refused(gpu, 'it has no render node here', AMDGPU)
    return own
  })
  const paths = [kfd, ...files]
  const groups = await Promise.all(paths.map((path) => groupOf(first, path)))
  return {
    ...NO_GPUS,
    devices: paths.map((path) => ({ PathOnHost: path, PathInContainer: path, CgroupPermissions: 'rw' })),
    groups: [...new Set(groups)],
  }
}

async function groupOf(gpu: Gpu, path: string): Promise<string> {
  try {
    return String((await stat(path)).gid)
  } catch {
    throw refused(gpu, `there is no ${path}`, AMDGPU)
  }
}

/** Makes the error of GPUs that the daemon would not hand in, as it says at a container's start. */
export function asRefusedGpus(error: unknown, gpus: readonly Gpu[]): unknown {
  const [first] = gpus
  const said = error instanceof Error ? error.message : ''
  const isAbout =
    /could not select device driver|nvidia-container|cdi device|gathering device information/i.test(said)
  if (first === undefined || !isAbout) return error
  return refused(first, said.slice(0, 200), first.family === 'nvidia' ? TOOLKIT : AMDGPU)
}

function refused({ id, model, family }: Gpu, why: string, cure: string): RuntimeError {
  return new RuntimeError(`expected containers to reach the GPU ${id} (${model}), but: ${why}; ${cure}`, {
    ...{ code: 'NO_GPU_ACCESS', id, family },
  })
}
