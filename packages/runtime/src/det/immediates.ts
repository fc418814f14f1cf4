import type { ByteReader } from './byte-reader.ts'
import { unsupported } from './det-error.ts'
import { NUMBER, OTHER } from './float-sites.ts'
import { IMMEDIATE, type Shape } from './opcodes.ts'
import { readValueType, VALUE } from './value-types.ts'

/** Passes over what follows an opcode; returns what a constant leaves on the stack. */
export function readImmediate(reader: ByteReader, { immediate, pops }: Shape, code: number): number {
  const { at } = reader
  switch (immediate) {
    case IMMEDIATE.leb:
      if (code === REF_NULL && reader.bytes[at] !== VALUE.funcref)
        throw unsupported('function references alone', 'another reference')
      reader.skipLeb()
      return OTHER
    case IMMEDIATE.lebs:
      reader.skipLeb()
      reader.skipLeb()
      return OTHER
    case IMMEDIATE.memory:
    case IMMEDIATE.memoryLane:
      if (reader.uint() >= MEMORY_INDEX_FLAG) throw unsupported('one memory', 'a memory index')
      reader.skipLeb()
      reader.skip(immediate === IMMEDIATE.memoryLane ? 1 : 0)
      return OTHER
    case IMMEDIATE.byte:
      reader.skip(1)
      return OTHER
    case IMMEDIATE.four:
      reader.skip(4)
      return isNumber(reader.bytes.subarray(at, at + 4)) ? NUMBER : OTHER
    case IMMEDIATE.eight:
      reader.skip(8)
      return isNumber(reader.bytes.subarray(at, at + 8)) ? NUMBER : OTHER
    case IMMEDIATE.sixteen:
      reader.skip(16)
      return isNumber(reader.bytes.subarray(at, at + 16)) && pops === 0 ? NUMBER : OTHER
    case IMMEDIATE.types:
      for (let left = reader.uint(); left > 0; left -= 1) readValueType(reader)
      return OTHER
    default:
      return OTHER
  }
}

const REF_NULL = 0xd0
/** Bit of an alignment that says that a memory index follows. */
const MEMORY_INDEX_FLAG = 64
/** Tells whether a constant is no NaN, in whatever format. */
function isNumber(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 0; at < bytes.byteLength; at += 4) if (Number.isNaN(view.getFloat32(at, true))) return false
  for (let at = 0; at + 8 <= bytes.byteLength; at += 8)
    if (Number.isNaN(view.getFloat64(at, true))) return false
  return true
}
