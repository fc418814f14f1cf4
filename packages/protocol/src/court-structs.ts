import { hashTypedData } from 'viem/utils'
import type { Hex } from './bytes.ts'
import { WireError } from './errors.ts'
import { recoverSigner, signDigest } from './signature.ts'

/** What tells courts apart: the domain under which everything below is signed. */
export interface CourtId {
  readonly chainId: number
  /** Address of the contract. */
  readonly court: Hex
}

/** Every struct that is signed for a court (PROTOCOL §12.1). Field order is the contract's. */
export const COURT_TYPES = {
  Vote: [
    { name: 'subject', type: 'bytes32' },
    { name: 'value', type: 'bytes32' },
  ],
  Enrol: [{ name: 'account', type: 'address' }],
  Probe: [{ name: 'nonce', type: 'bytes32' }],
  Plea: [
    { name: 'subject', type: 'bytes32' },
    { name: 'peerId', type: 'string' },
  ],
} as const

/** What one watcher saw of a subject, or what one juror found; two values for one subject burn its stake. */
export interface Vote {
  readonly subject: Hex
  readonly value: Hex
}

/** The structs by name. */
export interface CourtStructs {
  Vote: Vote
  /** A key's consent to take a place in the table with the stake of `account`. */
  Enrol: { readonly account: Hex }
  /** A subject's answer to a probe; off chain only. */
  Probe: { readonly nonce: Hex }
  /** Says at which peer a juror gets what a dispute is about; off chain only. */
  Plea: { readonly subject: Hex; readonly peerId: string }
}

/** Returns the EIP-712 digest that is signed for `message` before `court`. */
export function courtDigest<T extends keyof CourtStructs>(
  { chainId, court }: CourtId,
  type: T,
  message: CourtStructs[T],
): Hex {
  return hashTypedData({
    domain: { name: 'Souk Court', version: '1', chainId, verifyingContract: court },
    types: COURT_TYPES,
    primaryType: type,
    message,
  } as Parameters<typeof hashTypedData>[0])
}

/** Signs a struct for `court` with a 32-byte key; returns the compact form of 64 bytes. */
export function signCourtStruct<T extends keyof CourtStructs>(
  privateKey: Uint8Array,
  court: CourtId,
  type: T,
  message: CourtStructs[T],
): Hex {
  return signDigest(privateKey, courtDigest(court, type, message))
}

/** Throws {@link WireError} `BAD_SIGNATURE` unless `signer` signed this struct for `court`. */
export function requireCourtSigned<T extends keyof CourtStructs>(
  court: CourtId,
  type: T,
  message: CourtStructs[T],
  signature: Hex,
  signer: Hex,
): void {
  const actual = recoverSigner(courtDigest(court, type, message), signature)
  if (actual === signer.toLowerCase()) return
  throw new WireError(
    `expected ${type} signed for the court by ${signer}, got a signature of ${actual}; message dropped`,
    { code: 'BAD_SIGNATURE', what: type },
  )
}

/** Tells whether `signer` signed this struct for `court`; malformed signatures are not. */
export function isCourtSigned<T extends keyof CourtStructs>(
  court: CourtId,
  type: T,
  message: CourtStructs[T],
  signature: Hex,
  signer: Hex,
): boolean {
  try {
    requireCourtSigned(court, type, message, signature, signer)
    return true
  } catch (error) {
    if (error instanceof WireError) return false
    throw error
  }
}
