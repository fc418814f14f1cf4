import type { ByteReader } from './byte-reader.ts'
import { unsupported } from './det-error.ts'

/** Codes of the value types of the engine. */
export const VALUE = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b, funcref: 0x70 } as const

/** Returns the type code of a value. Throws `DetError` for types that are no part of the engine. */
export function readValueType(reader: ByteReader): number {
  const code = reader.byte()
  if ((code >= VALUE.v128 && code <= VALUE.i32) || code === VALUE.funcref) return code
  throw unsupported('numbers, vectors and function references', `the value type 0x${code.toString(16)}`)
}
