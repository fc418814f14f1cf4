import type { z } from 'zod'
import { readBase32, toBase32 } from './base32.ts'
import { toHex } from './bytes.ts'
import type { CborReader } from './cbor-reader.ts'
import type { CborWriter } from './cbor-writer.ts'
import { readHex } from './read-hex.ts'

/** What a quick reader returns for bytes that it leaves to the schema. */
export const LEFT: unique symbol = Symbol('left to the schema')

/**
 * The short way between a value and its DAG-CBOR form. What it takes, the schema takes, with the same result; what it
 * leaves is for the schema to take or refuse.
 */
export interface QuickForm {
  /** Writes a value; false, with something half written, for one that it leaves. */
  write(value: unknown, out: CborWriter): boolean
  /** Reads a value; {@link LEFT} for bytes that it leaves. */
  read(input: CborReader): unknown
}

const known = new WeakMap<object, QuickForm>()
const heard = new WeakMap<object, (value: object, bytes: Uint8Array) => void>()

/** Gives a schema its quick form, where that cannot be told from its definition. */
export function withQuickForm<S extends z.ZodType>(schema: S, form: QuickForm): S {
  known.set(schema, form)
  return schema
}

/** Returns the form that a schema was given. */
export function givenForm(schema: z.ZodType): QuickForm | undefined {
  return known.get(schema)
}

/** Has `listener` told of every object of this schema that is read the short way, with the bytes it was read from. */
export function whenRead(schema: z.ZodType, listener: (value: object, bytes: Uint8Array) => void): void {
  heard.set(schema, listener)
}

/** Returns who wants to be told of the objects of a schema. */
export function listenerOf(schema: z.ZodType) {
  return heard.get(schema)
}

/** Byte strings of exactly `length` bytes, hex in memory. */
export function fixedForm(length: number): QuickForm {
  return {
    write(value, out) {
      if (typeof value !== 'string') return false
      out.head(2, length)
      out.reserve(length)
      if (!readHex(value, out.bytes, out.at, length)) return false
      out.at += length
      return true
    },
    read(input) {
      const bytes = input.head(2) === length ? input.take(length) : undefined
      return bytes === undefined ? LEFT : toHex(bytes)
    },
  }
}

/** Plain byte strings of at most `max` bytes. */
export function bytesForm(max: number): QuickForm {
  return {
    write(value, out) {
      if (!(value instanceof Uint8Array) || value.byteLength > max) return false
      out.head(2, value.byteLength)
      out.raw(value)
      return true
    },
    read(input) {
      const bytes = input.take(input.head(2))
      return bytes === undefined || bytes.byteLength > max ? LEFT : new Uint8Array(bytes)
    },
  }
}

/** Bytes of an unsigned integer that a JavaScript number holds. */
const NUMBER_SIZE = 6

/** Unsigned integers of at most `bits`, `bigint` in memory, as minimal big-endian bytes. */
export function uintForm(bits: number): QuickForm {
  const end = 2n ** BigInt(bits)
  return {
    write(value, out) {
      if (typeof value !== 'bigint' || value < 0n || value >= end) return false
      const digits = value === 0n ? '' : value.toString(16)
      const length = (digits.length + 1) >> 1
      out.head(2, length)
      out.reserve(length)
      readHex(digits.length % 2 === 0 ? `0x${digits}` : `0x0${digits}`, out.bytes, out.at, length)
      out.at += length
      return true
    },
    read(input) {
      const bytes = input.take(input.head(2))
      if (bytes === undefined || bytes.byteLength > bits / 8 || bytes[0] === 0) return LEFT
      if (bytes.byteLength > NUMBER_SIZE) return BigInt(toHex(bytes))
      let value = 0
      for (const byte of bytes) value = value * 256 + byte
      return BigInt(value)
    },
  }
}

/** Bytes of a link before those of its address: tag 42, 37 bytes, and the zero that stands for binary. */
const LINK = Uint8Array.of(0xd8, 0x2a, 0x58, 0x25, 0x00)
/** Bytes of a CIDv1 with a code of one byte and SHA-256. */
const CID_SIZE = 36

/** Content addresses, base32 in memory: CIDv1 with SHA-256 and a code of one byte. */
export const cidForm: QuickForm = {
  write(value, out) {
    if (typeof value !== 'string' || value.charCodeAt(0) !== 0x62) return false
    out.raw(LINK)
    out.reserve(CID_SIZE)
    if (!readBase32(value, 1, out.bytes, out.at, CID_SIZE) || !isPlainCid(out.bytes, out.at)) return false
    out.at += CID_SIZE
    return true
  },
  read(input) {
    const bytes = input.skip(LINK) ? input.take(CID_SIZE) : undefined
    return bytes === undefined || !isPlainCid(bytes, 0) ? LEFT : `b${toBase32(bytes)}`
  },
}

function isPlainCid(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 1 && (bytes[at + 1] ?? 255) < 0x80 && bytes[at + 2] === 0x12 && bytes[at + 3] === 0x20
}
