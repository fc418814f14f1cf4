import { concat } from 'uint8arrays/concat'
import { z } from 'zod'
import { fromHex, type Hex, toHex, utf8 } from './bytes.ts'
import { type Codec, codec } from './codec.ts'
import { sha256 } from './content.ts'
import { WireError } from './errors.ts'
import { type NetworkId, networkPath } from './network-id.ts'
import { merkleRoot, merkleTree, rootOfPath } from './receipt.ts'
import type { GpuFamily } from './resources.ts'
import { bytes, count, digest, text } from './schema.ts'

/** Rows and columns of the largest proof: three matrices of 64 MiB, which every WebGPU device can hold. */
export const GPU_PROOF_SIZE = 4_096
/** Bytes of one message of a proof: an opened row of the largest size, and its path. */
export const GPU_PROOF_MESSAGE_BYTES = 20 * 1024
/** Rows that are opened of one proof: a prover that skipped a tenth is caught 97 times in 100. */
export const GPU_PROOF_ROWS = 32

/** How much is to be computed: the product of `rounds` + 1 matrices of `size` × `size` integers modulo 2³². */
export const gpuProofWork = z.strictObject({
  size: z
    .int()
    .min(64)
    .max(GPU_PROOF_SIZE)
    .refine((size) => size % 64 === 0, 'expected a multiple of 64'),
  rounds: count(16).min(1),
})
export type GpuProofWork = z.output<typeof gpuProofWork>

/** Why a provider's device gives no proof. */
export const gpuProofCode = z.enum(['unknown-lease', 'no-gpu', 'too-often', 'too-much', 'failed'])
export type GpuProofCode = z.output<typeof gpuProofCode>

/** Messages of the requester, in this order (PROTOCOL §14.1). */
export const gpuProofQuestion = z.discriminatedUnion('t', [
  z.strictObject({ t: z.literal('ask'), v: z.literal(1), lease: digest, gpu: text(96), work: gpuProofWork }),
  z.strictObject({ t: z.literal('seed'), nonce: digest }),
  z.strictObject({
    t: z.literal('open'),
    rows: z
      .array(count(GPU_PROOF_SIZE - 1))
      .min(1)
      .max(GPU_PROOF_ROWS),
  }),
])
export type GpuProofQuestion = z.output<typeof gpuProofQuestion>

/** Messages of the provider: `refused` ends the proof, one `row` comes for each that was opened. */
export const gpuProofAnswer = z.discriminatedUnion('t', [
  z.strictObject({ t: z.literal('refused'), code: gpuProofCode, message: text(512) }),
  z.strictObject({ t: z.literal('ready') }),
  z.strictObject({ t: z.literal('committed'), root: digest }),
  z.strictObject({
    t: z.literal('row'),
    row: count(GPU_PROOF_SIZE - 1),
    /** The row's numbers, four bytes each, high byte first. */
    values: bytes(4 * GPU_PROOF_SIZE),
    path: z.array(digest).max(12),
  }),
])
export type GpuProofAnswer = z.output<typeof gpuProofAnswer>

export const gpuProofQuestionCodec: Codec<GpuProofQuestion> = codec(
  'question for a proof of GPU',
  gpuProofQuestion,
  GPU_PROOF_MESSAGE_BYTES,
)
export const gpuProofAnswerCodec: Codec<GpuProofAnswer> = codec(
  'proof of GPU',
  gpuProofAnswer,
  GPU_PROOF_MESSAGE_BYTES,
)

/** Returns the standard proof of a family, which offers tell the time of: a second or less on what is in use. */
export function standardWork(family: GpuFamily): GpuProofWork {
  return family === 'software' ? { size: 512, rounds: 1 } : { size: GPU_PROOF_SIZE, rounds: 8 }
}

/** Multiplications, each with an addition, that a prover does. */
export function proofOperations({ size, rounds }: GpuProofWork): number {
  return size ** 3 * rounds
}

/** What a proof is bound to: none of another network, lease, process, device or time serves. */
export interface ProofSubject {
  readonly network: NetworkId
  /** All zero where a provider asks its own device. */
  readonly lease: Hex
  /** The provider's process. */
  readonly subject: Hex
  /** The device's id. */
  readonly gpu: string
  readonly nonce: Hex
}

/** Returns the seed of a proof's matrices, 32 bytes. */
export function proofSeed({ network, lease, subject, gpu, nonce }: ProofSubject): Uint8Array {
  const parts = [utf8('souk proof of GPU 1'), utf8(networkPath(network)), fromHex(lease), fromHex(subject)]
  return sha256(concat([...parts, utf8(gpu), fromHex(nonce)].map(sha256)))
}

/** Returns the keys of all matrices, two words each: the first eight bytes of SHA-256(seed ‖ number), high byte first. */
export function matrixKeys(seed: Uint8Array, rounds: number): Uint32Array {
  const keys = new Uint32Array(2 * (rounds + 1))
  for (let matrix = 0; matrix <= rounds; matrix++) {
    const words = new DataView(sha256(concat([seed, Uint8Array.of(matrix)])).buffer)
    keys[2 * matrix] = words.getUint32(0)
    keys[2 * matrix + 1] = words.getUint32(4)
  }
  return keys
}

/** Weyl constant of SplitMix (Steele, Lea, Flood 2014) for 32 bits: 2³² over the golden ratio, odd. */
export const STEP = 0x9e3779b9 | 0

/** Mixes 32 bits: the finaliser of MurmurHash3 (Appleby, public domain). */
export function mix(word: number): number {
  let x = Math.imul(word ^ (word >>> 16), 0x85ebca6b)
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35)
  return x ^ (x >>> 16)
}

/** Returns where the numbers of a row begin: column j of it is `mix` of this plus (j + 1) × {@link STEP}. */
export function rowStart(keys: Uint32Array, matrix: number, row: number): number {
  const [first = 0, second = 0] = keys.subarray(2 * matrix, 2 * matrix + 2)
  return mix(mix((first + Math.imul(row, STEP)) | 0) ^ second)
}

/** Returns the root over the rows' digests, 32 bytes each and one behind the other: what a prover commits to. */
export function proofRoot(digests: Uint8Array): Hex {
  return merkleRoot(proofLeaves(digests), GPU_PROOF_SIZE)
}

/** Returns the path of each row to that root. */
export function proofPaths(digests: Uint8Array): Hex[][] {
  return merkleTree(proofLeaves(digests), GPU_PROOF_SIZE).paths
}

/** Returns the root that an opened row leads to. Throws {@link WireError} `MALFORMED` for a path of another length. */
export function rootOfRow(values: Uint8Array, row: number, size: number, path: readonly Hex[]): Hex {
  if (row < size) return rootOfPath(leafOf(sha256(values)), row, size, path)
  throw new WireError(`expected a row below ${size}, got ${row}`, { code: 'MALFORMED', what: 'proof of GPU' })
}

function proofLeaves(digests: Uint8Array): Uint8Array[] {
  const rows = digests.byteLength / 32
  return Array.from({ length: rows }, (_, row) => leafOf(digests.subarray(32 * row, 32 * row + 32)))
}

function leafOf(rowDigest: Uint8Array): Uint8Array {
  return sha256(concat([Uint8Array.of(0), rowDigest]))
}

/** Returns a row's numbers from their bytes. */
export function rowNumbers(values: Uint8Array): Int32Array {
  const view = new DataView(values.buffer, values.byteOffset, values.byteLength)
  return Int32Array.from({ length: values.byteLength / 4 }, (_, column) => view.getInt32(4 * column))
}

/** Returns the bytes of a row's numbers. */
export function rowBytes(numbers: Int32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * numbers.length))
  numbers.forEach((number, column) => {
    view.setInt32(4 * column, number)
  })
  return new Uint8Array(view.buffer)
}

/** Returns 32 bytes of zeros: stands for the lease where a provider asks its own device. */
export const NO_LEASE: Hex = toHex(new Uint8Array(32))
