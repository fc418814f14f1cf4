import { addressOf, type CourtId, type CourtStructs, type Hex, signCourtStruct } from '@souk/protocol'

/** Signs structs of one court with a key. Deterministic (RFC 6979), so it may be part of a pure program. */
export interface CourtSigner {
  readonly court: CourtId
  readonly address: Hex
  sign<T extends keyof CourtStructs>(type: T, message: CourtStructs[T]): Hex
}

/** Makes the signer of a 32-byte key before one court. */
export function courtSigner(court: CourtId, privateKey: Uint8Array): CourtSigner {
  return {
    court,
    address: addressOf(privateKey),
    sign: (type, message) => signCourtStruct(privateKey, court, type, message),
  }
}
