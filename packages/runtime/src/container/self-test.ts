import { RuntimeError } from '../errors.ts'
import { Capture } from './capture.ts'
import { Deaths } from './deaths.ts'
import { type Docker, daemon } from './docker.ts'
import { type GpuAccess, NO_GPUS } from './gpu-access.ts'
import { Keeper } from './keeper.ts'
import { Program } from './program.ts'
import { GVISOR, PAGE_BYTES, PROCESSES, PROGRAM_UID, programSettings } from './settings.ts'
import type { WorkSpace } from './work-device.ts'

/** Memory of the container that is tried, in pages. */
const PAGES = 256
/** Bytes that it may print: lists of mounts are long. */
const PRINTED_BYTES = 262_144
/** Milliseconds for it to print them. */
const PRINT_MS = 60_000

/** Where the kernel says what holds inside a container; of the control groups' two versions one is there. */
const FILES = {
  status: ['/proc/self/status'],
  mounts: ['/proc/self/mounts'],
  devices: ['/proc/net/dev'],
  limits: ['/proc/self/limits'],
  memory: ['/sys/fs/cgroup/memory/memory.limit_in_bytes', '/sys/fs/cgroup/memory.max'],
  processes: ['/sys/fs/cgroup/pids/pids.max', '/sys/fs/cgroup/pids.max'],
} as const

/** What a container printed of itself. */
export type Report = { readonly [name in keyof typeof FILES]: string }

/** Where and how a container is tried. */
export interface Trial {
  readonly docker: Docker
  readonly keeperImage: string
  readonly owner: string
  readonly runtime: string
  /** GPUs that it is tried with. */
  readonly access?: GpuAccess
  makeSpace(): Promise<WorkSpace>
}

/**
 * Starts a container with the limits of every task, has it print what the kernel says of them, and compares.
 *
 * Throws {@link RuntimeError} `SANDBOX_MISSING` that names what does not hold, and `NOT_STARTED`.
 */
export async function proveContainer(trial: Trial): Promise<void> {
  const space = await trial.makeSpace()
  const started = Keeper.start(trial.docker, trial.keeperImage, trial.owner, space.device)
  const keeper = await started.finally(() => space.letGo())
  try {
    const broken = brokenLimits(reportOf(await print(trial, keeper)), trial.runtime)
    if (broken.length > 0) throw missing(broken)
  } finally {
    await keeper.stop()
  }
}

/** Returns the limits that a container of the self-test does not have, by what it printed of itself. */
export function brokenLimits(report: Report, runtime: string): string[] {
  const { status, mounts, devices, limits, memory, processes } = report
  const interfaces = [...devices.matchAll(/^\s*([^\s:|]+):/gm)].map(([, name]) => name)
  const everywhere = {
    'no root user': field(status, 'Uid').every((uid) => uid === String(PROGRAM_UID)),
    'no capabilities': field(status, 'CapEff').every((bits) => /^0+$/.test(bits)),
    'no network but its own loopback': interfaces.every((name) => name === 'lo'),
  }
  // gVisor's kernel answers for itself; the limits of memory and processes lie around it.
  const ours = {
    'no capabilities to gain': field(status, 'CapBnd').every((bits) => /^0+$/.test(bits)),
    'no new privileges': field(status, 'NoNewPrivs')[0] === '1',
    'a filter of system calls': field(status, 'Seccomp')[0] === '2',
    'a read-only root': / \/ \S+ ro[, ]/.test(mounts),
    'a bounded work folder without devices': /^\S+ \/work \S+ \S*nosuid,nodev/m.test(mounts),
    'no core files': /Max core file size\s+0\s+0\s/.test(limits),
    'a memory limit': Number(memory) === PAGES * PAGE_BYTES,
    'a limit of processes': Number(processes) === PROCESSES,
  }
  const checks = runtime === GVISOR ? everywhere : { ...everywhere, ...ours }
  return Object.entries(checks).flatMap(([limit, holds]) => (holds ? [] : [limit]))
}

/** Runs the keeper's own `cat` as a task's program. */
async function print(trial: Trial, keeper: Keeper): Promise<string> {
  const paths = Object.values(FILES).flat()
  const { docker, keeperImage, owner, runtime, access = NO_GPUS } = trial
  const settings = programSettings(
    { owner, runtime, access },
    {
      keeper: keeper.id,
      image: { name: keeperImage, volumes: [] },
      entrypoint: null,
      task: {
        ...{ args: ['cat', ...paths], env: [], stdin: null },
        limits: { fuel: 0n, pages: PAGES, depth: 0, outputBytes: PRINTED_BYTES, files: 0 },
      },
    },
  )
  const deaths = await Deaths.of(docker, owner)
  try {
    return await printed(await Program.create(docker, deaths, settings))
  } finally {
    deaths.stop()
  }
}

async function printed(program: Program): Promise<string> {
  try {
    const capture = new Capture(PRINTED_BYTES, () => undefined)
    const read = capture.read(program.output)
    await program.start(null)
    await daemon('print what holds in a container', program.exited, PRINT_MS)
    await read
    return new TextDecoder().decode(capture.stdout)
  } finally {
    await program.stop()
  }
}

/** Takes apart what was printed: each file stands below a line of `= ` and its path. */
function reportOf(printed: string): Report {
  const parts = printed.split(/^= /m).map((part): [string, string] => {
    const [path = '', ...lines] = part.split('\n')
    return [path, lines.join('\n')]
  })
  const texts = new Map(parts)
  const first = (paths: readonly string[]) => paths.map((path) => texts.get(path)).find(Boolean) ?? ''
  const { status, mounts, devices, limits, memory, processes } = FILES
  return {
    ...{ status: first(status), mounts: first(mounts), devices: first(devices) },
    ...{ limits: first(limits), memory: first(memory), processes: first(processes) },
  }
}

/** Returns the words of a line of `status`. */
function field(status: string, name: string): string[] {
  const [, words] = new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(status) ?? []
  return words === undefined ? [''] : words.split(/\s+/)
}

function missing(broken: readonly string[]): RuntimeError {
  return new RuntimeError(
    `expected a container with all its limits, got one without: ${broken.join(', ')}; see the daemon's configuration`,
    { code: 'SANDBOX_MISSING', broken },
  )
}
