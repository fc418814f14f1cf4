import { assert, WireError } from './errors.ts'
import type { CountedFrame } from './session.ts'

/** Bytes that one side may have sent and the other has not taken, and so all that either keeps (PROTOCOL §13.3). */
export const SESSION_WINDOW_BYTES = 1_048_576
/** Bytes that a frame counts beside its content: frames without any must not cost nothing. */
export const SESSION_OVERHEAD_BYTES = 64

/** One side's books of a session: what it keeps to send again, and how much of the other's it has. */
export interface SessionLine {
  /** Our frames that the other side has not taken, oldest first. */
  readonly out: CountedFrame[]
  outBytes: number
  /** How many of ours the other side has taken, and how many went out on the present stream or before. */
  outTaken: number
  outSent: number
  /** How many of theirs came, were taken by our user, and were told to be. */
  received: number
  taken: number
  told: number
  /** Bytes of frames that came and were not told to be taken. */
  readonly held: number[]
  heldBytes: number
  /** Of these, bytes of frames that were taken. */
  untoldBytes: number
}

/** Makes the books of a new session. */
export function newSessionLine(): SessionLine {
  return {
    ...{ out: [], outBytes: 0, outTaken: 0, outSent: 0 },
    ...{ received: 0, taken: 0, told: 0, held: [], heldBytes: 0, untoldBytes: 0 },
  }
}

/** Returns the bytes that a frame counts in the window. */
export function frameBytes(frame: CountedFrame): number {
  return SESSION_OVERHEAD_BYTES + (frame.t === 'data' ? frame.bytes.byteLength : 0)
}

/** Tells whether one more frame may be queued. */
export function hasRoom(line: SessionLine): boolean {
  return line.outBytes < SESSION_WINDOW_BYTES
}

/** Queues a frame of ours; the caller has waited for room. */
export function queueFrame(line: SessionLine, frame: CountedFrame): void {
  assert(hasRoom(line), 'a session frame was queued beyond the window')
  line.out.push(frame)
  line.outBytes += frameBytes(frame)
}

/** Returns the next frame that has to go out on the present stream, and counts it as sent. */
export function nextFrame(line: SessionLine): CountedFrame | undefined {
  const frame = line.out[line.outSent - line.outTaken]
  if (frame !== undefined) line.outSent += 1
  return frame
}

/**
 * Begins a new stream: goes on behind the `received` frames that the other side has.
 *
 * Throws {@link WireError} `MALFORMED` for a number that cannot be.
 */
export function rewind(line: SessionLine, received: number): void {
  if (received < line.outTaken || received > line.outSent) throw impossible('received', received)
  line.outSent = received
}

/** Forgets frames that the other side has taken. Throws {@link WireError} `MALFORMED` for more than were sent. */
export function forgetTaken(line: SessionLine, taken: number): void {
  // One that was told before the last one, and came on a stream that was lost meanwhile.
  if (taken <= line.outTaken) return
  if (taken > line.outSent) throw impossible('taken', taken)
  const gone = line.out.splice(0, taken - line.outTaken)
  line.outBytes -= gone.reduce((sum, frame) => sum + frameBytes(frame), 0)
  line.outTaken = taken
}

/** Counts a frame that came. Throws {@link WireError} `TOO_LARGE` for one beyond the window. */
export function receiveFrame(line: SessionLine, frame: CountedFrame): void {
  if (line.heldBytes >= SESSION_WINDOW_BYTES) {
    throw new WireError(
      `expected at most ${SESSION_WINDOW_BYTES} bytes that nobody took, got more; stream reset`,
      { code: 'TOO_LARGE', what: 'session' },
    )
  }
  line.received += 1
  line.held.push(frameBytes(frame))
  line.heldBytes += frameBytes(frame)
}

/** Counts a frame of theirs as taken by our user. */
export function takeFrame(line: SessionLine): void {
  assert(line.taken < line.received, 'a session frame was taken that never came')
  line.untoldBytes += line.held[line.taken - line.told] ?? 0
  line.taken += 1
}

/** Returns the number of frames taken, to be told to the other side now. */
export function tellTaken(line: SessionLine): number {
  line.held.splice(0, line.taken - line.told)
  line.heldBytes -= line.untoldBytes
  line.untoldBytes = 0
  line.told = line.taken
  return line.taken
}

/** Tells whether enough was taken since the other side last heard that it should hear before it has to wait. */
export function shouldTell(line: SessionLine): boolean {
  return line.untoldBytes >= SESSION_WINDOW_BYTES / 8
}

function impossible(what: string, frames: number): WireError {
  return new WireError(`expected a number of frames ${what} that fits what was sent, got ${frames}`, {
    code: 'MALFORMED',
    what: 'session',
  })
}
