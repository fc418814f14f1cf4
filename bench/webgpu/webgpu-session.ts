import { readFile } from 'node:fs/promises'
import { type Gpu, type Kernel, kernel, kernelCodec, type Task, toBlocks } from '@souk/protocol'
import { type Adapter, type Executor, findAdapters, webgpuEngine } from '@souk/runtime'
import { type Condition, MissingPeer, type Session, type Setup } from '../harness/benchmark.ts'
import { median } from '../harness/statistics.ts'
import { DirectKernel } from './direct-kernel.ts'

const EXAMPLE = new URL('../../packages/cli/examples/matmul.wgsl', import.meta.url)
const SIDE = 1024
/** Most that ours may take of the peer's time. */
export const BOUND = 1.1
const PAGES = 1024
/** Milliseconds after which one run is given up: a busy processor takes a minute for what a GPU does in one. */
const DEADLINE_MS = 600_000
/** Measurements of each side in one round: a processor takes seconds for each. */
const RUNS = { software: 1, hardware: 20 } as const

/** Starts both sides on the first adapter, one that is hardware where there is one. Throws {@link MissingPeer}. */
export async function openWebgpuSession({ signal, step }: Setup): Promise<Session> {
  const adapter = await chooseAdapter()
  step(`on ${adapter.name}, ${adapter.driver}`)
  const work = await readWork()
  // The peer runs at this process's priority, so the kernel must too.
  const share = { memoryBytes: PAGES * 65_536, cores: 1, diskBytes: 0, gpus: [gpuOf(adapter)] }
  const executor = await webgpuEngine({ nice: 0 }).start({ ...share, runtime: 'webgpu/1' })
  const direct = await DirectKernel.start(adapter.name)
  const runs = RUNS[adapter.isSoftware ? 'software' : 'hardware']
  const cpu = { ours: [] as number[], peer: [] as number[] }
  const measure = async () => {
    const ours = await runUnderSouk(executor, work, signal)
    const peer = await direct.run(work, signal)
    if (!Buffer.from(ours.output).equals(peer.output))
      throw new Error('expected the same product from both sides')
    cpu.ours.push(ours.cpuMs)
    cpu.peer.push(peer.cpuMs)
    return { ours: ours.ms, peer: peer.ms, limit: peer.aloneMs }
  }
  // Both compile.
  await measure()
  for (const side of [cpu.ours, cpu.peer]) side.splice(0)
  return {
    peerVersion: `Dawn by webgpu 0.6.2, ${adapter.driver}`,
    async round() {
      const samples: Awaited<ReturnType<typeof measure>>[] = []
      for (let i = 0; i < runs; i++) samples.push(await measure())
      const all = (side: 'ours' | 'peer' | 'limit') => samples.map((sample) => sample[side])
      return { ours: all('ours'), peer: all('peer'), limit: all('limit') }
    },
    conditions: () => (adapter.isSoftware ? [processorTime(cpu)] : []),
    remarks: () => [],
    async stop() {
      direct.stop()
      await executor.stop()
    },
  }
}

/** The same target for processor time, of which other work on the machine takes none away. */
function processorTime({ ours, peer }: Readonly<Record<'ours' | 'peer', readonly number[]>>): Condition {
  const value = median(ours) / median(peer)
  return { name: 'processor time, times the peer', value, op: '<=', bound: BOUND, ok: value <= BOUND }
}

async function chooseAdapter(): Promise<Adapter> {
  const { adapters, why } = await findAdapters()
  const [first] = adapters.toSorted((a, b) => Number(a.isSoftware) - Number(b.isSoftware))
  if (first !== undefined) return first
  throw new MissingPeer(`webgpu: ${why}`)
}

function gpuOf({ name, vendor, isSoftware }: Adapter): Gpu {
  const family = isSoftware ? 'software' : vendor === 'amd' || vendor === 'apple' ? vendor : 'nvidia'
  return { id: 'bench', family, model: name.slice(0, 96), vramBytes: 2 ** 30 }
}

/** A kernel and its inputs. */
export interface Work {
  readonly kernel: Kernel
  readonly inputs: ReadonlyMap<string, Uint8Array>
}

async function readWork(): Promise<Work> {
  const code = await readFile(EXAMPLE, 'utf8')
  const spec = JSON.parse(await readFile(`${EXAMPLE.pathname}.json`, 'utf8'))
  const bindings = spec.bindings.map((each: object, binding: number) => ({ binding, ...each }))
  const passes = [{ entryPoint: 'main', workgroups: spec.workgroups }]
  const matrix = (factor: number) => {
    const values = Float32Array.from({ length: SIDE * SIDE }, (_, i) => ((i * factor) % 1021) / 1021)
    return new Uint8Array(values.buffer)
  }
  const inputs = new Map([['a.f32', matrix(7)] as const, ['b.f32', matrix(11)] as const])
  return { kernel: kernel.parse({ v: 1, code, features: [], bindings, passes }), inputs }
}

/** Runs the kernel as a task; its time is from the first buffer to the last byte that came back. */
async function runUnderSouk(executor: Executor, { kernel: program, inputs }: Work, signal: AbortSignal) {
  const content = new Map<string, Uint8Array>()
  const keep = (bytes: Uint8Array) => {
    const { cid } = toBlocks(bytes).content
    content.set(cid, bytes)
    return cid
  }
  const task: Task = {
    ...{
      v: 1,
      engine: 'webgpu/1',
      program: keep(kernelCodec.encode(program)),
      args: [],
      env: [],
      stdin: null,
    },
    inputs: [...inputs].map(([path, bytes]): [string, string, number] => [
      path,
      keep(bytes),
      bytes.byteLength,
    ]),
    ...{ checkpoint: null, seed: 0n, clockNs: 0n },
    limits: { fuel: 0n, depth: 0, pages: PAGES, outputBytes: 4 * SIDE * SIDE, files: 1 },
  }
  const read = async (cid: string) => content.get(cid) ?? new Uint8Array()
  const execution = { id: 'bench', n: 0, task, deadlineMs: DEADLINE_MS, content: read }
  const outcome = await executor.run(execution, signal)
  if (outcome.kind === 'failed') throw new Error(`the task failed: ${outcome.message}`)
  return { ms: outcome.runMs, cpuMs: outcome.cpuMs, output: outcome.files[0]?.bytes ?? new Uint8Array() }
}
