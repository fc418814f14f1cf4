import { randomBytes } from 'node:crypto'
import {
  checkBytes,
  GPU_PROOF_ROWS,
  type GpuProofWork,
  isRowRight,
  matrixKeys,
  type ProofCheck,
  prepareCheck,
  rootOfRow,
  standardWork,
} from '@souk/protocol'
import { type Adapter, prepareGpuProof } from '@souk/runtime'
import type { ProofReport } from './report.ts'

/** Milliseconds for one proof on the slowest machine. */
const PROOF_MS = 120_000

/** Has a device prove itself as a requester would ask it to, and checks what it opens. */
export async function proveDevice({ name, isSoftware }: Adapter): Promise<ProofReport> {
  const work = standardWork(isSoftware ? 'software' : 'nvidia')
  const proof = await prepareGpuProof(name, work)
  try {
    const seed = randomBytes(32)
    const startedAt = performance.now()
    const root = await proof.prove(seed, PROOF_MS)
    const provingMs = performance.now() - startedAt
    const rows = randomRows(work)
    const opened = await proof.open(rows)
    const checkedAt = performance.now()
    const check = checkOf(seed, work)
    const right = opened.filter(
      ({ row, values, path }) =>
        rootOfRow(values, row, work.size, path) === root && isRowRight(check, row, values),
    ).length
    const checkingMs = performance.now() - checkedAt
    return { ...work, provingMs, checkingMs, rows: rows.length, right }
  } finally {
    await proof.stop()
  }
}

function randomRows({ size }: GpuProofWork): number[] {
  const rows = new Set<number>()
  while (rows.size < GPU_PROOF_ROWS) rows.add(randomBytes(4).readUInt32LE() % size)
  return [...rows].sort((a, b) => a - b)
}

function checkOf(seed: Uint8Array, work: GpuProofWork): ProofCheck {
  const steps = prepareCheck(matrixKeys(seed, work.rounds), work, randomBytes(checkBytes(work)))
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}
