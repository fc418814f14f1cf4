import { z } from 'zod'
import { type Hex, toHex } from './bytes.ts'
import { type Codec, codec } from './codec.ts'
import { sha256 } from './content.ts'
import { LIMITS } from './limits.ts'
import { prices } from './offer.ts'
import { resources, runtimeName } from './resources.ts'
import { address, count, digest, uint } from './schema.ts'

/** The EIP-712 quote as it travels; the same fields as `Quote` of `eip712.ts`. */
export const quote = z.strictObject({
  provider: address,
  requester: address,
  resultSigner: address,
  voucherSigner: address,
  rate: uint(128),
  startFee: uint(96),
  deposit: uint(96),
  bond: uint(96),
  resultBond: uint(96),
  slotPenalty: uint(96),
  openBefore: count(2 ** 40 - 1),
  blocks: count(2 ** 32 - 1),
  notice: count(2 ** 32 - 1),
  prepay: count(2 ** 32 - 1),
  terms: digest,
  salt: digest,
})

/** What a provider lets its requester ask of the leased GPUs while the lease is paid for (PROTOCOL §14.1). */
export const proofTerms = z.strictObject({
  /** Proofs of each GPU in any hour. */
  perHour: count(60).min(1),
  /** Seconds of the GPU that one may take. */
  seconds: count(300).min(1),
})
export type ProofTerms = z.output<typeof proofTerms>

/** What makes a lease a reservation: nothing runs on it, it keeps capacity for leases that name it (PROTOCOL §15). */
export const holdTerms = z.strictObject({
  /** Unix seconds from which the capacity can be leased by whoever holds it. */
  from: count(2 ** 40 - 1),
  /** Unix seconds at which the capacity is let go unless it was leased until then. */
  claimBy: count(2 ** 40 - 1),
  /** Unix seconds at which it is let go. */
  until: count(2 ** 40 - 1),
  /** What a lease of it costs. */
  prices,
})
export type HoldTerms = z.output<typeof holdTerms>

/** What a quote promises beyond money; the quote carries its digest. */
export const terms = z.strictObject({
  v: z.literal(1),
  /** Exactly this capacity, GPUs by device id. */
  resources,
  runtime: runtimeName,
  network: z.enum(['none']),
  /** Null without GPUs, and where these cannot be proven. */
  proofs: proofTerms.nullable(),
  /** The lease whose executors this one takes over, or the reservation whose capacity. */
  predecessor: digest.nullable(),
  /** Of a reservation alone. */
  hold: holdTerms.optional(),
})
export type Terms = z.output<typeof terms>

export const termsCodec: Codec<Terms> = codec('terms', terms, LIMITS.objectBytes)

/** Returns the digest of `value` that stands in `Quote.terms`. */
export function termsDigest(value: Terms): Hex {
  return toHex(sha256(termsCodec.encode(value)))
}
