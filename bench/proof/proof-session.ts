import { randomBytes } from 'node:crypto'
import {
  checkBytes,
  checkOperations,
  GPU_PROOF_ROWS,
  type GpuFamily,
  type GpuProofWork,
  isRowRight,
  matrixKeys,
  matrixRow,
  prepareCheck,
  proofOperations,
  proofPaths,
  proofRoot,
  rootOfRow,
  standardWork,
} from '@souk/protocol'
import { findAdapters } from '@souk/runtime'
import { type Condition, MissingPeer, type Session, type Setup } from '../harness/benchmark.ts'
import { BareProver } from './bare-prover.ts'

/** The largest that a processor proves in seconds; what is checked grows with its square, what is proven with its cube. */
const WORK: GpuProofWork = { size: 1_024, rounds: 1 }
const BOUND = 0.02

/** Starts a prover on the first adapter that computes on the processor. Throws {@link MissingPeer}. */
export async function openProofSession({ signal, step }: Setup): Promise<Session> {
  const { adapters, why } = await findAdapters()
  const adapter = adapters.find(({ isSoftware }) => isSoftware)
  if (adapter === undefined) {
    throw new MissingPeer(
      `proof: expected an adapter that computes on the processor, ${why ?? 'got hardware alone'}; name one by VK_ICD_FILENAMES`,
    )
  }
  step(`on ${adapter.name}, ${adapter.driver}`)
  const prover = await BareProver.start(adapter.name, WORK, signal)
  // The driver compiles what it runs at its first run.
  await prover.prove(keysOf(randomBytes(32)))
  checkOnce(randomBytes(32))
  return {
    peerVersion: `Dawn by webgpu 0.6.2, ${adapter.driver}`,
    round: () => measure(prover),
    conditions: () => [operations('nvidia'), operations('software')],
    remarks: () => [],
    stop: async () => prover.stop(),
  }
}

function keysOf(seed: Uint8Array): Uint32Array {
  return matrixKeys(seed, WORK.rounds)
}

async function measure(prover: BareProver) {
  const seed = randomBytes(32)
  const { digests, cpuMs } = await prover.prove(keysOf(seed))
  const rows = Array.from(randomBytes(GPU_PROOF_ROWS), (byte) => 4 * byte)
  const values = await prover.rows(rows)
  const [root, paths] = [proofRoot(digests), proofPaths(digests)]
  const opened = rows.map((row, at) => ({
    row,
    values: values[at] ?? new Uint8Array(),
    path: paths[row] ?? [],
  }))
  const ours = cpuOf(() => {
    const check = checkOnce(seed)
    for (const { row, values: numbers, path } of opened) {
      const isRight = rootOfRow(numbers, row, WORK.size, path) === root && isRowRight(check, row, numbers)
      if (!isRight) throw new Error(`expected row ${row} to be right`)
    }
  })
  return { ours: [ours], peer: [cpuMs], limit: [cpuOf(() => outright(keysOf(seed), rows[0] ?? 0))] }
}

function checkOnce(seed: Uint8Array) {
  const steps = prepareCheck(keysOf(seed), WORK, randomBytes(checkBytes(WORK)))
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

/** Computes one row of the product. */
function outright(keys: Uint32Array, row: number): Int32Array {
  const product = new Int32Array(WORK.size)
  matrixRow(keys, 0, row, WORK.size).forEach((factor, at) => {
    matrixRow(keys, 1, at, WORK.size).forEach((number, column) => {
      product[column] = ((product[column] ?? 0) + Math.imul(factor, number)) | 0
    })
  })
  return product
}

/** Returns milliseconds of this process's processor time. */
function cpuOf(work: () => unknown): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

/** Operations at a family's standard size: exact, and the same everywhere. */
function operations(family: GpuFamily): Condition {
  const work = standardWork(family)
  const value = checkOperations(work, GPU_PROOF_ROWS) / (2 * proofOperations(work))
  const name = `operations at size ${work.size} in ${work.rounds} rounds, checking over proving`
  return { name, value: Number(value.toPrecision(3)), op: '<=', bound: BOUND, ok: value <= BOUND }
}
