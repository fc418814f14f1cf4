import { openAdapter } from '../../webgpu/guest/dawn.ts'
import { sound } from '../../webgpu/guest/watched.ts'
import { DIGEST, GENERATE, hashConstants, MULTIPLY, TILE } from './kernels.ts'
import type { ProverAnswer, ProverRequest } from './messages.ts'

/** Rows of the product in one piece of work for the device: longer ones would stop its other users. */
const STRIP_ROWS = 512
const DIGEST_BYTES = 32

/** What does not depend on a seed: the device, its buffers, its compiled kernels. */
interface Workshop {
  readonly device: GPUDevice
  readonly size: number
  readonly rounds: number
  readonly generate: GPUComputePipeline
  readonly multiply: GPUComputePipeline
  readonly digest: GPUComputePipeline
  /** The product so far, the next factor, and what becomes of them. */
  readonly matrices: readonly [GPUBuffer, GPUBuffer, GPUBuffer]
  readonly digests: GPUBuffer
  readonly constants: GPUBuffer
}

/** A proof of GPU, on the device with the name that the process was started with. */
class Prover {
  #workshop: Workshop | undefined
  /** The buffer with the newest product. */
  #product: GPUBuffer | undefined

  async answer(request: ProverRequest): Promise<ProverAnswer> {
    switch (request.kind) {
      case 'prepare':
        this.#workshop = await openWorkshop(request.size, request.rounds)
        return { kind: 'ready' }
      case 'prove':
        return this.#soundly((workshop) => this.#prove(workshop, request.keys))
      case 'rows':
        return this.#soundly((workshop) => this.#rows(workshop, request.rows))
    }
  }

  /** Answers by nothing that the device did not do: a provider is judged by it. */
  #soundly(work: (workshop: Workshop) => Promise<ProverAnswer>): Promise<ProverAnswer> {
    const workshop = this.#workshop
    if (workshop === undefined) throw new Error('expected to be prepared before')
    return sound(workshop.device, () => work(workshop))
  }

  async #prove(workshop: Workshop, keys: Uint32Array): Promise<ProverAnswer> {
    const { device, size, rounds, matrices, digests } = workshop
    let [product, factor, next] = matrices
    generate(workshop, product, keys, 0)
    for (let round = 1; round <= rounds; round++) {
      generate(workshop, factor, keys, round)
      for (let row = 0; row < size; row += STRIP_ROWS) multiply(workshop, [product, factor, next], row)
      ;[product, next] = [next, product]
      // One round at a time: what waits in the driver's queue would keep its other users waiting.
      await device.queue.onSubmittedWorkDone()
    }
    dispatch(workshop, workshop.digest, [0, 0, 0], [product, digests, workshop.constants], [size / TILE, 1])
    this.#product = product
    return { kind: 'proven', digests: swapped(await read(device, digests, 0, DIGEST_BYTES * size)) }
  }

  async #rows({ device, size }: Workshop, rows: readonly number[]): Promise<ProverAnswer> {
    const product = this.#product
    if (product === undefined) throw new Error('expected a product before its rows')
    const values: Uint8Array[] = []
    for (const row of rows) values.push(swapped(await read(device, product, 4 * size * row, 4 * size)))
    return { kind: 'rows', values }
  }
}

async function openWorkshop(size: number, rounds: number): Promise<Workshop> {
  const [, , name = ''] = process.argv
  const adapter = await openAdapter(name)
  if (adapter === null) throw new Error(`expected an adapter called ${name}, there is none`)
  const device = await adapter.requestDevice()
  device.lost.then(() => process.exit(1))
  return sound(device, () => furnish(device, size, rounds))
}

async function furnish(device: GPUDevice, size: number, rounds: number): Promise<Workshop> {
  const compile = (code: string) =>
    device.createComputePipelineAsync({
      layout: 'auto',
      compute: { module: device.createShaderModule({ code }), entryPoint: 'main' },
    })
  const matrix = () => storage(device, 4 * size * size)
  const constants = storage(device, 256)
  device.queue.writeBuffer(constants, 0, hashConstants())
  const [generate, multiply, digest] = await Promise.all([GENERATE, MULTIPLY, DIGEST].map(compile))
  if (!generate || !multiply || !digest) throw new Error('expected three kernels')
  const matrices = [matrix(), matrix(), matrix()] as const
  const digests = storage(device, DIGEST_BYTES * size)
  return { device, size, rounds, generate, multiply, digest, matrices, digests, constants }
}

function storage(device: GPUDevice, size: number): GPUBuffer {
  const { STORAGE, COPY_SRC, COPY_DST } = GPUBufferUsage
  return device.createBuffer({ size, usage: STORAGE | COPY_SRC | COPY_DST })
}

function generate(workshop: Workshop, matrix: GPUBuffer, keys: Uint32Array, at: number): void {
  const { size } = workshop
  const [first = 0, second = 0] = keys.subarray(2 * at, 2 * at + 2)
  dispatch(workshop, workshop.generate, [0, first, second], [matrix], [size / TILE, size])
}

function multiply(workshop: Workshop, matrices: readonly GPUBuffer[], row: number): void {
  const { size } = workshop
  const rows = Math.min(STRIP_ROWS, size - row)
  dispatch(workshop, workshop.multiply, [row, 0, 0], matrices, [size / TILE, rows / TILE])
}

/** Runs a kernel over so many workgroups; `parameters` are what it is told besides the size. */
function dispatch(
  { device, size }: Workshop,
  pipeline: GPUComputePipeline,
  parameters: readonly number[],
  buffers: readonly GPUBuffer[],
  [x, y]: readonly [x: number, y: number],
): void {
  const uniform = device.createBuffer({ size: 16, usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST })
  device.queue.writeBuffer(uniform, 0, Uint32Array.of(size, ...parameters))
  const entries = [uniform, ...buffers].map((buffer, binding) => ({ binding, resource: { buffer } }))
  const encoder = device.createCommandEncoder()
  const pass = encoder.beginComputePass()
  pass.setPipeline(pipeline)
  pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }))
  pass.dispatchWorkgroups(x, y)
  pass.end()
  device.queue.submit([encoder.finish()])
}

async function read(device: GPUDevice, from: GPUBuffer, offset: number, size: number): Promise<Uint8Array> {
  const to = device.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST })
  const encoder = device.createCommandEncoder()
  encoder.copyBufferToBuffer(from, offset, to, 0, size)
  device.queue.submit([encoder.finish()])
  await to.mapAsync(GPUMapMode.READ)
  const bytes = new Uint8Array(to.getMappedRange().slice(0))
  to.destroy()
  return bytes
}

/** Puts the high byte of each word first: devices, like the machines they stand in, have the low one there. */
function swapped(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer)
  for (let at = 0; at < bytes.byteLength; at += 4) view.setUint32(at, view.getUint32(at, true))
  return bytes
}

const prover = new Prover()

function tell(answer: ProverAnswer): void {
  process.send?.(answer)
}

let last: Promise<void> = Promise.resolve()
process.on('disconnect', () => process.exit())
process.on('message', (request: ProverRequest) => {
  last = last
    .then(() => prover.answer(request))
    .catch((error: unknown): ProverAnswer => ({ kind: 'failed', message: String(error) }))
    .then(tell)
})
