import { z } from 'zod'
import type { Hex } from './bytes.ts'
import { type Codec, codec } from './codec.ts'
import { sha256Hex } from './content.ts'
import { LIMITS } from './limits.ts'
import { oncePerObject } from './once-per-object.ts'
import { whenRead } from './quick-form.ts'
import { cid, count, uint } from './schema.ts'
import { sortedFiles } from './task.ts'

/** How a program ended by its own doing: the same on every honest machine. */
export const outputStatus = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('exit'), code: count(2 ** 32 - 1) }),
  z.strictObject({ kind: z.literal('trap') }),
  z.strictObject({ kind: z.literal('out-of-fuel') }),
  z.strictObject({ kind: z.literal('output-limit') }),
])
export type OutputStatus = z.output<typeof outputStatus>

/** What a task produced; its SHA-256 is what replicas compare (PROTOCOL §8). */
export const output = z.strictObject({
  v: z.literal(1),
  status: outputStatus,
  /** Instructions used; 0 where the engine does not meter. */
  fuel: uint(64),
  stdout: cid,
  files: sortedFiles,
})
export type Output = z.output<typeof output>

export const outputCodec: Codec<Output> = codec('output', output, LIMITS.objectBytes)

const named = (bytes: Uint8Array) => ({ digest: sha256Hex(bytes), byteLength: bytes.byteLength })
const encoded = oncePerObject((value: Output) => named(outputCodec.encode(value)))
// What is read has its name from the very bytes, inside of whatever they came.
whenRead(output, (value, bytes) => encoded.note(value as Output, named(bytes)))

/** Returns the digest that replicas compare and the provider signs. An output is not changed once it has one. */
export function outputDigest(value: Output): Hex {
  return encoded(value).digest
}

/** Returns the length of the output's DAG-CBOR form; throws {@link WireError} for one that has none. */
export function outputBytes(value: Output): number {
  return encoded(value).byteLength
}

/**
 * Why an attempt yielded no output. Honest machines differ here, so failures are never signed, compared or
 * judged.
 */
export const failureCode = z.enum([
  'deadline',
  'killed',
  'out-of-memory',
  'missing-input',
  'bad-program',
  'cancelled',
  'refused',
  'device-lost',
  'internal',
])
export type FailureCode = z.output<typeof failureCode>
