import type { ContainerImage, Task } from '@souk/protocol'
import type { ContainerCreateOptions, MountConfig } from 'dockerode'
import type { GpuAccess } from './gpu-access.ts'
import { OWNER_LABEL } from './owner.ts'

/** Bytes of a page of a task's memory limit. */
export const PAGE_BYTES = 65_536
/** Bytes of memory below which no container starts. */
export const LEAST_MEMORY_BYTES = 8_388_608
/** User and group of programs: nobody, so that they own nothing of the machine. */
export const PROGRAM_UID = 65_534
/** User of the keeper: programs can neither trace it nor signal it. */
const KEEPER_UID = 65_533
/** Processes and threads of one container: a fork bomb ends there. */
export const PROCESSES = 512
/** Processes of the keeper: one for each connection into the container. */
const KEEPER_PROCESSES = 256
/** Descriptors of one process. */
const DESCRIPTORS = 4096
/** Volumes that an image may declare; each becomes a bounded memory file system. */
export const IMAGE_VOLUMES = 16
/** Bytes of secrets of one execution. */
export const SECRETS_BYTES = 1_048_576
/** Bytes of `/tmp` at most, and of a volume that an image declares; they count as memory. */
export const TEMPORARY_BYTES = 67_108_864

/** The daemon's name of gVisor. */
export const GVISOR = 'runsc'
/** Bytes that gVisor's own kernel takes beside a program; they count as its container's. */
const GVISOR_BYTES = 67_108_864

/** Returns the bytes of memory that a runtime itself takes in each container. */
export function overheadOf(runtime: string): number {
  return runtime === GVISOR ? GVISOR_BYTES : 0
}

/** The work folder's file system: a device with one of its own, or memory. */
export type WorkDevice = { readonly device: string } | { readonly memoryBytes: number }

/** What every container of an executor has in common. */
export interface Ground {
  readonly owner: string
  /** `runsc` for gVisor, or the daemon's own. */
  readonly runtime: string
  readonly access: GpuAccess
}

/**
 * Returns the settings of a keeper. It is the first process of the namespaces that the program shares with it, holds
 * the two volumes, and ends them all when its standard input closes (docs/THREATS.md, Containers).
 */
export function keeperSettings(image: string, owner: string, work: WorkDevice): ContainerCreateOptions {
  return {
    Image: image,
    Cmd: ['keep'],
    Hostname: 'souk',
    User: `${KEEPER_UID}:${KEEPER_UID}`,
    OpenStdin: true,
    StdinOnce: true,
    AttachStdin: true,
    AttachStdout: true,
    Labels: { [OWNER_LABEL]: owner },
    HostConfig: {
      ...confinement(LEAST_MEMORY_BYTES, KEEPER_PROCESSES),
      NetworkMode: 'none',
      Mounts: [workMount(owner, work), secretsMount(owner)],
    },
  }
}

/** What differs from program to program. */
export interface ProgramSettings {
  readonly keeper: string
  /** Name or id of an image that is there, and the folders for which it wants volumes. */
  readonly image: { readonly name: string; readonly volumes: readonly string[] }
  readonly entrypoint: ContainerImage['entrypoint']
  readonly task: Pick<Task, 'args' | 'env' | 'stdin' | 'limits'>
}

/** Returns the settings of a program's container: every limit that docs/THREATS.md names. */
export function programSettings(ground: Ground, settings: ProgramSettings): ContainerCreateOptions {
  const { task, keeper, image, entrypoint } = settings
  const memoryBytes = memoryOf(task)
  const overhead = overheadOf(ground.runtime)
  const stdin = task.stdin !== null
  return {
    Image: image.name,
    ...(task.args.length > 0 ? { Cmd: task.args } : {}),
    ...(entrypoint === null ? {} : { Entrypoint: entrypoint }),
    Env: withEnv(task.env, ground.access.env),
    WorkingDir: '/work',
    User: `${PROGRAM_UID}:${PROGRAM_UID}`,
    OpenStdin: stdin,
    StdinOnce: stdin,
    AttachStdin: stdin,
    AttachStdout: true,
    AttachStderr: true,
    Healthcheck: { Test: ['NONE'] },
    Labels: { [OWNER_LABEL]: ground.owner },
    HostConfig: {
      ...confinement(memoryBytes + overhead, PROCESSES),
      Runtime: ground.runtime,
      NetworkMode: `container:${keeper}`,
      PidMode: `container:${keeper}`,
      VolumesFrom: [keeper],
      NanoCpus: 1e9,
      ShmSize: Math.floor(memoryBytes / 2),
      Tmpfs: temporary(image.volumes, Math.min(TEMPORARY_BYTES, Math.floor(memoryBytes / 2))),
      DeviceRequests: [...ground.access.requests],
      Devices: [...ground.access.devices],
      GroupAdd: [...ground.access.groups],
    },
  }
}

/** Returns the bytes of memory that a task's container gets. */
export function memoryOf({ limits }: Pick<Task, 'limits'>): number {
  return Math.max(LEAST_MEMORY_BYTES, limits.pages * PAGE_BYTES)
}

function confinement(memoryBytes: number, processes: number): ContainerCreateOptions['HostConfig'] {
  return {
    // The daemon removes it as soon as it ended, also when nobody is left to ask for that.
    AutoRemove: true,
    ReadonlyRootfs: true,
    CapDrop: ['ALL'],
    SecurityOpt: ['no-new-privileges'],
    Privileged: false,
    IpcMode: 'private',
    // Younger than the types of the client.
    ...{ CgroupnsMode: 'private' },
    Memory: memoryBytes,
    // Memory and swap together: no swap.
    MemorySwap: memoryBytes,
    PidsLimit: processes,
    Ulimits: [
      { Name: 'nofile', Soft: DESCRIPTORS, Hard: DESCRIPTORS },
      { Name: 'core', Soft: 0, Hard: 0 },
    ],
    LogConfig: { Type: 'none', Config: {} },
    OomScoreAdj: 500,
  }
}

const FLAGS = 'nosuid,nodev'

function workMount(owner: string, work: WorkDevice): MountConfig[number] {
  if ('device' in work) return volume(owner, '/work', { type: 'ext4', device: work.device, o: FLAGS })
  const inodes = Math.max(1024, Math.floor(work.memoryBytes / 4096))
  return memoryVolume(owner, '/work', `size=${work.memoryBytes},nr_inodes=${inodes},mode=0755`)
}

function secretsMount(owner: string): MountConfig[number] {
  return memoryVolume(owner, '/run/secrets', `size=${SECRETS_BYTES},nr_inodes=512,mode=0500,noexec`)
}

function memoryVolume(owner: string, target: string, options: string): MountConfig[number] {
  const o = `${options},uid=${PROGRAM_UID},gid=${PROGRAM_UID},${FLAGS}`
  return volume(owner, target, { type: 'tmpfs', device: 'tmpfs', o })
}

/** A nameless volume: it goes with the last container that has it. */
function volume(owner: string, Target: string, Options: Record<string, string>): MountConfig[number] {
  const VolumeOptions = {
    NoCopy: true,
    Labels: { [OWNER_LABEL]: owner },
    DriverConfig: { Name: 'local', Options },
  }
  return { Type: 'volume', Source: '', Target, VolumeOptions }
}

/** Volumes that an image declares would be folders of the host without any bound: they become memory instead. */
function temporary(volumes: readonly string[], bytes: number): Record<string, string> {
  const own = volumes.filter((path) => path !== '/work' && path !== '/run/secrets')
  // A folder of the image lends its mode, so that only its owner can be told.
  const options = `rw,${FLAGS},uid=${PROGRAM_UID},gid=${PROGRAM_UID},mode=1777,size=${bytes}`
  return Object.fromEntries(['/tmp', ...own].map((path) => [path, options]))
}

/** Adds variables to a task's, in place of those of the same names. */
function withEnv(env: readonly string[], ours: Readonly<Record<string, string>>): string[] {
  const others = env.filter((entry) => !((entry.split('=')[0] ?? '') in ours))
  return [...others, ...Object.entries(ours).map(([name, value]) => `${name}=${value}`)]
}
