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
  /** Returns the command by which a process gets this device and none like it; rejects where it cannot. */
  alone(device: GpuDevice, adapters: readonly Adapter[]): Promise<readonly string[] | null>
  /** Makes an adapter ready for a proof. */
  prepare(
    adapter: string,
    work: GpuProofWork,
    signal: AbortSignal,
    wrapper: readonly string[] | null,
  ): Promise<GpuProof>
}

/** A device that does nothing else until it is left. */
export interface TakenDevice {
  readonly adapter: Adapter
  /** The command by which a process gets it. */
  readonly wrapper: readonly string[] | null
  prepare(work: GpuProofWork): Promise<GpuProof>
  leave(): void
}

/** The devices of this process, each of which proves itself to one at a time. */
export class ProofDevices {
  readonly #ground: ProofGround
  /** What each device does last; settles when it is free. Devices that share an adapter take turns on it. */
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

  /** Waits until a device does nothing else. Rejects where it has no adapter, or cannot be told from another. */
  async take(id: string): Promise<TakenDevice> {
    const device = this.#ground.devices.find((each) => each.id === id)
    if (device === undefined) throw new Error(`expected a GPU of this process, got ${id}`)
    const adapter = chooseAdapter(device, this.#adapters)
    const wrapper = await this.#ground.alone(device, this.#adapters)
    const turn = wrapper === null ? adapter.name : id
    const before = this.#turns.get(turn)
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#turns.set(turn, promise)
    await Promise.race([before, this.#isOver])
    const prepare = (work: GpuProofWork) => this.#ground.prepare(adapter.name, work, this.over, wrapper)
    return { adapter, wrapper, prepare, leave: resolve }
  }

  /** Waits for a device's turn, and makes it ready; it is taken until that is stopped. */
  async ready(id: string, work: GpuProofWork): Promise<GpuProof> {
    const taken = await this.take(id)
    try {
      const proof = await taken.prepare(work)
      const stop = () => proof.stop().finally(taken.leave)
      return { prove: (seed, maxMs) => proof.prove(seed, maxMs), open: (rows) => proof.open(rows), stop }
    } catch (error) {
      taken.leave()
      throw error
    }
  }

  seed(lease: Hex, gpu: string, nonce: Hex): Uint8Array {
    const { network, subject } = this.#ground
    return proofSeed({ network, subject, lease, gpu, nonce })
  }
}
