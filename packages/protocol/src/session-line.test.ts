import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type CountedFrame,
  SESSION_CHUNK_BYTES,
  SESSION_OPEN_BYTES,
  type SessionFrame,
  sessionFrameCodec,
  sessionOpeningCodec,
} from './session.ts'
import {
  forgetTaken,
  hasRoom,
  newSessionLine,
  nextFrame,
  queueFrame,
  receiveFrame,
  rewind,
  SESSION_OVERHEAD_BYTES,
  SESSION_WINDOW_BYTES,
  type SessionLine,
  shouldTell,
  takeFrame,
  tellTaken,
} from './session-line.ts'

/** One end of a session in memory: its books, what it took in, and what it has taken of that. */
interface End {
  readonly line: SessionLine
  readonly inbox: CountedFrame[]
  readonly output: CountedFrame[]
}

const newEnd = (): End => ({ line: newSessionLine(), inbox: [], output: [] })

const data = (bytes: number, fill = 1): CountedFrame => ({
  t: 'data',
  channel: 'stdout',
  bytes: new Uint8Array(bytes).fill(fill),
})

const anyFrame: fc.Arbitrary<CountedFrame> = fc.oneof(
  fc.record({
    t: fc.constant('data' as const),
    channel: fc.constantFrom('stdin' as const, 'stdout' as const, 'stderr' as const),
    bytes: fc.uint8Array({ maxLength: 2_000 }),
  }),
  fc.record({ t: fc.constant('end' as const), channel: fc.constant('stdin' as const) }),
  fc.record({
    t: fc.constant('resize' as const),
    columns: fc.integer({ min: 1, max: 500 }),
    rows: fc.integer({ min: 1, max: 500 }),
  }),
)

/** Puts frames on a wire of bytes and returns those that came whole before it was cut after `bytes`. */
function cut(frames: readonly SessionFrame[], bytes: number): SessionFrame[] {
  let at = 0
  return frames
    .map((frame) => sessionFrameCodec.encode(frame))
    .filter((encoded) => {
      at += encoded.byteLength
      return at <= bytes
    })
    .map((encoded) => sessionFrameCodec.decode(encoded))
}

/** Writes all that may go out on one stream, with the news of what was taken where that is due. */
function write({ line }: End, tells: boolean): SessionFrame[] {
  const frames: SessionFrame[] = tells ? [{ t: 'taken', frames: tellTaken(line) }] : []
  for (let next = nextFrame(line); next !== undefined; next = nextFrame(line)) frames.push(next)
  return frames
}

function read({ line, inbox }: End, frames: readonly SessionFrame[]): void {
  for (const frame of frames) {
    if (frame.t === 'taken') forgetTaken(line, frame.frames)
    else if (frame.t !== 'hang-up') {
      receiveFrame(line, frame)
      inbox.push(frame)
    }
  }
}

function take({ line, inbox, output }: End, most: number): void {
  for (const frame of inbox.splice(0, most)) {
    takeFrame(line)
    output.push(frame)
  }
}

/** A new stream: each side says what it has. */
function reconnect(a: End, b: End): void {
  rewind(a.line, b.line.received)
  rewind(b.line, a.line.received)
}

describe('the books of a session', () => {
  it('lose and repeat nothing, wherever streams are cut', () => {
    const stretch = fc.record({
      mine: fc.array(anyFrame, { maxLength: 12 }),
      theirs: fc.array(anyFrame, { maxLength: 12 }),
      cutMine: fc.integer({ min: 0, max: 20_000 }),
      cutTheirs: fc.integer({ min: 0, max: 20_000 }),
      takes: fc.integer({ min: 0, max: 12 }),
      tells: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(stretch, { maxLength: 12 }), (stretches) => {
        const [a, b] = [newEnd(), newEnd()]
        const sent = { a: [] as CountedFrame[], b: [] as CountedFrame[] }
        for (const { mine, theirs, cutMine, cutTheirs, takes, tells } of stretches) {
          for (const [end, frames, all] of [
            [a, mine, sent.a],
            [b, theirs, sent.b],
          ] as const) {
            for (const frame of frames) {
              if (!hasRoom(end.line)) break
              queueFrame(end.line, frame)
              all.push(frame)
            }
          }
          const [fromA, fromB] = [write(a, tells), write(b, tells)]
          read(b, cut(fromA, cutMine))
          read(a, cut(fromB, cutTheirs))
          take(a, takes)
          take(b, takes)
          reconnect(a, b)
        }
        // One stream that holds brings over what is left.
        read(b, write(a, true))
        read(a, write(b, true))
        take(a, Number.POSITIVE_INFINITY)
        take(b, Number.POSITIVE_INFINITY)
        expect(b.output).toEqual(sent.a)
        expect(a.output).toEqual(sent.b)
        read(a, write(b, true))
        read(b, write(a, true))
        expect([a.line.outBytes, b.line.outBytes]).toEqual([0, 0])
      }),
    )
  })

  it('make a sender wait at the window until the other side has taken something', () => {
    const [a, b] = [newEnd(), newEnd()]
    const piece = data(SESSION_CHUNK_BYTES - SESSION_OVERHEAD_BYTES)
    while (hasRoom(a.line)) queueFrame(a.line, piece)
    expect(a.line.outBytes).toBe(SESSION_WINDOW_BYTES)
    read(b, write(a, false))
    expect(shouldTell(b.line)).toBe(false)
    take(b, 2)
    expect(shouldTell(b.line)).toBe(true)
    read(a, [{ t: 'taken', frames: tellTaken(b.line) }])
    expect(hasRoom(a.line)).toBe(true)
    expect(shouldTell(b.line)).toBe(false)
  })

  it('refuse a peer that sends beyond the window', () => {
    const { line } = newEnd()
    const send = () => {
      for (let i = 0; i <= SESSION_WINDOW_BYTES / SESSION_CHUNK_BYTES; i++)
        receiveFrame(line, data(SESSION_CHUNK_BYTES))
    }
    expect(send).toThrow(expect.objectContaining({ code: 'TOO_LARGE' }))
  })

  it('count frames without content, too', () => {
    const { line } = newEnd()
    const send = () => {
      for (let i = 0; i <= SESSION_WINDOW_BYTES / SESSION_OVERHEAD_BYTES; i++)
        receiveFrame(line, { t: 'end', channel: 'stdin' })
    }
    expect(send).toThrow(expect.objectContaining({ code: 'TOO_LARGE' }))
  })

  it.each([
    ['taken that were never sent', (line: SessionLine) => forgetTaken(line, 2)],
    ['received that were never sent', (line: SessionLine) => rewind(line, 2)],
    ['received fewer than it has taken', (line: SessionLine) => rewind(line, 0)],
  ])('refuse a peer that says it has %s', (_, lie) => {
    const { line } = newEnd()
    queueFrame(line, data(1))
    nextFrame(line)
    forgetTaken(line, 1)
    expect(() => lie(line)).toThrow(expect.objectContaining({ code: 'MALFORMED' }))
  })

  it('take no news that is older than what is known', () => {
    const { line } = newEnd()
    for (const bytes of [1, 2]) queueFrame(line, data(bytes))
    nextFrame(line)
    nextFrame(line)
    forgetTaken(line, 2)
    forgetTaken(line, 1)
    expect(line.outTaken).toBe(2)
  })
})

describe('session messages', () => {
  it('refuse a piece above the bound, a field too many, and a command line without end', () => {
    const encode = (frame: unknown) => () => sessionFrameCodec.encode(frame as SessionFrame)
    expect(encode(data(SESSION_CHUNK_BYTES + 1))).toThrow(expect.objectContaining({ code: 'MALFORMED' }))
    expect(encode({ t: 'hang-up', why: 'x' })).toThrow(expect.objectContaining({ code: 'MALFORMED' }))
    const opening = {
      ...{ t: 'open' as const, v: 1 as const, lease: `0x${'11'.repeat(32)}` as const, attempt: null },
      session: `0x${'22'.repeat(16)}` as const,
      purpose: {
        kind: 'exec' as const,
        command: Array.from({ length: 256 }, () => 'x'.repeat(4096)),
        terminal: null,
      },
    }
    expect(opening.purpose.command.join('').length).toBeGreaterThan(SESSION_OPEN_BYTES)
    expect(() => sessionOpeningCodec.encode(opening)).toThrow(expect.objectContaining({ code: 'TOO_LARGE' }))
  })
})
