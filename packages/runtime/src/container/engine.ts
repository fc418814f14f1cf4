import { errorMessage, type Gpu, type SandboxLevel } from '@souk/protocol'
import { RuntimeError } from '../errors.ts'
import type { Executor } from '../executor.ts'
import type { Engine, RuntimeShare } from '../runtimes.ts'
import { createContainerExecutor } from './container-executor.ts'
import { type Docker, daemon, daemonMessage, openDocker } from './docker.ts'
import { asRefusedGpus, gpuAccess } from './gpu-access.ts'
import { DEFAULT_POLICY, type ImagePolicy } from './image-policy.ts'
import { keeperImage } from './keeper-image.ts'
import { ownerName, sweep } from './owner.ts'
import { proveContainer } from './self-test.ts'
import { GVISOR } from './settings.ts'
import { diskSpace, memorySpace, type WorkSpace } from './work-device.ts'

/** The oldest version of the daemon's interface that has every limit: Docker 20.10. */
const API_VERSION = [1, 41] as const
/** What runs containers everywhere, and shares the machine's kernel. */
const RUNC = 'runc'
/** Bytes of the work folder of the self-test. */
const TRIAL_BYTES = 16 * 1024 * 1024

export interface ContainerOptions {
  /** What a provider lets into its daemon; everything of up to 16 GiB unless given. */
  readonly policy?: Partial<ImagePolicy>
}

/** What was found out about the daemon. */
interface Proof {
  readonly docker: Docker
  readonly runtime: string
  readonly sandbox: SandboxLevel
  readonly onDisk: boolean
}

/** Returns the engine of `container/1`, which finds the daemon by `DOCKER_HOST`. */
export function containerEngine({ policy }: ContainerOptions = {}): Engine {
  let proof: Promise<Proof> | undefined
  return {
    name: 'container/1',
    async prove() {
      proof = prove()
      return (await proof).sandbox
    },
    async reach(gpus) {
      proof ??= prove()
      await proveGpus(await proof, gpus)
    },
    async start(share: RuntimeShare): Promise<Executor> {
      proof ??= prove()
      return createContainerExecutor({ ...(await proof), policy: { ...DEFAULT_POLICY, ...policy } }, share)
    },
  }
}

/** Tries the strongest sandbox that the daemon has, then the usual one. Throws {@link RuntimeError}. */
async function prove(): Promise<Proof> {
  const docker = await reach()
  await sweep(docker)
  const image = await keeperImage(docker)
  const { Runtimes } = await daemon('describe itself', docker.info())
  const runtimes = Object.keys(Runtimes ?? {}).includes(GVISOR) ? [GVISOR, RUNC] : [RUNC]
  const { onDisk, makeSpace } = await chooseSpace()
  const refusals: string[] = []
  for (const runtime of runtimes) {
    try {
      await proveContainer({ docker, keeperImage: image, owner: `${ownerName()} 0`, runtime, makeSpace })
      return { docker, runtime, sandbox: runtime === GVISOR ? 'gvisor' : 'container', onDisk }
    } catch (error) {
      refusals.push(`${runtime}: ${errorMessage(error)}`)
    }
  }
  throw new RuntimeError(refusals.join('; '), { code: 'SANDBOX_MISSING', runtimes })
}

/** Tries a container with these GPUs. Throws {@link RuntimeError} `NO_GPU_ACCESS`, with what to do about it. */
async function proveGpus({ docker, runtime }: Proof, gpus: readonly Gpu[]): Promise<void> {
  const access = await gpuAccess(await daemon('describe itself', docker.info()), runtime, gpus)
  const image = await keeperImage(docker)
  const makeSpace = async () => memorySpace(TRIAL_BYTES / 2)
  try {
    await proveContainer({
      docker,
      keeperImage: image,
      owner: `${ownerName()} 0`,
      runtime,
      access,
      makeSpace,
    })
  } catch (error) {
    throw asRefusedGpus(error, gpus)
  }
}

async function reach(): Promise<Docker> {
  const docker = await openDocker()
  try {
    const { ApiVersion } = await daemon('say its version', docker.version())
    const [major = 0, minor = 0] = ApiVersion.split('.').map(Number)
    if (major > API_VERSION[0] || (major === API_VERSION[0] && minor >= API_VERSION[1])) return docker
    throw new Error(`version ${ApiVersion}`)
  } catch (cause) {
    throw new RuntimeError(
      `expected a container daemon with API ${API_VERSION.join('.')} or newer, got: ${daemonMessage(cause)}; start Docker, or set DOCKER_HOST`,
      { code: 'NOT_STARTED' },
      { cause },
    )
  }
}

/** Tells whether work folders can lie on disk here: that takes root on the daemon's machine, and its tools. */
async function chooseSpace(): Promise<{ onDisk: boolean; makeSpace(): Promise<WorkSpace> }> {
  const inMemory = { onDisk: false, makeSpace: async () => memorySpace(TRIAL_BYTES / 2) }
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return inMemory
  if (!/^(unix:|$)/.test(process.env.DOCKER_HOST ?? '')) return inMemory
  try {
    await (await diskSpace(TRIAL_BYTES)).letGo()
    return { onDisk: true, makeSpace: () => diskSpace(TRIAL_BYTES) }
  } catch {
    return inMemory
  }
}
