import { type Curve, useCurve } from '@souk/protocol'

/** Loads libsecp256k1 as WebAssembly: several times as fast as the portable curve, and the same bytes. */
export async function loadFastCurve(): Promise<Curve> {
  const { recover, signRecoverable } = await import('tiny-secp256k1')
  return {
    sign(digest, privateKey) {
      const { signature, recoveryId } = signRecoverable(digest, privateKey)
      return { signature, parity: recoveryId & 1 }
    },
    recover: (digest, signature, parity) => recover(digest, signature, parity, false),
  }
}

/** Has this process sign and verify with the curve of {@link loadFastCurve}; for those that do it all the time. */
export async function useFastCurve(): Promise<void> {
  useCurve(await loadFastCurve())
}
