import { isOver } from '@souk/engine'
import type { Candidate, OfferEntry } from '@souk/market'
import { classOf, type Gpu, type GpuClass, type Hex, SoukError } from '@souk/protocol'
import type { Journal } from '@souk/storage'
import { ProofRecords } from './gpu-proof-rows.ts'
import { isLie, judgeGpu, type ProofServices, type ProofVerdict } from './gpu-verdict.ts'
import type { JobEventReport } from './job-spec.ts'
import type { PurchaseRunner } from './purchase-runner.ts'

/** Milliseconds between two looks at which lease is to be asked. */
const GPU_LOOK_MS = 5_000
/** Milliseconds between two proofs of a lease on average; each time half to one and a half of it, at random. */
const PROOF_AGAIN_MS = 480_000

/** Milliseconds until a lease is asked again whose GPU gave no proof although it is connected. */
const MISSED_AGAIN_MS = 30_000
/** Proofs in a row that a GPU of a connected lease may miss before the lease is closed. */
const MOST_MISSES = 2

/** A leased GPU is not what its provider says; or an account is not asked, because one was not lately. */
export class GpuProofError extends SoukError<
  | { code: 'GPU_NOT_PROVEN'; reason: ProofVerdict['code']; lease: Hex; gpu: string }
  | { code: 'ACCOUNT_AVOIDED'; account: Hex }
> {}

/** A lease as far as its GPUs go. */
export interface ProvableLease {
  readonly lease: Hex
  readonly state: Pick<PurchaseRunner['state'], 'purchase' | 'inFlight' | 'connected'>
  /** Asks the provider to end the lease; what ran there runs elsewhere. */
  close(): Promise<void>
}

/** What the checks of leased GPUs have around them. */
export interface GpuCheckerServices extends ProofServices {
  readonly journal: Pick<Journal, 'scan' | 'commit'>
  /** Leases with a channel. */
  readonly leases: ReadonlyMap<Hex, ProvableLease>
  /** Milliseconds since the epoch. */
  dateMs(): number
  /** Tells the job of a lease. */
  report(lease: ProvableLease, event: ProofReport): void
  onProblem(sentence: string, error: unknown): void
}

/** What a job hears of a proof. */
export type ProofReport = Omit<Extract<JobEventReport, { kind: 'proof' }>, 'atMs'>

/** Asks leased GPUs for proofs, at the start of a lease and at random times after, and leaves who lies. */
export class GpuChecker {
  readonly records: ProofRecords
  readonly #services: GpuCheckerServices
  readonly #over = new AbortController()
  /** What the offer of each lease told of its devices. */
  readonly #told = new Map<Hex, ReadonlyMap<string, GpuClass>>()
  /** When each lease is asked again; monotonic milliseconds. */
  readonly #due = new Map<Hex, number>()
  /** Proofs that GPUs of each lease missed since their last one; by the device's id. */
  readonly #missed = new Map<Hex, Map<string, number>>()
  readonly #asking = new Set<Promise<void>>()
  #timer: NodeJS.Timeout | number | undefined

  constructor(services: GpuCheckerServices) {
    this.#services = services
    this.records = new ProofRecords(services.journal, () => services.dateMs())
  }

  /** Takes up what earlier runs noted, and begins to look after leases. */
  async begin(): Promise<void> {
    await this.records.load()
    this.#timer = setInterval(() => this.#look(), GPU_LOOK_MS)
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    this.#over.abort()
    await Promise.all(this.#asking)
  }

  /** Returns those who have not lied of a GPU lately; where nobody else is left, adds to `failures` why. */
  honest(candidates: readonly Candidate[], failures: unknown[]): Candidate[] {
    const isAvoided = ({ entry: { offer } }: Candidate) => this.records.avoids(offer.account)
    const avoided = candidates.filter(isAvoided)
    if (avoided.length === candidates.length) failures.push(...avoided.map(accountAvoided))
    return candidates.filter((one) => !isAvoided(one))
  }

  /**
   * Has every GPU of a new lease prove itself, before anything runs there. A lease without GPUs, or whose terms allow no
   * proofs, passes.
   *
   * Throws {@link GpuProofError} after asking the provider to close the lease.
   */
  async first(runner: ProvableLease, { offer }: Pick<OfferEntry, 'offer'>): Promise<void> {
    const { gpus } = runner.state.purchase.terms.resources
    const told = gpus.flatMap((gpu) => {
      const found = classOf(offer, gpu)
      return found ? [[gpu.id, found] as const] : []
    })
    this.#told.set(runner.lease, new Map(told))
    const verdicts = await this.#judgeAll(runner)
    const bad = verdicts.find(isLie) ?? verdicts.find(({ code }) => code !== 'proven')
    if (bad !== undefined) {
      void runner.close()
      throw notProven(runner.lease, bad)
    }
    // Whoever holds a lease is told of its end once: to a job that joins afterwards it would never end.
    if (isOver(runner.state.purchase.phase)) throw endedMeanwhile(runner)
  }

  /** Has a lease of an earlier run asked as soon as it is connected: what ran there since, nobody saw proved. */
  resumed({ lease }: Pick<ProvableLease, 'lease'>): void {
    this.#due.set(lease, this.#services.clock())
  }

  /** Asks whoever is due; a lease that is over is forgotten. */
  #look(): void {
    const { leases, clock } = this.#services
    for (const known of [this.#told, this.#due, this.#missed])
      for (const lease of known.keys()) if (!leases.has(lease)) known.delete(lease)
    for (const [lease, runner] of leases) {
      if (!isProvable(runner)) continue
      const dueMs = this.#due.get(lease)
      if (dueMs === undefined) this.#plan(runner)
      else if (dueMs <= clock()) this.#again(runner)
    }
  }

  #plan(runner: ProvableLease): void {
    const { clock, random } = this.#services
    const perHour = runner.state.purchase.terms.proofs?.perHour ?? 1
    const [byte = 0] = random(1)
    const averageMs = Math.max(PROOF_AGAIN_MS, 2 * (3_600_000 / perHour))
    this.#due.set(runner.lease, clock() + averageMs * (0.5 + byte / 256))
  }

  #again(runner: ProvableLease): void {
    this.#plan(runner)
    const asking = this.check(runner)
      .catch((error) => this.#services.onProblem('a leased GPU was not checked', error))
      .finally(() => this.#asking.delete(asking))
    this.#asking.add(asking)
  }

  /**
   * Has every GPU of a lease prove itself once more. The lease of a liar is closed, and its work runs elsewhere; so is
   * one whose GPU misses two proofs in a row while it is connected, which its provider is not blamed for.
   */
  async check(runner: ProvableLease): Promise<void> {
    const { lease, state } = runner
    const verdicts = await this.#judgeAll(runner)
    const misses = Math.max(0, ...(this.#missed.get(lease)?.values() ?? []))
    if (verdicts.some(isLie) || misses >= MOST_MISSES) return runner.close()
    if (misses > 0 && state.connected) this.#due.set(lease, this.#services.clock() + MISSED_AGAIN_MS)
  }

  /** Returns what proofs of all GPUs of a lease come to, which are asked at the same time. */
  async #judgeAll(runner: ProvableLease): Promise<ProofVerdict[]> {
    const { gpus } = runner.state.purchase.terms.resources
    const verdicts = await Promise.all(gpus.map((gpu) => this.#judge(runner, gpu)))
    return verdicts.filter((verdict) => verdict !== null)
  }

  /** Returns what a proof of one GPU came to; null where the terms allow none. */
  async #judge(runner: ProvableLease, gpu: Gpu): Promise<ProofVerdict | null> {
    const { purchase, inFlight } = runner.state
    const { lease, quote, terms, peerId, addresses } = purchase
    if (terms.proofs === null) return null
    const subject = quote.resultSigner
    const one = {
      ...{ lease, subject, gpu, seconds: terms.proofs.seconds, isUsed: inFlight.size > 0 },
      isUsedNow: () => inFlight.size > 0,
      target: { peerId, addresses },
      told: this.#told.get(lease)?.get(gpu.id) ?? null,
    }
    const verdict = await judgeGpu(this.#services, one, this.#over.signal)
    // Work that began meanwhile took its share of the device: nothing is known of its speed. A lease that ends takes
    // its proofs along.
    const hasBegun = verdict.code === 'slow' && inFlight.size > 0 && !one.isUsed
    const hasEnded = verdict.code === 'refused' && purchase.phase !== 'active'
    const isVoid = hasBegun || hasEnded
    const known: ProofVerdict = isVoid ? { ...verdict, code: 'unreachable' } : verdict
    if (!isVoid) this.#count(runner, known)
    await this.records.note({ account: quote.provider, subject }, known)
    this.#services.report(runner, { kind: 'proof', lease, subject, ...known })
    return known
  }

  /** A stream that is reset while the lease's own goes on says nothing once, and is no accident for ever. */
  #count({ lease, state }: ProvableLease, { gpu, code }: ProofVerdict): void {
    const missed = this.#missed.get(lease) ?? new Map<string, number>()
    this.#missed.set(lease, missed)
    if (code === 'proven') missed.delete(gpu)
    if (code === 'unreachable' && state.connected && state.purchase.phase === 'active')
      missed.set(gpu, (missed.get(gpu) ?? 0) + 1)
  }
}

function isProvable({ state: { purchase, connected } }: ProvableLease): boolean {
  return purchase.terms.proofs !== null && connected && purchase.phase === 'active'
}

function endedMeanwhile({ lease, state }: ProvableLease): GpuProofError {
  const [gpu] = state.purchase.terms.resources.gpus
  return new GpuProofError('the lease ended before anything could run on it; another provider is asked', {
    code: 'GPU_NOT_PROVEN',
    reason: 'unreachable',
    lease,
    gpu: gpu?.id ?? '',
  })
}

function accountAvoided({ entry: { offer, peerId } }: Candidate): GpuProofError {
  return new GpuProofError(
    `${peerId} is not asked for a while, because a GPU of its account did not prove itself; look for other offers`,
    { code: 'ACCOUNT_AVOIDED', account: offer.account },
  )
}

function notProven(lease: Hex, { gpu, code, why }: ProofVerdict): GpuProofError {
  return new GpuProofError(
    `expected the leased GPU ${gpu} to prove itself, got: ${why} (${code}); the lease is closed, another provider is asked`,
    { code: 'GPU_NOT_PROVEN', reason: code, lease, gpu },
  )
}
