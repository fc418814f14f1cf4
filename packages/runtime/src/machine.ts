import { readFile, rename, statfs, writeFile } from 'node:fs/promises'
import { availableParallelism, cpus, totalmem } from 'node:os'
import { z } from 'zod'
import { measureCore } from './core-speed.ts'
import type { GpuDevice } from './gpu/inventory.ts'
import { listGpus } from './gpu/list-gpus.ts'
import { softwareGpus } from './gpu/software-gpus.ts'
import { listAdapters } from './webgpu/adapters.ts'

/** Milliseconds for which a measured core speed is used again; machines change by hands, not by hours. */
const SPEED_AGE_MS = 24 * 3_600_000

/** What this machine has for programs, as measured now. */
export interface Machine {
  /** Cores that this process may use at the same time. */
  readonly cores: number
  /** Bytes of memory, within the limits of the container we run in. */
  readonly memoryBytes: number
  /** Bytes free where data is kept. */
  readonly diskBytes: number
  readonly gpus: readonly GpuDevice[]
  /** MiB of SHA-256 per second of one core, in the sandbox that programs run in. */
  readonly coreMibPerSecond: number
}

export interface MeasureOptions {
  /** A folder on the disk that is offered. */
  readonly diskPath: string
  /** File that keeps the core's speed, so that providers on one machine do not each measure it. */
  readonly cacheFile?: string
  /** Whether adapters that compute on the processor are listed too; they are not unless told. */
  readonly software?: boolean
}

/** Measures this machine. Throws `RuntimeError` where no runner starts, and system errors for a missing `diskPath`. */
export async function measureMachine(options: MeasureOptions): Promise<Machine> {
  const { diskPath, cacheFile, software = false } = options
  const memoryBytes = memoryLimit()
  const [disk, gpus, adapters, coreMibPerSecond] = await Promise.all([
    statfs(diskPath),
    listGpus(memoryBytes),
    software ? listAdapters() : [],
    cacheFile === undefined ? measureCore() : cachedSpeed(cacheFile),
  ])
  return {
    cores: availableParallelism(),
    memoryBytes,
    diskBytes: disk.bavail * disk.bsize,
    gpus: [...gpus, ...softwareGpus(adapters, memoryBytes)],
    coreMibPerSecond,
  }
}

/** Returns the smaller of the machine's memory and our control group's limit (0 means none is set). */
export function memoryLimit(): number {
  const limit = process.constrainedMemory()
  return limit > 0 ? Math.min(totalmem(), limit) : totalmem()
}

const speedRecord = z.strictObject({ cpu: z.string(), mibPerSecond: z.int().min(1), measuredMs: z.int() })

async function cachedSpeed(file: string): Promise<number> {
  const cpu = cpus()[0]?.model ?? 'unknown'
  const known = await readSpeed(file)
  if (known?.cpu === cpu && Math.abs(Date.now() - known.measuredMs) < SPEED_AGE_MS) return known.mibPerSecond
  const mibPerSecond = await measureCore()
  await writeSpeed(file, { cpu, mibPerSecond, measuredMs: Date.now() })
  return mibPerSecond
}

/** Returns the kept measurement, or undefined where the file is missing or is not one. */
async function readSpeed(file: string): Promise<z.output<typeof speedRecord> | undefined> {
  try {
    return speedRecord.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch {
    return undefined
  }
}

/** Replaces the file at once, so that a provider that starts meanwhile never reads half of it. */
async function writeSpeed(file: string, record: z.output<typeof speedRecord>): Promise<void> {
  const draft = `${file}.${process.pid}`
  await writeFile(draft, JSON.stringify(record))
  await rename(draft, file)
}
