import { addressOf, PORTABLE_CURVE, recoverSigner, signDigest, toHex } from '@souk/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { loadFastCurve, useFastCurve } from './fast-curve.ts'

const FAST_CURVE = await loadFastCurve()

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
/** Below the order of the curve by its first byte, and not zero. */
const key = bytes(32).map((raw) =>
  Uint8Array.from([raw[0] ?? 0, ...raw.slice(1)], (b, i) => (i === 0 ? (b & 0x7f) | 1 : b)),
)

test('signs the same bytes as the portable curve', () => {
  fc.assert(
    fc.property(key, bytes(32), (privateKey, digest) => {
      expect(FAST_CURVE.sign(digest, privateKey)).toEqual(PORTABLE_CURVE.sign(digest, privateKey))
    }),
  )
})

test('recovers the same key as the portable curve, or none where that finds none', () => {
  const recovered = (curve: typeof FAST_CURVE, args: Parameters<typeof FAST_CURVE.recover>) => {
    try {
      return curve.recover(...args)
    } catch {
      return null
    }
  }
  const edges = fc.constantFrom(
    ...['00'.repeat(32), 'ff'.repeat(32), `${'00'.repeat(31)}01`].map((hex) =>
      Uint8Array.from(Buffer.from(hex, 'hex')),
    ),
  )
  const half = fc.oneof({ weight: 3, arbitrary: key }, edges)
  fc.assert(
    fc.property(bytes(32), half, half, fc.constantFrom(0, 1), (digest, r, s, parity) => {
      const args = [digest, Uint8Array.from([...r, ...s]), parity] as const
      expect(recovered(FAST_CURVE, [...args])).toEqual(recovered(PORTABLE_CURVE, [...args]))
    }),
  )
})

test('signatures of the protocol are the same either way', async () => {
  const privateKey = new Uint8Array(32).fill(7)
  const digest = toHex(new Uint8Array(32).fill(9))
  const portable = signDigest(privateKey, digest)
  await useFastCurve()
  expect(signDigest(privateKey, digest)).toBe(portable)
  expect(recoverSigner(digest, portable)).toBe(addressOf(privateKey))
})
