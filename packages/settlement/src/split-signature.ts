import type { Hex } from '@souk/protocol'

/** Splits a compact signature (EIP-2098) into the parts that transactions and permits carry. */
export function splitSignature(compact: Hex): { r: Hex; s: Hex; yParity: 0 | 1 } {
  const word = BigInt(`0x${compact.slice(66)}`)
  const s = word & ((1n << 255n) - 1n)
  return {
    r: compact.slice(0, 66) as Hex,
    s: `0x${s.toString(16).padStart(64, '0')}`,
    yParity: word >> 255n === 1n ? 1 : 0,
  }
}
