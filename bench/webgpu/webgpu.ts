import type { Benchmark } from '../harness/benchmark.ts'
import { BOUND, openWebgpuSession } from './webgpu-session.ts'

/** Guest time of a product of matrices under Souk's executor against the same kernel on the same adapter without it. */
export const webgpu: Benchmark = {
  name: 'webgpu',
  unit: 'ms',
  compares: {
    ours: 'product of 1,024 × 1,024 matrices by a webgpu/1 task, guest time',
    peer: 'the same kernel on the same adapter, by WebGPU alone',
    limit: 'the same without the way of its buffers to the device and back',
  },
  target: { against: 'peer', bound: BOUND },
  open: openWebgpuSession,
}
