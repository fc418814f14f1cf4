import { fromHex, type Hex, sha256, toHex, utf8 } from '@souk/protocol'

const COMMITMENT = utf8('souk/audit/commitment/1')
const LOT = utf8('souk/audit/lot/1')
const LOT_DIGITS = 12

/**
 * Returns what a requester can publish before a job, so that it can show afterwards that its audits were drawn and
 * not chosen. `secret` is 32 random bytes that nobody else knows before the last result is in.
 */
export function auditCommitment(secret: Hex): Hex {
  return toHex(sha256(concat(COMMITMENT, fromHex(secret))))
}

/** Returns the lot of a result, by its attempt's id, in [0, 1): it is audited where that is below the rate. */
export function auditLot(secret: Hex, attempt: string): number {
  const digest = toHex(sha256(concat(LOT, fromHex(secret), sha256(utf8(attempt)))))
  return Number.parseInt(digest.slice(2, 2 + LOT_DIGITS), 16) / 16 ** LOT_DIGITS
}

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.byteLength
  }
  return all
}
