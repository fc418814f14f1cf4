import { z } from 'zod'
import { type Gpu, gpuFamily } from './resources.ts'
import { count, text } from './schema.ts'

/** What short benchmarks measured on a GPU (docs/PROTOCOL.md §14). Zero where the device cannot do it. */
export const gpuSpeed = z.strictObject({
  /** Unix seconds. */
  measured: count(2 ** 40 - 1),
  /** 10⁹ floating-point operations per second, a multiplication and an addition counted as two. */
  fp32Gflops: count(100_000_000),
  fp16Gflops: count(100_000_000),
  /** 10⁶ bytes per second, read and written. */
  memoryMbPerSecond: count(1_000_000_000),
  /** 10⁶ bytes per second from the host's memory to the device's. */
  transferMbPerSecond: count(1_000_000_000),
})
export type GpuSpeed = z.output<typeof gpuSpeed>

/** The newest proof of GPU that a provider's device gave to itself: a claim until a requester asks for its own. */
export const gpuProofFact = z.strictObject({
  /** Unix seconds. */
  proven: count(2 ** 40 - 1),
  /** Rows and columns of the product. */
  size: count(65_536),
  /** Milliseconds from seed to commitment. */
  ms: count(3_600_000),
})
export type GpuProofFact = z.output<typeof gpuProofFact>

export const gpuMark = z.enum(['slow-for-model', 'hot', 'memory-errors', 'unhealthy'])
/** What speaks against a device: shown with the offer, and counted by who compares offers. */
export type GpuMark = z.output<typeof gpuMark>

/** Everything that is the same for all GPUs of one model in an offer; of what was measured, the worst of them. */
export const gpuClass = z.strictObject({
  family: gpuFamily,
  model: text(96),
  driver: text(48).nullable(),
  /** Name and version of the compute interface, such as `CUDA 12.4`. */
  api: text(32).nullable(),
  speed: gpuSpeed.nullable(),
  proof: gpuProofFact.nullable(),
  marks: z.array(gpuMark).max(4),
})
export type GpuClass = z.output<typeof gpuClass>

/** Returns what an offer tells of a device's model. */
export function classOf(
  { gpuClasses }: { readonly gpuClasses: readonly GpuClass[] },
  { family, model }: Pick<Gpu, 'family' | 'model'>,
): GpuClass | undefined {
  return gpuClasses.find((each) => each.family === family && each.model === model)
}

/** A leased GPU's health, as its provider's beats tell it; `null` where the tools do not say. */
export const gpuHealth = z.strictObject({
  id: text(96),
  /** Share of time with work on it, thousandths. */
  busy: count(1_000).nullable(),
  usedBytes: count().nullable(),
  celsius: count(1_000).nullable(),
  watts: count(10_000).nullable(),
  /** Uncorrected memory errors since the driver started. */
  memoryErrors: count().nullable(),
  /** False once it is gone or its driver no longer answers. */
  present: z.boolean(),
})
export type GpuHealth = z.output<typeof gpuHealth>
