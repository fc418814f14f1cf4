import { Buffer } from 'node:buffer'
import { writevSync } from 'node:fs'
import { serialize } from 'node:v8'
import type { RunnerMessage } from './messages.ts'

/** The descriptor of the pipe to the parent; it was opened before the permission model came into force. */
const PIPE = 4
/** Milliseconds before a full pipe is tried again, where it does not wait by itself. */
const FULL_MS = 1

const pause = new Int32Array(new SharedArrayBuffer(4))

/**
 * Sends a message at once, also while a program keeps the event loop busy: four bytes of length, low byte first,
 * then V8's serialisation. A parent that does not read makes it wait, so that nothing gathers here.
 */
export function tellParent(message: RunnerMessage): void {
  const body = serialize(message)
  const length = Buffer.alloc(4)
  length.writeUInt32LE(body.byteLength)
  const total = 4 + body.byteLength
  for (let sent = 0; sent < total; ) {
    sent += writeSome(sent < 4 ? [length.subarray(sent), body] : [body.subarray(sent - 4)])
  }
}

/** Writes what there is room for and returns the number of bytes. */
function writeSome(parts: Uint8Array[]): number {
  try {
    return writevSync(PIPE, parts)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    // Without a parent there is nobody to run anything for.
    if (code !== 'EAGAIN') process.exit()
    Atomics.wait(pause, 0, 0, FULL_MS)
    return 0
  }
}
