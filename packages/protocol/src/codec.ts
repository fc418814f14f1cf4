import * as cbor from '@ipld/dag-cbor'
import type { z } from 'zod'
import { WireError } from './errors.ts'

/** A bounded, strict DAG-CBOR codec for one kind of object. */
export interface Codec<T> {
  /** Encodes a value; throws {@link WireError} `TOO_LARGE` beyond the bound, `MALFORMED` off the schema. */
  encode(value: T): Uint8Array
  /** Decodes bytes; throws {@link WireError} `TOO_LARGE` or `MALFORMED`. */
  decode(bytes: Uint8Array): T
}

/** Makes the codec of `schema`: objects of at most `maxBytes`, named `what` in errors. */
export function codec<S extends z.ZodType>(what: string, schema: S, maxBytes: number): Codec<z.output<S>> {
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
