import { createCipheriv } from 'node:crypto'

/** Bytes of a file that is fetched over one connection. */
export const WHOLE_BYTES = 256 * 1024 * 1024
/** Bytes of a file that is fetched from peers with a cap. */
export const SHARED_BYTES = 48 * 1024 * 1024
/** Bytes a second that such a peer gives. */
export const CAP_BYTES = 20_000_000
/** Protocol of the raw stream. */
export const RAW_PROTOCOL = '/souk-bench/raw/1'
/** Bytes of one write to a raw stream. */
export const CHUNK_BYTES = 64 * 1024

/** Yields the same bytes everywhere, a mebibyte at a time; none of them repeat, so that every block is one of its own. */
export async function* contentOf(bytes: number): AsyncGenerator<Uint8Array> {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, 1), Buffer.alloc(16))
  const zeros = Buffer.alloc(1024 * 1024)
  for (let at = 0; at < bytes; at += zeros.byteLength) {
    yield new Uint8Array(cipher.update(zeros.subarray(0, Math.min(zeros.byteLength, bytes - at))))
  }
}
