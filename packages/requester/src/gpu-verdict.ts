import {
  askGpuProof,
  measureRoundTrip,
  NetworkError,
  type PeerTarget,
  ProofRefused,
  type SoukNode,
} from '@souk/network'
import {
  errorMessage,
  GPU_PROOF_ROWS,
  type Gpu,
  type GpuClass,
  type GpuMark,
  type GpuProofWork,
  type Hex,
  proofOperations,
  referenceGflops,
  standardWork,
  toHex,
} from '@souk/protocol'
import { type ProofToCheck, wrongRow } from './proof-rows-check.ts'

/** Times as long as its provider says that a device may take: its clock, and who else uses the machine. */
const PROOF_SLACK = 3
/** Milliseconds for what is no computing: a message through busy processes, and a driver that wakes. */
const PROOF_GRACE_MS = 1_000
/** Milliseconds that the way there and back counts for at the most. */
const MOST_ROUND_TRIP_MS = 1_000
/** Milliseconds for a device whose provider says nothing of its speed. */
const UNTOLD_PROOF_MS = 10_000
/** Milliseconds that all of a proof takes at the most, beside its computing. */
const PROOF_AROUND_MS = 60_000
/** Times as long as told for a device that work of ours shares, and milliseconds that it has at the least. */
const USED_SLACK = 8
const LEAST_USED_MS = 5_000
/** Share of its floating-point speed that a device's integer product reaches at least: between 3 and 20 % are usual. */
const LEAST_SHARE = 0.01

/** What a proof came to. */
export type ProofCode =
  /** The rows are right, and came in time. */
  | 'proven'
  /** Nothing was committed in time. */
  | 'slow'
  /** A row does not lead to the root, or is not of the product. */
  | 'wrong'
  /** The provider gives none, or none that can be read. */
  | 'refused'
  /** The provider could not be reached: nobody's lie. */
  | 'unreachable'

export interface ProofVerdict {
  readonly gpu: string
  readonly code: ProofCode
  /** Milliseconds from nonce to commitment; null where there was none. */
  readonly ms: number | null
  /** Milliseconds that were allowed. */
  readonly limitMs: number
  readonly marks: readonly GpuMark[]
  /** For people. */
  readonly why: string
}

/** Tells whether a verdict speaks against the provider. */
export function isLie({ code }: ProofVerdict): boolean {
  return code === 'slow' || code === 'wrong' || code === 'refused'
}

/** What a proof is asked with. */
export interface ProofServices {
  readonly node: SoukNode
  /** Monotonic milliseconds. */
  clock(): number
  random(bytes: number): Uint8Array
}

/** A leased device, and what its provider says of it. */
export interface ProofCase {
  readonly target: PeerTarget
  readonly lease: Hex
  readonly subject: Hex
  readonly gpu: Gpu
  /** What its offer tells of the device's own proof and speed; `null` where it tells nothing. */
  readonly told: Pick<GpuClass, 'proof' | 'speed'> | null
  /** Seconds that a proof may take by the terms. */
  readonly seconds: number
  /** Whether work of ours is on the device when it is asked: then it has more time, and its speed says nothing. */
  readonly isUsed: boolean
  /** Tells whether some is there by now. */
  isUsedNow?(): boolean
  /** What is to be computed; the standard work of its family unless told. */
  readonly work?: GpuProofWork
  /** Milliseconds for all that is not computing; a minute unless told. */
  readonly aroundMs?: number
}

/** Asks a leased GPU for a proof and judges it (PROTOCOL §14.1); rejects only where `signal` aborts. */
export async function judgeGpu(
  services: ProofServices,
  one: ProofCase,
  signal: AbortSignal,
): Promise<ProofVerdict> {
  const work = one.work ?? standardWork(one.gpu.family)
  let [ms, limitMs]: [number | null, number] = [null, 1000 * one.seconds]
  const verdict = (code: ProofCode, why: string): ProofVerdict => {
    const marks = ms === null || one.isUsed ? [] : marksOf(one.gpu, work, ms)
    return { gpu: one.gpu.id, code, ms, limitMs, marks, why }
  }
  let whole: AbortSignal = signal
  try {
    limitMs = limitOf(one, work, await roundTripTo(services.node, one.target, signal))
    const ends = AbortSignal.timeout(Math.ceil(limitMs + (one.aroundMs ?? PROOF_AROUND_MS)))
    whole = AbortSignal.any([signal, ends])
    const asking = { lease: one.lease, gpu: one.gpu.id, work }
    const proof = await askGpuProof(services.node, one.target, asking, whole)
    const nonce = toHex(services.random(32))
    const startedMs = services.clock()
    const root = await proof.commit(nonce, limitMs).catch(notCommitted)
    if (root === null) return verdict('slow', `nothing was committed within ${Math.round(limitMs)} ms`)
    ms = Math.ceil(services.clock() - startedMs)
    const places = someRows(services.random, work.size)
    const rows = await proof.open(places)
    await proof.close()
    if (rows.some(({ row }, at) => row !== places[at]))
      return verdict('wrong', 'other rows came than were asked for')
    const asked: ProofToCheck = { ...one, network: services.node.network, work, nonce, root, rows }
    const wrong = await wrongRow(asked, services.random, signal)
    return wrong === null ? verdict('proven', `proven in ${ms} ms`) : verdict('wrong', wrong)
  } catch (error) {
    signal.throwIfAborted()
    if (whole.aborted) return verdict('unreachable', 'the proof, all in all, took too long')
    return verdict(isCrowded(one, error) ? 'unreachable' : codeOf(error), errorMessage(error))
  }
}

/** Work of ours may leave a device no room for a proof: that it failed is nobody's lie. */
function isCrowded({ isUsed, isUsedNow }: ProofCase, error: unknown): boolean {
  const hasFailed = error instanceof ProofRefused && error.data.reason === 'failed'
  return hasFailed && (isUsed || isUsedNow?.() === true)
}

/** A provider that delays pings, or that somebody else pings, gains no more than {@link MOST_ROUND_TRIP_MS}. */
async function roundTripTo(node: SoukNode, target: PeerTarget, signal: AbortSignal): Promise<number> {
  const measured = await measureRoundTrip(node, target, { signal }).catch(() => MOST_ROUND_TRIP_MS)
  return Math.min(MOST_ROUND_TRIP_MS, measured)
}

function notCommitted(error: unknown): null {
  if (error instanceof NetworkError && error.code === 'TIMEOUT') return null
  throw error
}

function codeOf(error: unknown): ProofCode {
  if (error instanceof ProofRefused) return 'refused'
  const code = error instanceof NetworkError ? error.code : null
  const isSpoken = code === 'MALFORMED' || code === 'TOO_LARGE' || code === 'UNSUPPORTED'
  return isSpoken ? 'refused' : 'unreachable'
}

/** Milliseconds for a commitment: what follows from the offer, the way there and back, and what is no computing. */
function limitOf({ told, gpu, seconds, isUsed }: ProofCase, work: GpuProofWork, roundTripMs: number): number {
  const mostMs = 1000 * seconds
  const ownMs = isUsed ? Math.max(LEAST_USED_MS, USED_SLACK * toldMs(told, work)) : toldMs(told, work)
  // A processor has other things to do.
  const computingMs = gpu.family === 'software' ? mostMs : Math.min(mostMs, ownMs)
  return computingMs + 2 * roundTripMs + PROOF_GRACE_MS
}

/** Returns what a device may take by its own proof, and by the speed that is told of it: the shorter of both. */
function toldMs(told: ProofCase['told'], work: GpuProofWork): number {
  const { proof = null, speed = null } = told ?? {}
  const own = proof?.size === work.size ? [PROOF_SLACK * proof.ms] : []
  const gflops = speed?.fp32Gflops ?? 0
  const slowest = gflops > 0 ? [(2 * proofOperations(work)) / (10 ** 6 * gflops * LEAST_SHARE)] : []
  const all = [...own, ...slowest]
  return all.length > 0 ? Math.min(...all) : PROOF_SLACK * UNTOLD_PROOF_MS
}

/** A proof takes a small, but not an absurd, share of what a model can do. */
function marksOf({ model }: Gpu, work: GpuProofWork, ms: number): GpuMark[] {
  const reference = referenceGflops(model)
  const gflops = (2 * proofOperations(work)) / ms / 10 ** 6
  return reference !== undefined && gflops < LEAST_SHARE * reference ? ['slow-for-model'] : []
}

function someRows(random: (bytes: number) => Uint8Array, size: number): number[] {
  const bytes = random(4 * GPU_PROOF_ROWS)
  const words = new DataView(bytes.buffer, bytes.byteOffset)
  return Array.from({ length: GPU_PROOF_ROWS }, (_, at) => words.getUint32(4 * at) % size)
}
