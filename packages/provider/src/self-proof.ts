import { errorMessage, type GpuProofFact, NO_LEASE, speedMarks, standardWork, toHex } from '@souk/protocol'
import { type GpuDevice, measureGpu } from '@souk/runtime'
import type { GpuBook } from './gpu-book.ts'
import type { Log } from './log.ts'
import type { ProofDevices, TakenDevice } from './proof-devices.ts'

/** Milliseconds between two proofs that an idle device gives to itself. */
const SELF_PROOF_MS = 3_600_000
/** Milliseconds that such a proof may take at the most. */
const SELF_PROOF_LIMIT_MS = 300_000

/** What a process that proves its own GPUs has around it. */
export interface SelfProofServices {
  readonly book: Pick<GpuBook, 'devices' | 'measured'>
  readonly log: Log
  /** Tells whether nobody leases a device. */
  isFree(id: string): boolean
  /** Monotonic milliseconds. */
  clock(): number
  /** Milliseconds since the epoch. */
  dateMs(): number
  random(bytes: number): Uint8Array
  /** What offers say of a device changed. */
  changed(): void
}

/** Proves and measures every device of this process, at its start and about hourly while it is idle. */
export class SelfProof {
  /** The newest proof of each device, by id. */
  readonly facts = new Map<string, GpuProofFact>()
  readonly #services: SelfProofServices
  readonly #devices: ProofDevices
  #timer: NodeJS.Timeout | undefined
  #round: Promise<void> = Promise.resolve()

  constructor(services: SelfProofServices, devices: ProofDevices) {
    this.#services = services
    this.#devices = devices
  }

  /** Begins; returns at once. */
  readonly begin = (): void => {
    if (this.#services.book.devices.length > 0) this.#round = this.#proveAll()
  }

  /** Ends it, once the devices are stopped. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer)
    await this.#round
  }

  async #proveAll(): Promise<void> {
    const { book, log, isFree } = this.#services
    const why = await this.#devices.find()
    if (why !== null) log.warn('the GPUs cannot be proven', { why })
    // Those of a cluster's nodes are out of reach.
    const here = book.devices.filter(({ sharing }) => sharing !== 'scheduled')
    for (const device of why === null ? here : []) {
      if (!this.#devices.over.aborted && isFree(device.id)) await this.#prove(device)
    }
    if (!this.#devices.over.aborted) this.#timer = setTimeout(this.begin, SELF_PROOF_MS).unref()
  }

  async #prove(device: GpuDevice): Promise<void> {
    const { book, log, changed } = this.#services
    const { id } = device
    try {
      const taken = await this.#devices.take(id)
      await this.#proveTaken(device, taken).finally(taken.leave)
    } catch (error) {
      if (this.#devices.over.aborted) return
      this.facts.delete(id)
      book.measured(id, { proof: null })
      log.warn('a GPU did not prove itself', { id, error: errorMessage(error) })
    }
    changed()
  }

  /** What a lease that began meanwhile did to its speed is not the device's. */
  async #proveTaken(device: GpuDevice, taken: TakenDevice): Promise<void> {
    const { book, log, dateMs, isFree } = this.#services
    const { id, model } = device
    const proof = await this.#proofOf(device, taken)
    const { adapter, wrapper } = taken
    const speed = isFree(id) ? await measureGpu(adapter, dateMs() / 1000, this.#devices.over, wrapper) : null
    this.facts.set(id, proof)
    const measured =
      speed !== null && isFree(id) ? { speed, isSlow: speedMarks(model, speed).length > 0 } : {}
    book.measured(id, { proof, ...measured })
    log.info('a GPU proved itself', { id, ms: proof.ms, fp32Gflops: speed?.fp32Gflops ?? null })
  }

  async #proofOf({ id, family }: GpuDevice, taken: TakenDevice): Promise<GpuProofFact> {
    const { clock, dateMs, random } = this.#services
    const work = standardWork(family)
    const proof = await taken.prepare(work)
    try {
      const seed = this.#devices.seed(NO_LEASE, id, toHex(random(32)))
      const startedMs = clock()
      await proof.prove(seed, SELF_PROOF_LIMIT_MS)
      const ms = Math.ceil(clock() - startedMs)
      return { proven: Math.floor(dateMs() / 1000), size: work.size, ms }
    } finally {
      await proof.stop()
    }
  }
}
