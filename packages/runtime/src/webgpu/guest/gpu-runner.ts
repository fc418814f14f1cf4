import { getPriority, setPriority } from 'node:os'
import { isAlone, probe, refusedCapabilities } from '../../guest/probe.ts'
import { adapterNames } from './dawn.ts'
import { Devices } from './device.ts'
import { KernelFault } from './kernel-fault.ts'
import type { GpuMessage, GpuRequest, KernelRequest, KernelResult } from './messages.ts'
import { Pipelines } from './pipelines.ts'
import { runKernel } from './run-kernel.ts'

/**
 * The process with a GPU: one task at a time, on one device that it keeps open. It holds compiled kernels and nothing
 * else between tasks, and ends when its parent's channel closes or its device is lost.
 */

const [name = '', nice] = process.argv.slice(2)
setPriority(Math.max(getPriority(), Number(nice ?? 0)))

process.on('disconnect', () => process.exit())
const devices = await Devices.open(name)
const pipelines = new Pipelines()

process.on('message', (request: GpuRequest) => {
  if (request.kind === 'probe') {
    void probe(request).then((reached) => tell({ kind: 'probed', reached }))
  } else void serve(request)
})
void devices?.lost.then((message) => tell({ kind: 'lost', message }, () => process.exit()))
tell({
  kind: 'ready',
  adapter: devices?.adapter ?? null,
  alike: (await adapterNames()).filter((each) => each.includes(name)).length,
  refused: refusedCapabilities(),
  alone: isAlone(),
})

function tell(message: GpuMessage, sent: () => void = () => {}): void {
  process.send?.(message, undefined, undefined, sent)
}

/** Runs one task; its answer is written before its buffers are gone. */
async function serve(request: KernelRequest): Promise<void> {
  const end = (result: KernelResult) => tell({ kind: 'ended', result })
  try {
    await run(request, end)
  } catch (error) {
    if (error instanceof KernelFault) end({ kind: 'failed', code: error.code, message: error.message })
    else end({ kind: 'failed', code: 'internal', message: String(error) })
  }
  globalThis.gc?.()
}

async function run(request: KernelRequest, end: (result: KernelResult) => void): Promise<void> {
  const cpu = process.cpuUsage()
  const device = await devices?.with(request.kernel.features)
  if (device === undefined) throw new KernelFault('device-lost', `expected an adapter ${name}, there is none`)
  const compiled = await pipelines.get(device, request)
  const begun = performance.now()
  await runKernel(compiled, request.kernel, request.inputs, (files) => {
    const { user, system } = process.cpuUsage(cpu)
    end({ kind: 'output', files, cpuMs: (user + system) / 1000, runMs: performance.now() - begun })
  })
}
