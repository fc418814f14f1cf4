// Looks at this machine's GPUs, runs kernels on them, has them prove themselves, measures them, and writes a report:
// `report.json` and `report.md` in the folder that is named. Ends with 0 where everything held.
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, release } from 'node:os'
import { join } from 'node:path'
import { type Gpu, gpuFamily, speedMarks } from '@souk/protocol'
import {
  type Adapter,
  chooseAdapter,
  findAdapters,
  type GpuDevice,
  measureGpu,
  memoryLimit,
  readGpus,
} from '@souk/runtime'
import { listGpus } from '../../packages/runtime/src/gpu/list-gpus.ts'
import { proveDevice } from './prove-device.ts'
import { type DeviceReport, type GpuReport, reportTables } from './report.ts'
import { runKernels } from './run-kernels.ts'

const [folder = '.'] = process.argv.slice(2)

const inventory = await listGpus(memoryLimit())
const { adapters, why } = await findAdapters()
const hardware = adapters.filter(({ isSoftware }) => !isSoftware)
const devices: DeviceReport[] = []
// Software is what is left to test on a machine without a GPU.
for (const adapter of hardware.length > 0 ? hardware : adapters.slice(0, 1)) {
  say(`${adapter.name}: kernels`)
  const gpu = gpuOf(adapter)
  const checks = await runKernels(gpu)
  say(`${adapter.name}: proof`)
  const proof = await proveDevice(adapter)
  say(`${adapter.name}: benchmarks`)
  const speed = await measureGpu(adapter, Date.now() / 1000)
  devices.push({ adapter, speed, marks: speedMarks(gpu.model, speed), proof, checks })
}

const report: GpuReport = {
  v: 1,
  date: new Date().toISOString().slice(0, 10),
  machine: {
    platform: `${process.platform} ${release()}`,
    cpu: cpus()[0]?.model ?? 'unknown',
    node: process.version,
  },
  inventory,
  health: await readGpus(inventory),
  why,
  devices,
  ok: devices.length > 0 && devices.every(holds),
}
mkdirSync(folder, { recursive: true })
writeFileSync(join(folder, 'report.json'), `${JSON.stringify(report, null, 2)}\n`)
writeFileSync(join(folder, 'report.md'), reportTables(report))
process.stdout.write(`${reportTables(report)}${report.ok ? 'Everything held.' : 'Not everything held.'}\n`)
process.exit(report.ok ? 0 : 1)

function holds({ checks, proof }: DeviceReport): boolean {
  return checks.every(({ ok }) => ok) && proof.right === proof.rows
}

/** Returns the listed device that an adapter is, or for one that no tool lists, what its driver says. */
function gpuOf(adapter: Adapter): Gpu {
  const listed = inventory.find((one) => isAdapter(one, adapter))
  if (listed !== undefined) return listed
  const family = adapter.isSoftware ? 'software' : gpuFamily.catch('software').parse(adapter.vendor)
  return { id: `${family}-0`, family, model: adapter.name, vramBytes: adapter.maxBufferBytes }
}

function isAdapter(device: GpuDevice, adapter: Adapter): boolean {
  try {
    return chooseAdapter(device, adapters) === adapter
  } catch {
    return false
  }
}

function say(what: string): void {
  process.stderr.write(`${what}\n`)
}
