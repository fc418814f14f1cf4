import type { AskedProof, ProofRefusal, ReadyProof } from '@souk/network'
import {
  errorMessage,
  type Gpu,
  type Hex,
  type ProofTerms,
  proofOperations,
  standardWork,
  type Terms,
} from '@souk/protocol'
import { ProofAllowance } from './proof-allowance.ts'
import { ProofDevices, type ProofGround } from './proof-devices.ts'
import { SelfProof, type SelfProofServices } from './self-proof.ts'

/** Proofs of each GPU that a lease may ask for in an hour. */
const PROOFS_PER_HOUR = 20
/** Times a device's own proof that one for a lease may take: others use the machine, too. */
const PROOF_SLACK = 8
/** Seconds that a quote allows at least, and at the most. */
const LEAST_PROOF_SECONDS = { software: 60, hardware: 5 } as const
const MOST_PROOF_SECONDS = 300

/** What proving GPUs has to do with the rest of a provider. */
export interface GpuProverServices extends SelfProofServices, Omit<ProofGround, 'devices'> {
  /** Returns the terms of a lease that runs here and that this peer holds. */
  termsOf(lease: Hex, peer: string): Terms | undefined
}

/** Proves the GPUs of this process: to itself while they are idle, and to whoever leases them (PROTOCOL §14.1). */
export class GpuProver {
  readonly #services: GpuProverServices
  readonly #devices: ProofDevices
  readonly #self: SelfProof
  readonly #allowance: ProofAllowance

  constructor(services: GpuProverServices) {
    this.#services = services
    this.#devices = new ProofDevices({ ...services, devices: services.book.devices })
    this.#self = new SelfProof(services, this.#devices)
    this.#allowance = new ProofAllowance(() => services.clock())
  }

  /** Begins to prove and measure every device; returns at once. */
  start(): void {
    this.#self.begin()
  }

  async stop(): Promise<void> {
    this.#devices.stop()
    await this.#self.stop()
  }

  /** Says what a quote allows to be asked of these devices; `null` unless each has proven itself here. */
  terms(gpus: readonly Pick<Gpu, 'id' | 'family'>[]): ProofTerms | null {
    let seconds = 0
    for (const { id, family } of gpus) {
      const fact = this.#self.facts.get(id)
      if (fact === undefined) return null
      const least = LEAST_PROOF_SECONDS[family === 'software' ? 'software' : 'hardware']
      seconds = Math.max(seconds, least, Math.ceil((PROOF_SLACK * fact.ms) / 1000))
    }
    return { perHour: PROOFS_PER_HOUR, seconds: Math.min(MOST_PROOF_SECONDS, seconds) }
  }

  /** Makes a leased device ready for its requester, or says why not. */
  async grant(asked: AskedProof, peer: string): Promise<ReadyProof | ProofRefusal> {
    const terms = this.#services.termsOf(asked.lease, peer)
    if (terms === undefined) return UNKNOWN_LEASE
    const device = terms.resources.gpus.find(({ id }) => id === asked.gpu)
    if (device === undefined || terms.proofs === null) return NO_GPU
    const most = proofOperations(standardWork(device.family))
    if (proofOperations(asked.work) > most) return tooMuch(most)
    const { perHour, seconds } = terms.proofs
    if (!this.#allowance.take(`${asked.lease}/${asked.gpu}`, perHour)) return tooOften(perHour)
    try {
      return await this.#ready(asked, 1000 * seconds)
    } catch (error) {
      return { code: 'failed', message: errorMessage(error) }
    }
  }

  async #ready({ lease, gpu, work }: AskedProof, maxMs: number): Promise<ReadyProof> {
    const proof = await this.#devices.ready(gpu, work)
    return {
      prove: (nonce) => proof.prove(this.#devices.seed(lease, gpu, nonce), maxMs),
      open: (rows) => proof.open(rows),
      stop: () => proof.stop(),
    }
  }
}

const UNKNOWN_LEASE: ProofRefusal = {
  code: 'unknown-lease',
  message: 'expected a lease that runs here and that you hold; look at your leases',
}
const NO_GPU: ProofRefusal = {
  code: 'no-gpu',
  message: 'expected a GPU of that lease whose terms allow proofs; ask for one of them',
}

function tooMuch(most: number): ProofRefusal {
  return { code: 'too-much', message: `expected at most ${most} multiplications; ask for a smaller product` }
}

function tooOften(perHour: number): ProofRefusal {
  return {
    code: 'too-often',
    message: `expected at most ${perHour} proofs in an hour, as the terms say; wait`,
  }
}
