import { type Kernel, type KernelBinding, kernelCodec, type Task } from '@souk/protocol'
import { TaskBench } from './task-bench.ts'

/** A kernel of one buffer of words, `out`, of which `body` writes the one of its thread, `i`. */
export function words(body: string, length = 64, declarations = ''): Kernel {
  const code = `${declarations}
    @group(0) @binding(0) var<storage, read_write> out: array<u32>;
    @compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) { let i = id.x; ${body} }`
  const binding: KernelBinding = { binding: 0, kind: 'output', type: 'u32', length, path: 'out' }
  const workgroups: [number, number, number] = [Math.max(1, Math.ceil(length / 64)), 1, 1]
  return { v: 1, code, features: [], bindings: [binding], passes: [{ entryPoint: 'main', workgroups }] }
}

/** A kernel that does not end, and does not look so to a compiler. */
export const SPIN: Kernel = words('while (out[i] < 4294967295u) { out[i] = out[i] ^ 1u; }')

/** A store of content, and tasks of one kernel. */
export function kernelBench(kernel: Kernel) {
  const limits = { pages: 1024, outputBytes: 2 ** 24 }
  const bench = new TaskBench({ engine: 'webgpu/1', program: kernelCodec.encode(kernel), limits })
  const task = (inputs: Readonly<Record<string, Uint8Array>> = {}, change: Partial<Task> = {}) => {
    const entries = Object.entries(inputs).sort(([a], [b]) => (a < b ? -1 : 1))
    const files = entries.map(([path, bytes]): [string, string, number] => [
      path,
      bench.put(bytes),
      bytes.byteLength,
    ])
    return bench.task([], { inputs: files, ...change })
  }
  return { bench, task }
}
