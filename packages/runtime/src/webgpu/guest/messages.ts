import type { FailureCode, Kernel } from '@souk/protocol'
import type { OutputFile } from '../../executor.ts'
import type { Capability, RunnerMessage } from '../../guest/messages.ts'

/** One way to compute with WebGPU on this machine. */
export interface Adapter {
  /** As its driver names it. */
  readonly name: string
  /** `nvidia`, `amd`, `apple`, `intel`, `google` for SwiftShader, `mesa`. */
  readonly vendor: string
  /** Such as `ampere`, `rdna-3`, `swiftshader`; empty where unknown. */
  readonly architecture: string
  /** Name and version of the driver. */
  readonly driver: string
  /** Whether it computes on processors. */
  readonly isSoftware: boolean
  /** Bytes of the largest buffer that a shader reads. */
  readonly maxBufferBytes: number
  /** What it can do beyond the standard, such as `shader-f16`. */
  readonly features: readonly string[]
}

export interface ListedAdapters {
  readonly adapters: readonly Adapter[]
}

/** What a process with a GPU is told to do. */
export type GpuRequest =
  | KernelRequest
  | { readonly kind: 'probe'; readonly file: string; readonly pid: number }

/** One task, answered by `ended`; the next is sent after that. */
export interface KernelRequest {
  readonly kind: 'run'
  /** Names the kernel and the constants that it is compiled with. */
  readonly key: string
  readonly kernel: Kernel
  /** Values of the code's `override` constants. */
  readonly constants: Readonly<Record<string, number>>
  /** The files that the kernel reads, each as long as its buffer. */
  readonly inputs: ReadonlyMap<string, Uint8Array>
}

/** What a process with a GPU says. */
export type GpuMessage =
  | {
      readonly kind: 'ready'
      /** `null` where there is no adapter of that name. */
      readonly adapter: Adapter | null
      /** Adapters with that in their name, by which they are opened: of several, nobody can say which one is meant. */
      readonly alike: number
      readonly refused: Record<Capability, boolean>
      readonly alone: boolean
    }
  | Extract<RunnerMessage, { kind: 'probed' }>
  | { readonly kind: 'ended'; readonly result: KernelResult }
  /** The device is gone, and the process with it. */
  | { readonly kind: 'lost'; readonly message: string }

export type KernelResult =
  | {
      readonly kind: 'output'
      /** Sorted bytewise by path. */
      readonly files: readonly OutputFile[]
      /** Milliseconds of processor time of the whole process since the task began. */
      readonly cpuMs: number
      /** Milliseconds from the first buffer to the last byte read back. */
      readonly runMs: number
    }
  | { readonly kind: 'failed'; readonly code: FailureCode; readonly message: string }
