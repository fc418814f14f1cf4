import { parseAmount, rateOfHour } from '@souk/market'
import { type Demand, gpuFamily, type RuntimeName, runtimeName } from '@souk/protocol'
import type { Command } from 'commander'
import { CliError } from './errors.ts'

/** Options that describe what work needs. */
export interface DemandOptions {
  cores: string
  memory: string
  disk: string
  gpu?: string
  requireProof?: boolean
  region?: string
  maxPrice?: string
  maxRtt?: string
  duration: string
  engine?: string
}

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
  tib: 1024 ** 4,
}
const SECONDS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600 }

/** Adds the options of a demand to a command. */
export function addDemandOptions(command: Command): Command {
  return command
    .option('--cores <number>', 'cores per lease, fractions allowed', '0.1')
    .option('--memory <size>', 'memory per lease, such as 512MiB', '256MiB')
    .option('--disk <size>', 'disk per lease', '64MiB')
    .option(
      '--gpu <spec>',
      'GPUs per lease: FAMILY[:MODEL-GLOB][:VRAM][xCOUNT], such as nvidia:*A100*:40GiBx1',
    )
    .option('--require-proof', 'with --gpu: only providers whose GPUs proved themselves to you before')
    .option('--region <name>', 'only providers of this region')
    .option('--max-price <amount>', 'most that a lease may cost per hour, in token units')
    .option('--max-rtt <milliseconds>', 'longest measured round trip')
    .option('--engine <name>', 'what runs the work: wasm, wasm-det, container or webgpu')
    .option('--duration <time>', 'longest duration of a lease, such as 10m; at most 1h', '10m')
}

/** Reads the options of a demand; throws {@link CliError} `BAD_OPTION` naming the option. */
export function readDemand(options: DemandOptions, decimals: number): Demand {
  const { cores, memory, disk, region, maxPrice, maxRtt, duration, engine = 'wasm' } = options
  return {
    resources: {
      millicores: Math.ceil(positive('--cores', cores) * 1000),
      memoryBytes: readSize('--memory', memory),
      diskBytes: readSize('--disk', disk),
      gpu: readGpus(options),
    },
    runtime: readEngine(engine),
    network: 'none',
    region: region ?? null,
    maxRoundTripMs: maxRtt === undefined ? null : Math.floor(positive('--max-rtt', maxRtt)),
    maxRateE12: maxPrice === undefined ? null : rateOfHour(parseAmount(maxPrice, decimals)),
    durationSeconds: readDuration(duration),
  }
}

/** Reads an engine's name, of which the version may be left out. Throws {@link CliError} `BAD_OPTION`. */
export function readEngine(text: string): RuntimeName {
  const engine = runtimeName.safeParse(text.includes('/') ? text : `${text}/1`)
  if (engine.success) return engine.data
  throw bad('--engine', `one of ${runtimeName.options.join(', ')}`, text)
}

/** Reads a size in bytes, such as `512MiB`. */
export function readSize(option: string, text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([kmgt]ib)?$/i.exec(text)
  const unit = UNITS[match?.[2]?.toLowerCase() ?? '']
  if (match === null || unit === undefined) throw bad(option, 'a size such as 512MiB', text)
  return Math.floor(Number(match[1]) * unit)
}

/** Reads a duration in seconds, such as `10m`. */
export function readDuration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)([smh])?$/.exec(text)
  const unit = SECONDS[match?.[2] ?? '']
  const seconds = match === null || unit === undefined ? 0 : Math.floor(Number(match[1]) * unit)
  if (seconds >= 1 && seconds <= 3600) return seconds
  throw bad('--duration', 'a time from 1s to 1h', text)
}

function readGpus({ gpu, requireProof = false }: DemandOptions): Demand['resources']['gpu'] {
  if (gpu !== undefined) return { ...readGpu(gpu), ...(requireProof && { proven: true as const }) }
  if (!requireProof) return null
  throw bad('--require-proof', '--gpu beside it', 'none')
}

function readGpu(text: string): NonNullable<Demand['resources']['gpu']> {
  const match = /^([a-z]+)(?::([^:]*?))?(?::(\d+(?:\.\d+)?[kmgt]ib))?(?:x(\d+))?$/i.exec(text)
  const family = gpuFamily.safeParse(match?.[1])
  if (match === null || !family.success) {
    throw bad(
      '--gpu',
      `FAMILY[:MODEL][:VRAM][xCOUNT] with FAMILY one of ${gpuFamily.options.join(', ')}`,
      text,
    )
  }
  const [, , model = '*', vram = '0', count = '1'] = match
  return {
    count: Number(count),
    family: family.data,
    model: model || '*',
    vramBytes: readSize('--gpu', vram),
  }
}

function positive(option: string, text: string): number {
  const value = Number(text)
  if (Number.isFinite(value) && value > 0) return value
  throw bad(option, 'a number above 0', text)
}

function bad(option: string, expected: string, got: string): CliError {
  return new CliError(`${option}: expected ${expected}, got ${JSON.stringify(got)}`, {
    code: 'BAD_OPTION',
    option,
  })
}
