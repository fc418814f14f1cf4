import { fromString } from 'uint8arrays/from-string'
import { toString as encodeBytes } from 'uint8arrays/to-string'

/** Writes JSON in which bigint is `{"$int": "…"}` and bytes are `{"$bytes": "base64"}`. */
export function encodeJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => {
    if (typeof item === 'bigint') return { $int: item.toString() }
    if (item instanceof Uint8Array) return { $bytes: encodeBytes(item, 'base64') }
    return item
  })
}

/** Reads what {@link encodeJson} wrote. */
export function decodeJson(text: string): unknown {
  return JSON.parse(text, (_key, item: unknown) => {
    if (typeof item !== 'object' || item === null) return item
    if ('$int' in item) return BigInt(String(item.$int))
    if ('$bytes' in item) return fromString(String(item.$bytes), 'base64')
    return item
  })
}
