import type { Readable } from 'node:stream'

const HEADER = 8

/** A piece of what a process wrote. */
export interface Piece {
  readonly stream: 'stdout' | 'stderr'
  readonly bytes: Buffer
}

/**
 * Takes apart the two streams that the Docker Engine sends as one: eight bytes (stream, three zeros, length as a
 * big-endian number), then so many of that stream. Pieces come as they arrive; the source waits for the reader.
 */
export async function* pieces(source: Readable): AsyncGenerator<Piece> {
  let header = Buffer.alloc(0)
  let left = 0
  let stream: Piece['stream'] = 'stdout'
  for await (const chunk of source) {
    for (let rest: Buffer = chunk; rest.length > 0; ) {
      if (left === 0) {
        const needed = HEADER - header.length
        header = Buffer.concat([header, rest.subarray(0, needed)])
        rest = rest.subarray(needed)
        if (header.length < HEADER) break
        stream = header[0] === 2 ? 'stderr' : 'stdout'
        left = header.readUInt32BE(4)
        header = Buffer.alloc(0)
        continue
      }
      const bytes = rest.subarray(0, left)
      left -= bytes.length
      rest = rest.subarray(bytes.length)
      yield { stream, bytes }
    }
  }
}
