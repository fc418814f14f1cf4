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
  prepare(adapter: string, work: GpuProofWork, signal: AbortSignal): Promise<GpuProof>
}

/** The devices of this process, each of which proves itself to one at a time. */
export class ProofDevices {
  readonly #ground: ProofGround
  /** What each device does last; settles when it is free. */
  readonly #turns = new Map<string, Promise<void>>()
  readonly #over = new AbortController()
  readonly #isOver: Promise<void>
  #adapters: readonly Adapter[] = []

  constructor(ground: ProofGround) {
    this.#ground = ground
    this.#isOver = new Promise((resolve) => {
      this.over.addEventListener('abort', () => resolve(), { once: true })
    })
  }

  /** Looks for adapters unless some are known; returns why there are none, or null. */
  async find(): Promise<string | null> {
    if (this.#adapters.length > 0) return null
    const found = await Promise.race([this.#ground.adapters(), this.#isOver])
    if (found === undefined) return null
    this.#adapters = found.adapters
    return found.why
  }

  /** Aborts when nothing is to be proven any more. */
  get over(): AbortSignal {
    return this.#over.signal
  }

  /** Ends every proof, and begins none any more. */
  stop(): void {
    this.#over.abort()
  }

  /** Waits until a device does nothing else, and makes it ready; it is taken until that is stopped. */
  async take(id: string, work: GpuProofWork): Promise<GpuProof> {
    const before = this.#turns.get(id)
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#turns.set(id, promise)
    await Promise.race([before, this.#isOver])
    try {
      const proof = await this.#ground.prepare(this.adapterOf(id).name, work, this.over)
      const stop = () => proof.stop().finally(resolve)
      return { prove: (seed, maxMs) => proof.prove(seed, maxMs), open: (rows) => proof.open(rows), stop }
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
}
