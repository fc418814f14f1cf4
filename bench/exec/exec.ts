import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createWasmExecutor, type Executor } from '@souk/runtime'
import type { Benchmark, Condition, Session, Setup } from '../harness/benchmark.ts'
import { median } from '../harness/statistics.ts'
import {
  buildKernel,
  type Kernel,
  PAGES,
  requireSameWork,
  runBare,
  runNative,
  runUnderSouk,
} from './kernel.ts'

const PAGE_BYTES = 65_536
const MEBIBYTES = 64
/** Rows of the matrices, and how often they are multiplied. */
const [SIZE, PRODUCTS] = [256, 40]
/** Measurements of each side in one round. */
const RUNS = 8

type Engine = 'wasm/1' | 'wasm-det/1'

/** Guest time of two kernels under Souk's executor against the same sources built for the machine. */
export const exec = comparison('exec', 'wasm/1', 1.4)
/** The same under the engine that counts every instruction and fixes every NaN. */
export const execDet = comparison('exec-det', 'wasm-det/1', 1.8)

function comparison(name: string, engine: Engine, bound: number): Benchmark {
  return {
    name,
    unit: 'ms',
    compares: {
      ours: `SHA-256 of ${MEBIBYTES} MiB by a ${engine} task, guest time`,
      peer: 'the same C source built natively with -O3',
      limit: 'the same wasm in a bare V8 with the same flag, without Souk',
    },
    target: { against: 'peer', bound },
    open: (setup) => open(setup, engine, bound),
  }
}

async function open({ signal, step }: Setup, engine: Engine, bound: number): Promise<Session> {
  const folder = await mkdtemp(join(tmpdir(), 'souk-bench-exec-'))
  try {
    const hash = await buildKernel('sha256', [String(MEBIBYTES), '1'], folder, signal)
    const product = await buildKernel('matmul', [String(SIZE), String(PRODUCTS)], folder, signal)
    step(`built the native programs with ${hash.peerVersion}`)
    // The peer runs at this process's priority, so the guest must too.
    const executor = await createWasmExecutor({ engine, memoryBytes: PAGES * PAGE_BYTES, nice: 0 })
    const side = { executor, engine, signal }
    await runUnderSouk(executor, engine, { program: hash.program, args: ['1', '1'] }, signal)
    await runUnderSouk(executor, engine, { program: product.program, args: ['8', '1'] }, signal)
    const products = { ours: [] as number[], peer: [] as number[] }
    return {
      peerVersion: hash.peerVersion,
      async round() {
        const { ours, peer } = await measure(side, product)
        products.ours.push(...ours)
        products.peer.push(...peer)
        return measure(side, hash)
      },
      conditions: () => [productsCondition(products, bound)],
      remarks: () => [],
      async stop() {
        await executor.stop()
        await rm(folder, { recursive: true, force: true })
      },
    }
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

interface Side {
  readonly executor: Executor
  readonly engine: Engine
  readonly signal: AbortSignal
}

async function measure({ executor, engine, signal }: Side, kernel: Kernel) {
  const round = { ours: [] as number[], peer: [] as number[], limit: [] as number[] }
  for (let i = 0; i < RUNS; i++) {
    const ours = await runUnderSouk(executor, engine, kernel, signal)
    const peer = await runNative(kernel, signal)
    const limit = await runBare(kernel, signal)
    requireSameWork([ours, peer, limit])
    round.ours.push(ours.ms)
    round.peer.push(peer.ms)
    round.limit.push(limit.ms)
  }
  return round
}

/** The same target for floats and SIMD. */
function productsCondition(
  { ours, peer }: Readonly<Record<'ours' | 'peer', readonly number[]>>,
  bound: number,
): Condition {
  const value = median(ours) / median(peer)
  const name = `${PRODUCTS} products of ${SIZE} × ${SIZE} matrices with SIMD, times native`
  return { name, value, op: '<=', bound, ok: value <= bound }
}
