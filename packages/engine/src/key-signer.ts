import { addressOf, type NetworkId, signStruct } from '@souk/protocol'
import type { Signer } from './program.ts'

/** Makes the signer of a lease key, 32 bytes, on one network. */
export function keySigner(network: NetworkId, privateKey: Uint8Array): Signer {
  return {
    address: addressOf(privateKey),
    sign: (type, message) => signStruct(privateKey, network, type, message),
  }
}
