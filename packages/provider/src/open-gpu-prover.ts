import type { Host } from '@souk/engine'
import { serveGpuProofs } from '@souk/network'
import { type Hex, type NetworkId, sha256 } from '@souk/protocol'
import { findAdapters, type GpuProof, prepareGpuProof, seeAlone } from '@souk/runtime'
import type { GpuBook } from './gpu-book.ts'
import { GpuProver } from './gpu-prover.ts'
import type { LeaseDesk } from './lease-desk.ts'
import type { ProviderOptions } from './provider-options.ts'

/** What a provider's prover looks at. */
export interface ProverHouse {
  readonly book: GpuBook
  readonly host: Host
  readonly desk: () => LeaseDesk
  readonly network: NetworkId
  readonly subject: Hex
  /** What offers say of a device changed. */
  changed(): void
}

/** Makes the prover of a provider's GPUs; it begins with {@link serveProofs}. */
export function openGpuProver(options: ProviderOptions, house: ProverHouse): GpuProver {
  return new GpuProver({
    ...options,
    ...house,
    termsOf(lease, peer) {
      const runner = house.desk().runners.get(lease)
      return runner?.peerId === peer && runner.isOpen() ? runner.state.sale.terms : undefined
    },
    isFree: (id) => house.host.free.gpus.some((gpu) => gpu.id === id),
    adapters: findAdapters,
    alone: seeAlone,
    prepare: options.fault?.forgesProofs === true ? prepareForgery : prepareGpuProof,
  })
}

/** Begins to prove devices, to this process and to who leases them. Returns the call that ends it. */
export async function serveProofs(
  node: Parameters<typeof serveGpuProofs>[0],
  prover: GpuProver,
): Promise<() => Promise<void>> {
  const unserve = await serveGpuProofs(node, (asked, peer) => prover.grant(asked, peer))
  prover.start()
  return async () => {
    await unserve()
    await prover.stop()
  }
}

/** The fault switch: computes another product than it was asked for. */
async function prepareForgery(...asked: Parameters<typeof prepareGpuProof>): Promise<GpuProof> {
  const proof = await prepareGpuProof(...asked)
  return { ...proof, prove: (seed, maxMs) => proof.prove(sha256(seed), maxMs) }
}
