import { concat } from 'uint8arrays/concat'
import { NetworkError } from './errors.ts'

/** Returns the parts of a message behind its length, none of them copied. */
export function prefixedParts(parts: readonly Uint8Array[]): Uint8Array[] {
  return [varint(parts.reduce((sum, part) => sum + part.byteLength, 0)), ...parts]
}

/** Returns a message behind its length as an unsigned varint (PROTOCOL §3). */
export function prefixed(message: Uint8Array): Uint8Array {
  return concat([varint(message.byteLength), message])
}

/** Puts the length before each message of a source. */
export async function* prefixAll(
  source: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  for await (const message of source) yield prefixed(message)
}

/**
 * Makes a transform from chunks to the messages in them.
 *
 * It throws {@link NetworkError} `TOO_LARGE` as soon as a length above `maxBytes` is announced, before any of
 * that message is buffered, and `MALFORMED` for a source that ends inside a message.
 */
export function splitMessages(maxBytes: number) {
  return async function* (source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let parts: Uint8Array[] = []
    let have = 0
    let need: { header: number; total: number } | undefined
    for await (const chunk of source) {
      parts.push(chunk)
      have += chunk.byteLength
      for (;;) {
        need ??= readHeader(joined(parts), maxBytes)
        if (need === undefined || have < need.total) break
        const bytes = joined(parts)
        yield bytes.subarray(need.header, need.total)
        parts = [bytes.subarray(need.total)]
        have -= need.total
        need = undefined
      }
    }
    if (have > 0) throw cutOff('MALFORMED', have)
  }
}

/**
 * Makes a transform as {@link splitMessages} does, with two buffers for all messages: each is valid until the one after
 * the next is asked for. For large ones that are used up soon: a buffer for each keeps the collector busy. They come in
 * pieces, so that one that is cut off counts as a stream that broke, and not as written wrongly.
 */
export function splitInPlace(maxBytes: number) {
  return async function* (source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let buffer = new Uint8Array()
    let other = new Uint8Array()
    let header: number[] = []
    let need: number | undefined
    let have = 0
    for await (const chunk of source) {
      for (let at = 0; at < chunk.byteLength; ) {
        if (need === undefined) {
          header.push(chunk[at++] ?? 0)
          const found = readHeader(Uint8Array.from(header), maxBytes)
          if (found === undefined) continue
          need = found.total - found.header
          header = []
          if (buffer.byteLength < need) buffer = new Uint8Array(need)
        }
        const part = chunk.subarray(at, at + need - have)
        buffer.set(part, have)
        have += part.byteLength
        at += part.byteLength
        if (have < need) continue
        yield buffer.subarray(0, need)
        const next = other
        other = buffer
        buffer = next
        need = undefined
        have = 0
      }
    }
    if (need !== undefined || header.length > 0) throw cutOff('STREAM_CLOSED', have + header.length)
  }
}

function joined(parts: Uint8Array[]): Uint8Array {
  if (parts.length > 1) parts.splice(0, parts.length, concat(parts))
  return parts[0] ?? new Uint8Array()
}

/** Reads a length of at most `maxBytes`; undefined while its bytes are not all there. */
function readHeader(bytes: Uint8Array, maxBytes: number): { header: number; total: number } | undefined {
  let length = 0
  for (const [i, byte] of bytes.entries()) {
    length += (byte % 0x80) * 0x80 ** i
    if (length > maxBytes) throw tooLarge(maxBytes)
    if (byte < 0x80) return { header: i + 1, total: i + 1 + length }
    if (i > 7) throw tooLarge(maxBytes)
  }
  return undefined
}

function varint(value: number): Uint8Array {
  const bytes = []
  let rest = value
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80)
  return Uint8Array.from([...bytes, rest])
}

function tooLarge(maxBytes: number): NetworkError {
  return new NetworkError(
    `expected messages of at most ${maxBytes} bytes, a longer one was announced; stream reset`,
    { code: 'TOO_LARGE' },
  )
}

function cutOff(code: 'MALFORMED' | 'STREAM_CLOSED', bytes: number): NetworkError {
  return new NetworkError(
    `expected whole messages, got ${bytes} bytes of one whose rest never came; stream reset`,
    { code },
  )
}
