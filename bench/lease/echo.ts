/** Protocol of the raw peer. */
export const ECHO_PROTOCOL = '/souk-bench/echo/1'
/** Bytes before a message: its own length and that of the wanted answer, each 32 bits, big-endian. */
export const HEADER_BYTES = 8

/** Returns a message of `bytes` that asks for an answer of `answerBytes`. */
export function question(bytes: number, answerBytes: number): Uint8Array {
  const message = new Uint8Array(Math.max(bytes, HEADER_BYTES))
  const view = new DataView(message.buffer)
  view.setUint32(0, message.byteLength)
  view.setUint32(4, answerBytes)
  return message
}
