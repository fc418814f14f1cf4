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
