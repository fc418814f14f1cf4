import type { Kernel, KernelBinding } from '@souk/protocol'
import type { OutputFile } from '../../executor.ts'
import { KernelFault } from './kernel-fault.ts'
import type { Compiled } from './pipelines.ts'
import { watched } from './watched.ts'

/** Bytes of one element; said again here, because this process loads nothing of the others. */
const ELEMENT = { f32: 4, f16: 2, i32: 4, u32: 4 } as const

/** A binding's buffer, and the one through which its contents come back. */
interface Bound {
  readonly binding: KernelBinding
  readonly bytes: number
  readonly buffer: GPUBuffer
  readonly back: GPUBuffer | null
}

/**
 * Runs a compiled kernel on fresh buffers, which begin as zeros, and hands its output files to `deliver`, which must not
 * keep them: they are the device's memory. Throws {@link KernelFault} `bad-program` or `out-of-memory`.
 */
export async function runKernel(
  compiled: Compiled,
  { bindings }: Kernel,
  inputs: ReadonlyMap<string, Uint8Array>,
  deliver: (files: readonly OutputFile[]) => void,
): Promise<void> {
  const { device } = compiled
  const bound: Bound[] = []
  try {
    await checked(device, async () => {
      for (const binding of bindings) bound.push(bind(device, binding))
    })
    await checked(device, async () => {
      for (const each of bound) fill(device, each, inputs)
      device.queue.submit([encode(compiled, bound)])
      await Promise.all(bound.map(({ back }) => back?.mapAsync(GPUMapMode.READ)))
    })
    deliver(bound.flatMap(fileOf).sort(byPath))
  } finally {
    for (const { buffer, back } of bound) {
      buffer.destroy()
      back?.destroy()
    }
  }
}

/** Throws {@link KernelFault} for what the device says of `work`. */
async function checked(device: GPUDevice, work: () => Promise<void>): Promise<void> {
  const { result, exhausted, invalid } = await watched(device, work)
  if (exhausted)
    throw new KernelFault(
      'out-of-memory',
      `expected the device to have enough memory, got: ${exhausted.message}`,
    )
  if (invalid)
    throw new KernelFault('bad-program', `expected buffers that fit the code, got: ${invalid.message}`)
  if (result.status === 'rejected') throw result.reason
}

function bind(device: GPUDevice, binding: KernelBinding): Bound {
  const { kind, type, length } = binding
  const bytes = ELEMENT[type] * length
  const size = Math.ceil(bytes / 4) * 4
  const role = kind === 'uniform' ? GPUBufferUsage.UNIFORM : GPUBufferUsage.STORAGE
  const buffer = device.createBuffer({
    size,
    usage: role | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC,
  })
  const isWritten = kind === 'output' || kind === 'inout'
  const back = isWritten
    ? device.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST })
    : null
  return { binding, bytes, buffer, back }
}

function fill(
  device: GPUDevice,
  { binding, bytes, buffer }: Bound,
  inputs: ReadonlyMap<string, Uint8Array>,
): void {
  const { kind, path } = binding
  if (path === null || kind === 'output') return
  const given = inputs.get(path)
  if (given?.byteLength !== bytes)
    throw new KernelFault('bad-program', `expected ${bytes} bytes of ${path}, got ${given?.byteLength}`)
  device.queue.writeBuffer(buffer, 0, wholeWords(given))
}

/** Returns bytes as the queue takes them, zeros behind the last. */
function wholeWords(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  if (bytes.byteLength % 4 === 0 && bytes.buffer instanceof ArrayBuffer) {
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }
  const whole = new Uint8Array(Math.ceil(bytes.byteLength / 4) * 4)
  whole.set(bytes)
  return whole
}

function encode({ device, layout, passes }: Compiled, bound: readonly Bound[]): GPUCommandBuffer {
  const entries = bound.map(({ binding: { binding }, buffer }) => ({ binding, resource: { buffer } }))
  const group = device.createBindGroup({ layout, entries })
  const encoder = device.createCommandEncoder()
  const pass = encoder.beginComputePass()
  for (const { pipeline, workgroups } of passes) {
    pass.setPipeline(pipeline)
    pass.setBindGroup(0, group)
    pass.dispatchWorkgroups(...workgroups)
  }
  pass.end()
  for (const { buffer, back } of bound) {
    if (back !== null) encoder.copyBufferToBuffer(buffer, 0, back, 0, back.size)
  }
  return encoder.finish()
}

function fileOf({ binding: { path }, bytes, back }: Bound): OutputFile[] {
  if (path === null || back === null) return []
  return [{ path, bytes: new Uint8Array(back.getMappedRange(), 0, bytes) }]
}

function byPath(a: OutputFile, b: OutputFile): number {
  return Buffer.compare(Buffer.from(a.path), Buffer.from(b.path))
}
