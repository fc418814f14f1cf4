import type { Hex } from '@souk/protocol'
import { getAddress, isAddress } from 'viem/utils'

/** Reads an address that a person typed, in lower case; undefined where it is none or its checksum is wrong (EIP-55). */
export function parseAddress(text: string): Hex | undefined {
  if (!/^0x[0-9a-f]{40}$/i.test(text)) return undefined
  const isPlain = text.slice(2) === text.slice(2).toLowerCase()
  return isPlain || isAddress(text) ? (text.toLowerCase() as Hex) : undefined
}

/** Writes an address with its checksum in the case of its letters (EIP-55), as wallets show it. */
export function checksumAddress(address: Hex): Hex {
  return getAddress(address)
}
