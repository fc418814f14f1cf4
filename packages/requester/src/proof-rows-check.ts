import type { ProofRow } from '@souk/network'
import {
  checkBytes,
  type Gpu,
  type GpuProofWork,
  type Hex,
  isRowRight,
  matrixKeys,
  type NetworkId,
  type ProofCheck,
  prepareCheck,
  proofSeed,
  rootOfRow,
} from '@souk/protocol'

/** Milliseconds of checking after which others get their turn: below what a page's next picture waits for. */
const CHECK_SLICE_MS = 8

/** What was asked for, and what came. */
export interface ProofToCheck {
  readonly network: NetworkId
  readonly lease: Hex
  readonly subject: Hex
  readonly gpu: Pick<Gpu, 'id'>
  readonly nonce: Hex
  readonly work: GpuProofWork
  readonly root: Hex
  readonly rows: readonly ProofRow[]
}

/**
 * Checks the rows of a proof and returns what is wrong with the first that is, or null. Takes some tens of milliseconds,
 * a second for the largest product, in slices.
 */
export async function wrongRow(
  proof: ProofToCheck,
  random: (bytes: number) => Uint8Array,
  signal: AbortSignal,
): Promise<string | null> {
  const { work, root, rows, gpu } = proof
  const seed = proofSeed({ ...proof, gpu: gpu.id })
  const check = await prepared(matrixKeys(seed, work.rounds), work, random(checkBytes(work)), signal)
  for (const { row, values, path } of rows) {
    if (!leadsTo(root, row, values, work.size, path)) return `row ${row} is not the one that was committed to`
    if (!isRowRight(check, row, values)) return `row ${row} is not of the product`
  }
  return null
}

async function prepared(
  keys: Uint32Array,
  work: GpuProofWork,
  random: Uint8Array,
  signal: AbortSignal,
): Promise<ProofCheck> {
  const steps = prepareCheck(keys, work, random)
  for (let sinceMs = performance.now(); ; ) {
    const step = steps.next()
    if (step.done) return step.value
    if (performance.now() - sinceMs < CHECK_SLICE_MS) continue
    await new Promise((resolve) => setTimeout(resolve))
    signal.throwIfAborted()
    sinceMs = performance.now()
  }
}

function leadsTo(root: Hex, row: number, values: Uint8Array, size: number, path: readonly Hex[]): boolean {
  try {
    return rootOfRow(values, row, size, path) === root
  } catch {
    // A path of another length leads nowhere.
    return false
  }
}
