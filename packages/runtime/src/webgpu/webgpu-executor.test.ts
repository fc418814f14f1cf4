import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Kernel, KernelBinding, Task } from '@souk/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Executor, Outcome } from '../executor.ts'
import { abandonOwner } from '../testing/abandon-executor.ts'
import { descendants } from '../testing/descendants.ts'
import { underway } from '../testing/executor-compliance.ts'
import { kernelBench, SPIN, words } from '../testing/kernel-bench.ts'
import { missingSoftwareGpu, softwareGpu } from '../testing/software-gpu.ts'
import { expectOutput, failureCode } from '../testing/task-bench.ts'
import { webgpuEngine } from './engine.ts'

const MIB = 1024 * 1024
/** Milliseconds between two looks at what is about to end. */
const LOOK_MS = 20
/** Milliseconds for drivers to be listed and tried on a busy machine. */
const START_MS = 60_000
/** What no kernel finds that was not given it. */
const SECRET = 0x5ec4e7ed

/** A kernel whose code reads as uniform what its bindings say is written. */
const OTHERWISE: Kernel = {
  ...words(''),
  code: `@group(0) @binding(0) var<uniform> given: vec4u;
    @group(0) @binding(1) var<storage, read_write> sink: array<u32>;
    @compute @workgroup_size(1) fn main() { sink[0] = given.x; }`,
  bindings: [0, 1].map((binding) => ({
    binding,
    kind: 'output',
    type: 'u32',
    length: 4,
    path: `${binding}`,
  })),
}

const missing = await missingSoftwareGpu()
const engine = webgpuEngine()
const executorOf = (gpus = [softwareGpu()], memoryBytes = 256 * MIB) =>
  engine.start({ runtime: 'webgpu/1', memoryBytes, cores: 1, diskBytes: 0, gpus })

describe.skipIf(missing !== null)(`webgpu/1${missing === null ? '' : `: skipped, ${missing}`}`, () => {
  let executor: Executor
  beforeAll(async () => {
    executor = await executorOf()
  }, START_MS)
  afterAll(() => executor?.stop())

  const run = (kernel: Kernel, inputs: Record<string, Uint8Array> = {}, change: Partial<Task> = {}) => {
    const { bench, task } = kernelBench(kernel)
    return executor.run(bench.execution(task(inputs, change)), new AbortController().signal)
  }
  const start = (kernel: Kernel, more: { deadlineMs?: number } = {}, on = executor) => {
    const { bench, task } = kernelBench(kernel)
    return underway(on, bench, task(), more)
  }
  const works = async (on = executor) => {
    const { bench, task } = kernelBench(words('out[i] = i;'))
    const outcome = await on.run(bench.execution(task()), new AbortController().signal)
    expect(wordsOf(outcome, 'out').slice(0, 3)).toEqual([0, 1, 2])
  }

  test('proves a sandbox, and says why it does not run where there is no driver', async () => {
    expect(await engine.prove()).toMatch(/process|namespaces/)
    const driver = process.env.VK_ICD_FILENAMES
    process.env.VK_ICD_FILENAMES = '/nowhere.json'
    try {
      await expect(webgpuEngine().prove()).rejects.toMatchObject({
        code: 'NOT_STARTED',
        message: expect.stringMatching(/install .*Vulkan driver/),
      })
    } finally {
      process.env.VK_ICD_FILENAMES = driver
    }
  })

  test('every kind of buffer comes from its file and goes to it, in passes one after the other', async () => {
    const code = `
      struct Given { factor: f32, offset: u32 }
      @group(0) @binding(0) var<storage, read> source: array<f32>;
      @group(0) @binding(1) var<uniform> given: Given;
      @group(0) @binding(2) var<storage, read_write> middle: array<f32>;
      @group(0) @binding(7) var<storage, read_write> counts: array<i32>;
      @group(0) @binding(3) var<storage, read_write> target: array<f32>;
      @compute @workgroup_size(4) fn scale(@builtin(global_invocation_id) id: vec3u) {
        middle[id.x] = source[id.x] * given.factor;
      }
      @compute @workgroup_size(4) fn add(@builtin(global_invocation_id) id: vec3u) {
        target[id.x] = middle[3 - id.x] + f32(given.offset);
        counts[id.x] = counts[id.x] - 1;
      }`.replaceAll('target', 'sink')
    const bindings: KernelBinding[] = [
      { binding: 0, kind: 'input', type: 'f32', length: 4, path: 'in/source' },
      { binding: 1, kind: 'uniform', type: 'u32', length: 2, path: 'in/given' },
      { binding: 2, kind: 'scratch', type: 'f32', length: 4, path: null },
      { binding: 7, kind: 'inout', type: 'i32', length: 4, path: 'z-counts' },
      { binding: 3, kind: 'output', type: 'f32', length: 4, path: 'out/sums' },
    ]
    const passes = ['scale', 'add'].map((entryPoint) => ({
      entryPoint,
      workgroups: [1, 1, 1] as [number, number, number],
    }))
    const given = new Uint8Array(8)
    new DataView(given.buffer).setFloat32(0, 0.5, true)
    new DataView(given.buffer).setUint32(4, 10, true)
    const outcome = await run(
      { v: 1, code, features: [], bindings, passes },
      {
        'in/source': bytesOf(new Float32Array([2, 4, 6, 8])),
        'in/given': given,
        'z-counts': bytesOf(new Int32Array([5, 0, -5, 1])),
      },
    )
    const { status, files, stdout, fuel } = expectOutput(outcome)
    expect([status, stdout.byteLength, fuel]).toEqual([{ kind: 'exit', code: 0 }, 0, 0n])
    expect(files.map(({ path }) => path)).toEqual(['out/sums', 'z-counts'])
    expect([...new Float32Array(buffer(outcome, 'out/sums'))]).toEqual([14, 13, 12, 11])
    expect([...new Int32Array(buffer(outcome, 'z-counts'))]).toEqual([4, -1, -6, 0])
  })

  test('a file of an odd number of halves has no padding', async () => {
    const code = `
      @group(0) @binding(0) var<storage, read_write> halves: array<u32>;
      @compute @workgroup_size(1) fn main() { halves[0] = halves[0] + 1u; halves[1] = 0x00077000u | halves[1]; }`
    const bindings: KernelBinding[] = [{ binding: 0, kind: 'inout', type: 'f16', length: 3, path: 'halves' }]
    const passes: Kernel['passes'] = [{ entryPoint: 'main', workgroups: [1, 1, 1] }]
    const halves = Uint8Array.from([1, 0, 2, 0, 3, 0])
    const outcome = await run({ v: 1, code, features: [], bindings, passes }, { halves })
    expect([...new Uint8Array(buffer(outcome, 'halves'))]).toEqual([2, 0, 2, 0, 3, 0x70])
  })

  test('arguments are the values of override constants', async () => {
    const kernel = words(
      'out[i] = select(N, 1u, FAST);',
      64,
      'override N: u32 = 5u; override FAST: bool = false;',
    )
    expect(wordsOf(await run(kernel), 'out')[0]).toBe(5)
    expect(wordsOf(await run(kernel, {}, { args: ['N=0x10'] }), 'out')[0]).toBe(16)
    expect(wordsOf(await run(kernel, {}, { args: ['N=9', 'FAST=true'] }), 'out')[0]).toBe(1)
    expect(failureCode(await run(kernel, {}, { args: ['M=1'] }))).toBe('bad-program')
    expect(failureCode(await run(kernel, {}, { args: ['fast'] }))).toBe('bad-program')
  })

  test('more kernels than are kept compiled all give their own output', async () => {
    for (const round of [0, 1]) {
      for (let n = 0; n < 10; n++) expect(wordsOf(await run(words(`out[i] = ${n}u;`)), 'out')[round]).toBe(n)
    }
  })

  test('a shader that does not compile is told with line and column', async () => {
    const outcome = await run({
      ...words(''),
      code: '\n@compute @workgroup_size(1) fn main() { missing(); }',
    })
    expect(outcome).toMatchObject({ code: 'bad-program', message: expect.stringMatching(/2:41: .*missing/) })
    await works()
  })

  test.each<[string, Kernel]>([
    [
      'an entry point that is not there',
      { ...words(''), passes: [{ entryPoint: 'other', workgroups: [1, 1, 1] }] },
    ],
    ['a buffer that is declared otherwise', OTHERWISE],
    [
      'a buffer that is not declared',
      {
        ...words('out[i] = 1u;'),
        bindings: [{ binding: 4, kind: 'output', type: 'u32', length: 1, path: 'a' }],
      },
    ],
    [
      'a buffer that is too small for its struct',
      {
        ...words(''),
        code: words('out.b = 1u;', 1, 'struct Pair { a: u32, b: u32 }').code.replace('array<u32>', 'Pair'),
        bindings: [{ binding: 0, kind: 'output', type: 'u32', length: 1, path: 'a' }],
      },
    ],
    ['more threads than every device has', { ...words(''), code: words('').code.replace('(64)', '(257)') }],
    [
      'more workgroup memory than every device has',
      words('big[i] = 1u; out[i] = big[i + 1];', 64, 'var<workgroup> big: array<u32, 5000>;'),
    ],
    ['a feature that it does not name', words('out[i] = u32(1h);', 64, 'enable f16;')],
  ])('%s is a bad program', async (_, kernel) => {
    expect(failureCode(await run(kernel))).toBe('bad-program')
    await works()
  })

  test('what is no kernel is a bad program, what is not there is missing', async () => {
    const { bench } = kernelBench(SPIN)
    const text = bench.put(new TextEncoder().encode('fn main() {}'))
    expect(failureCode(await bench.run(executor, [], { program: text }))).toBe('bad-program')
    const gone = kernelBench(words('')).task()
    expect(failureCode(await bench.run(executor, [], { program: gone.program }))).toBe('missing-input')
  })

  test('a feature or a buffer beyond the device is refused', async () => {
    const huge: KernelBinding = { binding: 1, kind: 'scratch', type: 'u32', length: 2 ** 28 + 1, path: null }
    const kernel = words('out[i] = 1u;')
    const roomy = await executorOf([softwareGpu()], 2 ** 32)
    try {
      const { bench, task } = kernelBench({ ...kernel, bindings: [...kernel.bindings, huge] })
      const limits = bench.limited({ pages: 65_536 })
      const outcome = await roomy.run(bench.execution(task({}, limits)), new AbortController().signal)
      expect(outcome).toMatchObject({
        code: 'refused',
        message: expect.stringMatching(/buffers of at most 1073741824 bytes/),
      })
    } finally {
      await roomy.stop()
    }
    const half = await run({ ...kernel, features: ['shader-f16'] })
    expect(half).toMatchObject({ code: 'refused', message: expect.stringMatching(/shader-f16/) })
  })

  test('buffers are bounded by the memory of the task, and that by the lease', async () => {
    const kernel = words('out[i] = i;', 2 * 16_384)
    const { bench, task } = kernelBench(kernel)
    const limited = (pages: number) => bench.run(executor, [], { ...task(), ...bench.limited({ pages }) })
    expect(failureCode(await limited(1))).toBe('bad-program')
    expect(expectOutput(await limited(2)).status).toEqual({ kind: 'exit', code: 0 })
    expect(failureCode(await limited(65_536))).toBe('refused')
  })

  test('outputs beyond the limits are not computed', async () => {
    const kernel = words('out[i] = i;', 1024)
    const { bench, task } = kernelBench(kernel)
    for (const change of [{ outputBytes: 4095 }, { files: 0 }]) {
      const outcome = expectOutput(await bench.run(executor, [], { ...task(), ...bench.limited(change) }))
      expect([outcome.status, outcome.files]).toEqual([{ kind: 'output-limit' }, []])
    }
    const fits = await bench.run(executor, [], {
      ...task(),
      ...bench.limited({ outputBytes: 4096, files: 1 }),
    })
    expect(expectOutput(fits).files).toHaveLength(1)
  })

  test('reading beyond a buffer finds nothing of others, nor does fresh memory', async () => {
    const length = 65_536
    const secret = new Uint32Array(length).fill(SECRET)
    const keeper = words('out[i] = out[i] ^ 1u;', length)
    const [out] = keeper.bindings
    if (out === undefined) throw new Error('expected a binding')
    const holding: Kernel = { ...keeper, bindings: [{ ...out, kind: 'inout' }] }
    const around: Kernel = {
      ...words(
        'let at = i * STEP; out[i] = select(0u, 1u, mine[at] == SECRET || out[64u + at] == SECRET || mine[0u - at - 1u] == SECRET);',
        64,
        `const SECRET = ${SECRET}u; override STEP: u32 = 1u; @group(0) @binding(1) var<storage, read> mine: array<u32>; @group(0) @binding(2) var<storage, read> theirs: array<u32>;`,
      ),
      bindings: [
        { ...out, length: 64 },
        { binding: 1, kind: 'input', type: 'u32', length: 64, path: 'mine' },
        { binding: 2, kind: 'input', type: 'u32', length, path: 'theirs' },
      ],
    }
    for (const step of [1, 7, 64, 1021, 16_384, 67_108_864]) {
      await run(holding, { out: bytesOf(secret) })
      const given = { mine: new Uint8Array(256), theirs: bytesOf(secret) }
      expect(wordsOf(await run(around, given, { args: [`STEP=${step}`] }), 'out')).toEqual(Array(64).fill(0))
    }
    await run(holding, { out: bytesOf(secret) })
    const fresh = words(
      'out[i] = scratch[i];',
      length,
      '@group(0) @binding(1) var<storage, read_write> scratch: array<u32>;',
    )
    const scratch: KernelBinding = { binding: 1, kind: 'scratch', type: 'u32', length, path: null }
    const found = wordsOf(await run({ ...fresh, bindings: [...fresh.bindings, scratch] }), 'out')
    expect(found.every((word) => word === 0)).toBe(true)
    const unwritten = wordsOf(await run(words('', length)), 'out')
    expect(unwritten.every((word) => word === 0)).toBe(true)
  })

  test('an endless shader is stopped at its deadline, and the next task runs', async () => {
    const spinning = start(SPIN, { deadlineMs: 300 })
    const outcome = await spinning.outcome
    expect(failureCode(outcome)).toBe('deadline')
    expect(outcome).toMatchObject({ cpuMs: process.platform === 'linux' ? expect.any(Number) : null })
    await works()
  })

  test('a running and a waiting task are cancelled at once', async () => {
    const all = Array.from({ length: 4 }, () => start(SPIN))
    await Promise.race(all.map((each) => each.heard(({ kind }) => kind === 'started')))
    for (const each of all) each.abort()
    const codes = (await Promise.all(all.map((each) => each.outcome))).map(failureCode)
    expect(new Set(codes)).toEqual(new Set(['cancelled']))
    await works()
  })

  test('tasks that wait behind a stopped one all end, each with its own output', async () => {
    const spinning = start(SPIN, { deadlineMs: 300 })
    const behind = Array.from({ length: 12 }, (_, n) => run(words(`out[i] = ${n}u;`)))
    const results = (await Promise.all(behind)).map((outcome) => wordsOf(outcome, 'out')[5])
    expect(results).toEqual(results.map((_, n) => n))
    expect(failureCode(await spinning.outcome)).toBe('deadline')
  })

  test('a start is heard once, before the outcome, and times are metered', async () => {
    const working = start(words('for (var n = 0u; n < 100000u; n++) { out[i] += n; }'))
    const { cpuMs, runMs } = expectOutput(await working.outcome)
    expect(working.news).toEqual([{ kind: 'started' }])
    expect(Math.min(cpuMs, runMs)).toBeGreaterThan(0)
  })

  test('of two GPUs, one is unharmed while the other is hung or killed', async () => {
    const two = await executorOf([softwareGpu(0), softwareGpu(1)])
    try {
      const spinning = start(SPIN, {}, two)
      await spinning.heard(({ kind }) => kind === 'started')
      await works(two)
      spinning.abort()
      await spinning.outcome
      await Promise.all([works(two), works(two), works(two)])
    } finally {
      await two.stop()
    }
  })

  test.skipIf(process.platform !== 'linux')('a process that outgrows its memory is ended', async () => {
    // Less than a driver takes: as if its compiler ran away.
    const strict = webgpuEngine({ processBytes: MIB })
    const own = await strict.start({
      runtime: 'webgpu/1',
      memoryBytes: MIB,
      cores: 1,
      diskBytes: 0,
      gpus: [softwareGpu()],
    })
    try {
      const { bench, task } = kernelBench(SPIN)
      const small = task({}, bench.limited({ pages: 16 }))
      const outcome = await own.run(bench.execution(small), new AbortController().signal)
      expect(outcome).toMatchObject({
        code: 'out-of-memory',
        message: expect.stringMatching(/bytes of memory/),
      })
    } finally {
      await own.stop()
    }
  })

  test.skipIf(process.platform !== 'linux')('a process that is killed fails its task alone', async () => {
    const before = new Set(runners())
    const own = await executorOf()
    try {
      const spinning = start(SPIN, { deadlineMs: 600_000 }, own)
      await spinning.heard(({ kind }) => kind === 'started')
      for (const pid of runners().filter((each) => !before.has(each))) process.kill(pid, 'SIGKILL')
      expect(failureCode(await spinning.outcome)).toBe('killed')
      await works(own)
      await works()
    } finally {
      await own.stop()
    }
  })

  test('a device that does not come back is lost, until it is there again', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'souk-driver-'))
    const before = process.env.VK_ICD_FILENAMES ?? ''
    const driver = join(folder, 'driver.json')
    writeFileSync(driver, readFileSync(before, 'utf8').replace('./', `${join(before, '..')}/`))
    process.env.VK_ICD_FILENAMES = driver
    const own = await executorOf()
    try {
      await works(own)
      const text = readFileSync(driver)
      rmSync(driver)
      expect(failureCode(await start(SPIN, { deadlineMs: 100 }, own).outcome)).toBe('deadline')
      const lost = await start(words(''), {}, own).outcome
      expect(lost).toMatchObject({
        code: 'device-lost',
        message: expect.stringMatching(/expected the GPU adapter/),
      })
      await works()
      writeFileSync(driver, text)
      await works(own)
    } finally {
      process.env.VK_ICD_FILENAMES = before
      await own.stop()
      rmSync(folder, { recursive: true })
    }
  })

  test('a lease without a GPU refuses kernels, and one with a hardware GPU gets no software adapter', async () => {
    const none = await executorOf([])
    const { bench } = kernelBench(SPIN)
    expect(await bench.run(none, [])).toMatchObject({
      code: 'refused',
      message: expect.stringMatching(/a GPU/),
    })
    await none.stop()
    const h100 = { id: 'GPU-1', family: 'nvidia', model: 'H100', vramBytes: 2 ** 36 } as const
    await expect(executorOf([h100])).rejects.toMatchObject({ data: { code: 'NOT_OFFERED', id: 'GPU-1' } })
  })

  test('another engine, and secrets, are refused', async () => {
    const { bench, task } = kernelBench(SPIN)
    expect(failureCode(await bench.run(executor, [], { engine: 'wasm/1' }))).toBe('refused')
    const secrets = new Map([['token', new Uint8Array(3)]])
    const outcome = await executor.run(bench.execution(task(), { secrets }), new AbortController().signal)
    expect(failureCode(outcome)).toBe('refused')
  })

  test('stopping cancels what runs and waits, and what comes later', async () => {
    const other = await executorOf()
    const spinning = [start(SPIN, {}, other), start(SPIN, {}, other)]
    await other.stop()
    const codes = [...spinning, start(SPIN, {}, other)].map(async ({ outcome }) => failureCode(await outcome))
    expect(new Set(await Promise.all(codes))).toEqual(new Set(['cancelled']))
  })

  test.skipIf(process.platform !== 'linux')('nothing outlives an owner that was killed', async () => {
    const abandoned = await abandonOwner('gpu-owner.fixture.ts', [])
    expect(await abandoned.isGone()).toBe(false)
    await abandoned.kill()
    while (!(await abandoned.isGone())) await setTimeout(LOOK_MS)
  })
})

function bytesOf(array: Float32Array | Int32Array | Uint32Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
}

/** Returns a copy of an output file's bytes. */
function buffer(outcome: Outcome, path: string): ArrayBuffer {
  const file = expectOutput(outcome).files.find((each) => each.path === path)
  return new Uint8Array(file?.bytes ?? []).slice().buffer
}

function wordsOf(outcome: Outcome, path: string): number[] {
  return [...new Uint32Array(buffer(outcome, path))]
}

/** Returns the processes with a GPU below this one; a wrapper goes with what it wraps. */
function runners(): number[] {
  const isRunner = (pid: number) => {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
    return command.includes('gpu-runner.ts') && !command.includes('unshare')
  }
  return descendants(process.pid).filter(isRunner)
}
