import { setTimeout } from 'node:timers/promises'
import { webgpuEngine } from '../webgpu/engine.ts'
import { descendants } from './descendants.ts'
import { kernelBench, SPIN } from './kernel-bench.ts'
import { softwareGpu } from './software-gpu.ts'

/** Owns an executor whose kernel spins, prints the ids of all processes below this one, and stays: to be killed. */
const share = { memoryBytes: 64 * 1024 * 1024, cores: 1, diskBytes: 0, gpus: [softwareGpu()] } as const
const executor = await webgpuEngine().start({ ...share, runtime: 'webgpu/1' })
const { bench, task } = kernelBench(SPIN)
// The kernel's endless loop is entered some milliseconds after its start is told.
const hear = () =>
  void setTimeout(100).then(() => process.stdout.write(`${descendants(process.pid).join(' ')}\n`))
await executor.run(bench.execution(task(), { hear }), new AbortController().signal)
