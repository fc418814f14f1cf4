import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Kernel, kernelCodec, type Task, toBlocks } from '@souk/protocol'
import { type Executor, webgpuEngine } from '@souk/runtime'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { missingSoftwareGpu, softwareGpu } from '../../../runtime/src/testing/software-gpu.ts'
import { layout } from '../home.ts'
import { prepareProgram } from './prepare-program.ts'
import { readKernel } from './read-kernel.ts'

const MIB = 1024 * 1024
const missing = await missingSoftwareGpu()
const example = (name: string) => fileURLToPath(new URL(`../../examples/${name}`, import.meta.url))

describe('readKernel', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'souk-kernel-'))
    await writeFile(join(folder, 'k.wgsl'), 'fn main() {}')
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const read = async (spec: string) => {
    await writeFile(join(folder, 'k.wgsl.json'), spec)
    return (await readKernel(join(folder, 'k.wgsl'), {})).kernel
  }
  const OUT = { kind: 'output', type: 'f32', length: 4, path: 'o' }

  it('numbers bindings in order, and takes workgroups for the only pass of main', async () => {
    const bindings = [OUT, { kind: 'scratch', type: 'u32', length: 1 }, { ...OUT, binding: 9, path: 'p' }]
    const kernel = await read(JSON.stringify({ workgroups: [1, 2, 3], bindings }))
    expect(kernel.bindings.map(({ binding, path }) => [binding, path])).toEqual([
      ...[
        [0, 'o'],
        [1, null],
        [9, 'p'],
      ],
    ])
    expect(kernel.passes).toEqual([{ entryPoint: 'main', workgroups: [1, 2, 3] }])
    expect(kernel.code).toBe('fn main() {}')
  })

  it.each([
    ['', 'no JSON'],
    ['[]', 'no object'],
    [JSON.stringify({ bindings: [OUT] }), 'no workgroups'],
    [JSON.stringify({ workgroups: [1, 1, 1], bindings: [] }), 'no output'],
    [
      JSON.stringify({ workgroups: [1, 1, 1], bindings: [{ ...OUT, size: 3 }] }),
      'a word that it does not know',
    ],
    [JSON.stringify({ workgroups: [1, 1, 1], bindings: [OUT], code: 1 }), 'code that is none'],
  ])('refuses %j: %s', async (spec) => {
    await expect(read(spec)).rejects.toMatchObject({ data: { code: 'BAD_KERNEL_SPEC' } })
  })

  it('names the file that is missing, and takes another spec', async () => {
    const program = join(folder, 'k.wgsl')
    const gone = join(folder, 'gone.json')
    await expect(readKernel(program, { spec: gone })).rejects.toMatchObject({
      data: { code: 'FILE_MISSING', file: gone },
    })
    const other = join(folder, 'other.json')
    await writeFile(other, JSON.stringify({ workgroups: [7, 1, 1], bindings: [OUT] }))
    const { kernel } = await readKernel(program, { spec: other })
    expect(kernel.passes[0]?.workgroups).toEqual([7, 1, 1])
  })
})

describe.skipIf(missing !== null)(
  `examples in WGSL${missing === null ? '' : `: skipped, ${missing}`}`,
  () => {
    let executor: Executor
    beforeAll(async () => {
      const share = { memoryBytes: 128 * MIB, cores: 1, diskBytes: 0, gpus: [softwareGpu()] } as const
      executor = await webgpuEngine().start({ ...share, runtime: 'webgpu/1' })
    })
    afterAll(() => executor?.stop())

    const prepare = async (name: string): Promise<Kernel> => {
      const options = { with: [], cflag: [], entrypoint: [], json: true }
      const { program } = await prepareProgram(example(name), [], options, layout('/nowhere/local'))
      if (typeof program === 'string' || !('kernel' in program)) throw new Error('expected a kernel')
      return program.kernel
    }

    it('multiplies matrices', async () => {
      const kernel = await prepare('matmul.wgsl')
      // As it is it takes seconds on processors: here with a side of two blocks.
      const bindings = kernel.bindings.map((each) => ({ ...each, length: 128 * 128 }))
      const small: Kernel = { ...kernel, bindings, passes: [{ entryPoint: 'main', workgroups: [2, 2, 1] }] }
      const a = Float32Array.from({ length: 128 * 128 }, (_, i) => ((i * 7) % 11) - 5)
      const b = Float32Array.from({ length: 128 * 128 }, (_, i) => ((i * 5) % 13) - 6)
      const files = await run(executor, small, ['SIDE=128'], { 'a.f32': a, 'b.f32': b })
      const product = new Float32Array(files['product.f32'] ?? new ArrayBuffer())
      const at = (row: number, column: number) =>
        a
          .subarray(row * 128, row * 128 + 128)
          .reduce((sum, x, k) => sum + x * (b[k * 128 + column] ?? Number.NaN), 0)
      // Small whole numbers: their sums are exact in any order.
      for (let i = 0; i < 128 * 128; i += 1) expect(product[i]).toBe(at(Math.floor(i / 128), i % 128))
    })

    it('counts the steps of points of the plane', async () => {
      const files = await run(executor, await prepare('mandelbrot.wgsl'), ['STEPS=50'], {})
      const steps = new Uint32Array(files['steps.u32'] ?? new ArrayBuffer())
      // The first point is far outside, that of the origin never leaves.
      expect([steps[0], steps[256 * 512 + 341]]).toEqual([1, 50])
    })

    it('adds up in two passes', async () => {
      const numbers = Float32Array.from({ length: MIB }, (_, i) => (i % 5) - 1.5)
      const files = await run(executor, await prepare('sum.wgsl'), [], { 'numbers.f32': numbers })
      const [total] = new Float32Array(files['total.f32'] ?? new ArrayBuffer())
      expect(total).toBe(numbers.reduce((sum, each) => sum + each, 0))
    })
  },
)

/** Runs a kernel as a provider does, and returns its output files by path. */
async function run(
  executor: Executor,
  kernel: Kernel,
  args: readonly string[],
  given: Readonly<Record<string, Float32Array>>,
): Promise<Record<string, ArrayBuffer>> {
  const content = new Map<string, Uint8Array>()
  const keep = (bytes: Uint8Array) => {
    const { cid } = toBlocks(bytes).content
    content.set(cid, bytes)
    return cid
  }
  const inputs = Object.entries(given).map(([path, { buffer }]): [string, string, number] => {
    return [path, keep(new Uint8Array(buffer)), buffer.byteLength]
  })
  const task: Task = {
    ...{ v: 1, engine: 'webgpu/1', program: keep(kernelCodec.encode(kernel)), args: [...args], env: [] },
    ...{ stdin: null, inputs, checkpoint: null, seed: 0n, clockNs: 0n },
    limits: { fuel: 0n, pages: 1024, depth: 0, outputBytes: 8 * MIB, files: 4 },
  }
  const read = async (cid: string) => content.get(cid) ?? Promise.reject(new Error(`nobody has ${cid}`))
  const execution = { id: 'attempt', n: 1, task, deadlineMs: 100_000, content: read }
  const outcome = await executor.run(execution, new AbortController().signal)
  if (outcome.kind !== 'output') throw new Error(`expected an output, got ${outcome.message}`)
  return Object.fromEntries(outcome.files.map(({ path, bytes }) => [path, Uint8Array.from(bytes).buffer]))
}
