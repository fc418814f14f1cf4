import type { Kernel, KernelBinding } from '@souk/protocol'
import { KernelFault } from './kernel-fault.ts'
import type { KernelRequest } from './messages.ts'

/** Kernels that are kept compiled: a job uses one, a few jobs may share a lease. */
const COMPILED_KERNELS = 8
/** Errors of the compiler that are told; one is often the cause of the others. */
const TOLD_ERRORS = 8

/** What a kernel is compiled to. */
export interface Compiled {
  readonly device: GPUDevice
  readonly layout: GPUBindGroupLayout
  readonly passes: readonly {
    readonly pipeline: GPUComputePipeline
    readonly workgroups: Kernel['passes'][number]['workgroups']
  }[]
}

/** Kernels that were compiled, by key; the least used go first. */
export class Pipelines {
  readonly #compiled = new Map<string, Compiled>()

  /** Returns a kernel compiled for `device`. Throws {@link KernelFault} `bad-program`. */
  async get(device: GPUDevice, { key, kernel, constants }: KernelRequest): Promise<Compiled> {
    const compiled = this.#compiled.get(key) ?? (await compile(device, kernel, constants))
    this.#compiled.delete(key)
    this.#compiled.set(key, compiled)
    const [oldest] = this.#compiled.keys()
    if (this.#compiled.size > COMPILED_KERNELS && oldest !== undefined) this.#compiled.delete(oldest)
    return compiled
  }
}

async function compile(
  device: GPUDevice,
  { code, bindings, passes }: Kernel,
  constants: Readonly<Record<string, number>>,
): Promise<Compiled> {
  const module = await compileCode(device, code)
  const layout = device.createBindGroupLayout({ entries: bindings.map(layoutEntry) })
  const shared = device.createPipelineLayout({ bindGroupLayouts: [layout] })
  const names = [...new Set(passes.map(({ entryPoint }) => entryPoint))]
  const pipelines = new Map<string, GPUComputePipeline>()
  for (const entryPoint of names) {
    const compute = { module, entryPoint, constants }
    pipelines.set(entryPoint, await compilePass(device, { layout: shared, compute }))
  }
  const compiled = passes.flatMap(({ entryPoint, workgroups }) => {
    const pipeline = pipelines.get(entryPoint)
    return pipeline === undefined ? [] : [{ pipeline, workgroups }]
  })
  return { device, layout, passes: compiled }
}

async function compileCode(device: GPUDevice, code: string): Promise<GPUShaderModule> {
  // What is wrong with it is asked for by itself.
  device.pushErrorScope('validation')
  const module = device.createShaderModule({ code })
  await device.popErrorScope()
  const { messages } = await module.getCompilationInfo()
  const errors = messages.filter(({ type }) => type === 'error')
  if (errors.length === 0) return module
  const lines = errors
    .slice(0, TOLD_ERRORS)
    .map(({ lineNum, linePos, message }) => `${lineNum}:${linePos}: ${message}`)
  throw new KernelFault('bad-program', `expected WGSL that compiles, got (line:column) ${lines.join('; ')}`)
}

async function compilePass(
  device: GPUDevice,
  descriptor: GPUComputePipelineDescriptor,
): Promise<GPUComputePipeline> {
  try {
    return await device.createComputePipelineAsync(descriptor)
  } catch (error) {
    const { entryPoint } = descriptor.compute
    const said = error instanceof Error ? error.message : String(error)
    const isInternal = error instanceof GPUPipelineError && error.reason === 'internal'
    throw new KernelFault(
      isInternal ? 'internal' : 'bad-program',
      `expected ${entryPoint} to be a compute entry point that fits the kernel's bindings and arguments, got: ${said}`,
    )
  }
}

const BUFFER_TYPES = {
  input: 'read-only-storage',
  uniform: 'uniform',
  output: 'storage',
  inout: 'storage',
  scratch: 'storage',
} as const satisfies Record<KernelBinding['kind'], GPUBufferBindingType>

function layoutEntry({ binding, kind }: KernelBinding): GPUBindGroupLayoutEntry {
  return { binding, visibility: GPUShaderStage.COMPUTE, buffer: { type: BUFFER_TYPES[kind] } }
}
