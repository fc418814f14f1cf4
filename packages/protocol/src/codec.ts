import * as cbor from '@ipld/dag-cbor'
import type { z } from 'zod'
import { WireError } from './errors.ts'
import { type QuickCodec, quickCodec } from './quick-codec.ts'
import { LEFT } from './quick-form.ts'

/** A bounded, strict DAG-CBOR codec for one kind of object. */
export interface Codec<T> {
  /** Encodes a value; throws {@link WireError} `TOO_LARGE` beyond the bound, `MALFORMED` off the schema. */
  encode(value: T): Uint8Array
  /** Decodes bytes; throws {@link WireError} `TOO_LARGE` or `MALFORMED`. */
  decode(bytes: Uint8Array): T
}

/**
 * Makes the codec of `schema`: objects of at most `maxBytes`, named `what` in errors.
 *
 * The schema is the reference. What is certain goes the short way that is made of it, the rest and everything that is
 * wrong through the schema itself.
 */
export function codec<S extends z.ZodType>(what: string, schema: S, maxBytes: number): Codec<z.output<S>> {
  const slow = schemaCodec(what, schema, maxBytes)
  let made: { readonly quick: QuickCodec | undefined } | undefined
  const quick = () => {
    // At its first use: all that belongs to the schema is there by then.
    made ??= { quick: quickCodec(schema) }
    return made.quick
  }
  return {
    encode(value) {
      const bytes = quick()?.encode(value)
      return bytes === undefined ? slow.encode(value) : bounded(what, bytes, maxBytes)
    },
    decode(bytes) {
      const value = quick()?.decode(bounded(what, bytes, maxBytes)) ?? LEFT
      return value === LEFT ? slow.decode(bytes) : (value as z.output<S>)
    },
  }
}

/** Makes the same codec of the schema alone. */
export function schemaCodec<S extends z.ZodType>(
  what: string,
  schema: S,
  maxBytes: number,
): Codec<z.output<S>> {
  return {
    encode(value) {
      const wire = schema.safeEncode(value as never)
      if (!wire.success) throw malformed(what, wire.error)
      return bounded(what, cbor.encode(wire.data), maxBytes)
    },
    decode(bytes) {
      const parsed = schema.safeDecode(decodeCbor(what, bounded(what, bytes, maxBytes)) as never)
      if (!parsed.success) throw malformed(what, parsed.error)
      return parsed.data
    },
  }
}

function bounded(what: string, bytes: Uint8Array, max: number): Uint8Array {
  if (bytes.byteLength <= max) return bytes
  throw new WireError(
    `${what}: expected at most ${max} bytes, got ${bytes.byteLength}; send less, or move content to blocks`,
    { code: 'TOO_LARGE', what },
  )
}

function decodeCbor(what: string, bytes: Uint8Array): unknown {
  try {
    return cbor.decode(bytes)
  } catch (cause) {
    throw new WireError(
      `${what}: expected DAG-CBOR, got ${bytes.byteLength} bytes that are not; check the peer's version`,
      { code: 'MALFORMED', what },
      { cause },
    )
  }
}

function malformed(what: string, error: z.core.$ZodError): WireError {
  const issue = error.issues[0]
  const where = issue?.path.join('.') || 'the object itself'
  return new WireError(
    `${what}: ${issue?.message ?? 'unexpected form'} at ${where}; check the peer's version (PROTOCOL §2)`,
    { code: 'MALFORMED', what },
    { cause: error },
  )
}
