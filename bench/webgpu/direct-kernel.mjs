// Runs one kernel on one adapter with WebGPU alone, in a process of its own, and nothing of Souk: as somebody writes it
// who has the card. Each message has a run made; its answer says how long it took, with the buffers' way there and back,
// and how long the device alone, and what came out. Argument: the adapter's name.
import { create, globals } from 'webgpu'

Object.assign(globalThis, globals)
const [name] = process.argv.slice(2)
// Kept for as long as the process lives, which crashes otherwise.
globalThis.gpu = create([`adapter=${name}`])
const adapter = await globalThis.gpu.requestAdapter()
const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits
const device = await adapter.requestDevice({ requiredLimits: { maxBufferSize, maxStorageBufferBindingSize } })
let pipeline

process.on('disconnect', () => process.exit())
process.on('message', async ({ code, inputs, outputBytes, workgroups }) => {
  pipeline ??= await device.createComputePipelineAsync({
    layout: 'auto',
    compute: { module: device.createShaderModule({ code }), entryPoint: 'main' },
  })
  const cpu = process.cpuUsage()
  const begun = performance.now()
  const { STORAGE, COPY_DST, COPY_SRC, MAP_READ } = GPUBufferUsage
  const sources = inputs.map((bytes) => {
    const buffer = device.createBuffer({ size: bytes.byteLength, usage: STORAGE | COPY_DST })
    device.queue.writeBuffer(buffer, 0, bytes)
    return buffer
  })
  const product = device.createBuffer({ size: outputBytes, usage: STORAGE | COPY_SRC })
  const back = device.createBuffer({ size: outputBytes, usage: COPY_DST | MAP_READ })
  const entries = [...sources, product].map((buffer, binding) => ({ binding, resource: { buffer } }))
  const group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries })
  submit(group, workgroups, (encoder) => encoder.copyBufferToBuffer(product, 0, back, 0, outputBytes))
  await back.mapAsync(GPUMapMode.READ)
  const output = new Uint8Array(back.getMappedRange().slice())
  const ms = performance.now() - begun
  const { user, system } = process.cpuUsage(cpu)
  const again = performance.now()
  submit(group, workgroups)
  await device.queue.onSubmittedWorkDone()
  const aloneMs = performance.now() - again
  for (const buffer of [...sources, product, back]) buffer.destroy()
  process.send({ ms, cpuMs: (user + system) / 1000, aloneMs, output })
})
process.send('ready')

function submit(group, workgroups, then = () => {}) {
  const encoder = device.createCommandEncoder()
  const pass = encoder.beginComputePass()
  pass.setPipeline(pipeline)
  pass.setBindGroup(0, group)
  pass.dispatchWorkgroups(...workgroups)
  pass.end()
  then(encoder)
  device.queue.submit([encoder.finish()])
}
