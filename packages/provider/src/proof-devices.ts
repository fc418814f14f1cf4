import { type GpuProofWork, type Hex, type NetworkId, proofSeed } from '@souk/protocol'
import { type Adapter, chooseAdapter, type GpuDevice, type GpuProof } from '@souk/runtime'

/** What proofs need of this machine, and what names this process in them. */
export interface ProofGround {
  readonly network: NetworkId
  /** The provider's process as proofs name it. */
  readonly subject: Hex
  readonly devices: readonly GpuDevice[]
  /** What WebGPU finds on this machine, and why it finds nothing. */
  adapters(): Promise<{ readonly adapters: readonly Adapter[]; readonly why: string | null }>
  /** Makes an adapter ready for a proof. */
  prepare(adapter: string, work: GpuProofWork): Promise<GpuProof>
}

/** The devices of this process, each of which proves itself to one at a time. */
export class ProofDevices {
  readonly #ground: ProofGround
  /** What each device does last; settles when it is free. */
  readonly #turns = new Map<string, Promise<void>>()
  readonly #running = new Set<GpuProof>()
  #adapters: readonly Adapter[] = []
  #isOver = false

  constructor(ground: ProofGround) {
    this.#ground = ground
  }

  /** Looks for adapters unless some are known; returns why there are none, or null. */
  async find(): Promise<string | null> {
    if (this.#adapters.length > 0) return null
    const { adapters, why } = await this.#ground.adapters()
    this.#adapters = adapters
    return why
  }

  get isOver(): boolean {
    return this.#isOver
  }

  /** Ends every proof, and begins none any more. */
  async stop(): Promise<void> {
    this.#isOver = true
    await Promise.all([...this.#running].map((proof) => proof.stop()))
  }

  /** Waits until a device does nothing else, and makes it ready; it is taken until that is stopped. */
  async take(id: string, work: GpuProofWork): Promise<GpuProof> {
    const before = this.#turns.get(id)
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#turns.set(id, promise)
    await before
    try {
      return this.#untilStopped(await this.#ground.prepare(this.adapterOf(id).name, work), resolve)
    } catch (error) {
      resolve()
      throw error
    }
  }

  /** Returns the adapter that is a device. Throws `RuntimeError` `NOT_OFFERED` where there is none. */
  adapterOf(id: string): Adapter {
    const device = this.#ground.devices.find((each) => each.id === id)
    if (device === undefined) throw new Error(`expected a GPU of this process, got ${id}`)
    return chooseAdapter(device, this.#adapters)
  }

  seed(lease: Hex, gpu: string, nonce: Hex): Uint8Array {
    const { network, subject } = this.#ground
    return proofSeed({ network, subject, lease, gpu, nonce })
  }

  async #untilStopped(proof: GpuProof, free: () => void): Promise<GpuProof> {
    this.#running.add(proof)
    const stop = async () => {
      this.#running.delete(proof)
      await proof.stop()
      free()
    }
    if (this.#isOver) await stop()
    return { prove: (seed, maxMs) => proof.prove(seed, maxMs), open: (rows) => proof.open(rows), stop }
  }
}
