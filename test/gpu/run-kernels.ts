import type { Gpu, Kernel, KernelBinding } from '@souk/protocol'
import { type Executor, type Outcome, webgpuEngine } from '@souk/runtime'
import { kernelBench, SPIN, words } from '../../packages/runtime/src/testing/kernel-bench.ts'
import type { Check } from './report.ts'

const MIB = 1024 * 1024
/** Rows and columns of the product that is compared with one computed here. */
const SIZE = 256
/** Milliseconds that a shader without an end is given. */
const SPIN_MS = 2_000

/** Runs kernels on a device through the engine that providers run, good ones and hostile ones. */
export async function runKernels(gpu: Gpu): Promise<Check[]> {
  const engine = webgpuEngine()
  const sandbox = await engine.prove()
  const share = { runtime: 'webgpu/1' as const, memoryBytes: 512 * MIB, cores: 1, diskBytes: 0, gpus: [gpu] }
  const executor = await engine.start(share)
  try {
    return [
      { name: 'run in a sandbox', ok: true, saw: sandbox },
      await product(executor),
      await fails('say what does not compile', executor, words('this is no WGSL'), 'bad-program'),
      await fails('end a shader without an end', executor, SPIN, 'deadline'),
      await outOfBounds(executor),
      await product(executor, 'compute on after all of that'),
    ]
  } finally {
    await executor.stop()
  }
}

async function product(executor: Executor, name = 'multiply matrices of 256 × 256'): Promise<Check> {
  const a = Float32Array.from({ length: SIZE ** 2 }, (_, at) => ((at * 7) % 11) - 5)
  const b = Float32Array.from({ length: SIZE ** 2 }, (_, at) => ((at * 5) % 13) - 6)
  const outcome = await run(executor, matmul(), { a: bytesOf(a), b: bytesOf(b) })
  if (outcome.kind === 'failed') return { name, ok: false, saw: `${outcome.code}: ${outcome.message}` }
  const got = new Float32Array(Uint8Array.from(outcome.files[0]?.bytes ?? []).buffer)
  const wrong = got.findIndex((value, at) => value !== entry(a, b, at))
  const ok = got.length === SIZE ** 2 && wrong === -1
  return { name, ok, saw: ok ? `every entry, in ${outcome.runMs.toFixed(1)} ms` : `entry ${wrong} differs` }
}

/** Small integers: every order of addition gives the same number. */
function entry(a: Float32Array, b: Float32Array, at: number): number {
  const [row, column] = [Math.floor(at / SIZE), at % SIZE]
  let sum = 0
  for (let k = 0; k < SIZE; k++) sum += (a[row * SIZE + k] ?? 0) * (b[k * SIZE + column] ?? 0)
  return sum
}

async function fails(name: string, executor: Executor, kernel: Kernel, code: string): Promise<Check> {
  const outcome = await run(executor, kernel)
  const saw = outcome.kind === 'failed' ? outcome.code : 'an output'
  return { name, ok: saw === code, saw }
}

/** What lies beyond a buffer is not read: every value is one of the buffer's own. */
async function outOfBounds(executor: Executor): Promise<Check> {
  const outcome = await run(executor, words('out[i] = 7u; out[i] = out[i + 1000000u];'))
  const name = 'read nothing beyond a buffer'
  if (outcome.kind === 'failed') return { name, ok: false, saw: outcome.code }
  const values = new Uint32Array(Uint8Array.from(outcome.files[0]?.bytes ?? []).buffer)
  const foreign = values.find((value) => value !== 0 && value !== 7)
  return { name, ok: foreign === undefined, saw: `${foreign ?? 'zeros and its own numbers'}` }
}

function run(executor: Executor, kernel: Kernel, inputs: Record<string, Uint8Array> = {}): Promise<Outcome> {
  const { bench, task } = kernelBench(kernel)
  const deadlineMs = kernel === SPIN ? SPIN_MS : 60_000
  return executor.run(bench.execution(task(inputs), { deadlineMs }), new AbortController().signal)
}

function matmul(): Kernel {
  const code = `
    @group(0) @binding(0) var<storage, read> a: array<f32>;
    @group(0) @binding(1) var<storage, read> b: array<f32>;
    @group(0) @binding(2) var<storage, read_write> c: array<f32>;
    @compute @workgroup_size(16, 16) fn main(@builtin(global_invocation_id) id: vec3u) {
      var sum = 0.0;
      for (var k = 0u; k < ${SIZE}u; k++) { sum += a[id.y * ${SIZE}u + k] * b[k * ${SIZE}u + id.x]; }
      c[id.y * ${SIZE}u + id.x] = sum;
    }`
  const binding = (at: number, kind: KernelBinding['kind'], path: string): KernelBinding => ({
    ...{ binding: at, kind, type: 'f32', length: SIZE ** 2, path },
  })
  const bindings = [binding(0, 'input', 'a'), binding(1, 'input', 'b'), binding(2, 'output', 'c')]
  const workgroups: [number, number, number] = [SIZE / 16, SIZE / 16, 1]
  return { v: 1, code, features: [], bindings, passes: [{ entryPoint: 'main', workgroups }] }
}

function bytesOf(numbers: Float32Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength)
}
