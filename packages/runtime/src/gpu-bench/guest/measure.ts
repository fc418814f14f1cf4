import { openAdapter } from '../../webgpu/guest/dawn.ts'
import { sound } from '../../webgpu/guest/watched.ts'
import { arithmetic, COPY, GROUP, OPERATIONS } from './kernels.ts'

/** The process that measures one adapter and tells its parent. */

/** Milliseconds that a measured run takes at least; shorter ones would measure how work is handed over. */
const BENCH_RUN_MS = 60
/** Runs that count, after those that found out how much work fills that time; the best of them is told. */
const RUNS = 3
/** Workgroups of one dispatch: what every device takes. */
const MOST_GROUPS = 65_535
const MOST_REPEATS = 4_096
/** Bytes of the buffer that is copied: above what caches hold, where the device has room for that. */
const COPY_BYTES = { software: 16_777_216, hardware: 268_435_456 } as const
/** Bytes that are sent to the device at a time. */
const SENT_BYTES = 16_777_216
/** Times that they are sent before they are waited for: drivers keep a copy of each so long. */
const MOST_SENT = 16

/** What was measured: operations and bytes per second; 0 where the device cannot do it. */
export interface Measured {
  readonly fp32: number
  readonly fp16: number
  readonly memory: number
  readonly transfer: number
}

async function openDevice(): Promise<GPUDevice> {
  const [, , name = ''] = process.argv
  const adapter = await openAdapter(name)
  if (adapter === null) throw new Error(`expected an adapter called ${name}, there is none`)
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits
  const bytes = Math.min(COPY_BYTES.hardware, maxBufferSize, maxStorageBufferBindingSize)
  return adapter.requestDevice({
    requiredFeatures: adapter.features.has('shader-f16') ? ['shader-f16'] : [],
    requiredLimits: { maxBufferSize: bytes, maxStorageBufferBindingSize: bytes },
  })
}

/** Runs `work` with more and more to do until it fills its time, and returns the best rate of some runs, per second. */
async function rateOf(
  device: GPUDevice,
  most: number,
  unit: number,
  work: (amount: number) => void,
): Promise<number> {
  const run = async (amount: number) => {
    const startedMs = performance.now()
    work(amount)
    await device.queue.onSubmittedWorkDone()
    return performance.now() - startedMs
  }
  let amount = 1
  // The first run also warms up what is compiled late.
  await run(amount)
  while ((await run(amount)) < BENCH_RUN_MS && amount < most) amount = Math.min(2 * amount, most)
  let bestMs = Number.POSITIVE_INFINITY
  for (let i = 0; i < RUNS; i++) bestMs = Math.min(bestMs, await run(amount))
  return (1000 * amount * unit) / bestMs
}

async function compile(device: GPUDevice, code: string): Promise<GPUComputePipeline> {
  const module = device.createShaderModule({ code })
  return device.createComputePipelineAsync({ layout: 'auto', compute: { module, entryPoint: 'main' } })
}

function storage(device: GPUDevice, size: number): GPUBuffer {
  return device.createBuffer({ size, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST })
}

/** Hands over one piece of work: a kernel over so many workgroups, as often as told. */
function submit(
  device: GPUDevice,
  pipeline: GPUComputePipeline,
  buffers: readonly GPUBuffer[],
  [x, y]: readonly [x: number, y: number],
  times: number,
): void {
  const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }))
  const encoder = device.createCommandEncoder()
  const pass = encoder.beginComputePass()
  pass.setPipeline(pipeline)
  pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }))
  for (let i = 0; i < times; i++) pass.dispatchWorkgroups(x, y)
  pass.end()
  device.queue.submit([encoder.finish()])
}

async function measureArithmetic(device: GPUDevice, type: 'f32' | 'f16'): Promise<number> {
  if (type === 'f16' && !device.features.has('shader-f16')) return 0
  const pipeline = await compile(device, arithmetic(type))
  const sink = storage(device, 16 * GROUP)
  return rateOf(device, MOST_GROUPS, GROUP * OPERATIONS, (groups) =>
    submit(device, pipeline, [sink], [groups, 1], 1),
  )
}

async function measureMemory(device: GPUDevice, isSoftware: boolean): Promise<number> {
  const pipeline = await compile(device, COPY)
  const bytes = Math.min(
    isSoftware ? COPY_BYTES.software : COPY_BYTES.hardware,
    device.limits.maxStorageBufferBindingSize,
  )
  const [from, to] = [storage(device, bytes), storage(device, bytes)]
  const rows = bytes / (16 * GROUP * 256)
  return rateOf(device, MOST_REPEATS, 2 * bytes, (times) =>
    submit(device, pipeline, [from, to], [256, rows], times),
  )
}

async function measureTransfer(device: GPUDevice): Promise<number> {
  const to = storage(device, SENT_BYTES)
  const bytes = new Uint8Array(SENT_BYTES)
  return rateOf(device, MOST_SENT, SENT_BYTES, (times) => {
    for (let i = 0; i < times; i++) device.queue.writeBuffer(to, 0, bytes)
  })
}

async function measure(): Promise<Measured> {
  const device = await openDevice()
  device.lost.then(() => process.exit(1))
  // Work that a device does not take is done in no time at all.
  return sound(device, async () => ({
    fp32: await measureArithmetic(device, 'f32'),
    fp16: await measureArithmetic(device, 'f16'),
    memory: await measureMemory(device, process.argv[3] === 'software'),
    transfer: await measureTransfer(device),
  }))
}

// Stays until it is killed, so that what it said is read before its end.
process.on('disconnect', () => process.exit())
process.send?.(await measure())
