import type { AskedProof, OpenRow, ReadyProof } from '@souk/network'
import {
  type Hex,
  matrixKeys,
  type NetworkId,
  type ProofSubject,
  proofPaths,
  proofRoot,
  proofSeed,
  rowBytes,
} from '@souk/protocol'
import { digestsOf, referenceProduct } from '../../protocol/src/gpu-proof.fixture.ts'

/** How a prover differs from an honest one. */
export interface Prover {
  seed?(honest: ProofSubject): ProofSubject
  compute?(rows: Int32Array[]): Int32Array[]
  commit?(root: Hex): Promise<Hex>
  open?(rows: OpenRow[]): OpenRow[]
}

/** A prover that computes in this process; it answers as honestly as `change` lets it. */
export function proverOf(
  network: NetworkId,
  subject: Hex,
  { lease, gpu, work }: AskedProof,
  change: Prover,
): ReadyProof {
  let opened: OpenRow[] = []
  return {
    async prove(nonce) {
      const honest = { network, lease, subject, gpu, nonce }
      const keys = matrixKeys(proofSeed(change.seed?.(honest) ?? honest), work.rounds)
      const product = referenceProduct(keys, work)
      const rows = change.compute?.(product) ?? product
      const digests = digestsOf(rows)
      const paths = proofPaths(digests)
      opened = rows.map((row, at) => ({ row: at, values: rowBytes(row), path: paths[at] ?? [] }))
      const root = proofRoot(digests)
      return change.commit?.(root) ?? root
    },
    async open(rows) {
      const asked = rows.flatMap((row) => opened[row] ?? [])
      return change.open?.(asked) ?? asked
    },
    stop: async () => {},
  }
}
