/** Values that each frame of the program keeps while it calls the next: as many as a large function's. */
const LIVE_VALUES = 64

/**
 * Returns a program of `wasm-det/1` of which `frames` (2 to 2^27) are on the stack at once when it is deepest, each of them
 * with so many values that it keeps meanwhile.
 */
export function depthProgram(frames: number, liveValues = LIVE_VALUES): Uint8Array {
  const start = [0x41, ...leb128(frames - 2), 0x10, 1, 0x1a]
  // Loads values, calls itself with one less, and adds up: all of them live across the call.
  const loads = Array.from({ length: liveValues }, (_, i) => [0x41, 0, 0x28, 2, ...leb128(4 * i)]).flat()
  const additions = new Array<number>(liveValues).fill(0x6a)
  const leave = [0x20, 0, 0x45, 0x04, 0x40, 0x41, 0, 0x0f, 0x0b]
  const recurse = [...leave, ...loads, 0x20, 0, 0x41, 1, 0x6b, 0x10, 1, ...additions]
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [2, 0x60, 0, 0, 0x60, 1, 0x7f, 1, 0x7f]),
    ...section(3, [2, 0, 1]),
    ...section(5, [1, 0, 1]),
    ...section(7, [2, ...name('_start'), 0, 0, ...name('memory'), 2, 0]),
    ...section(10, [2, ...code(start), ...code(recurse)]),
  ])
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...leb128(content.length), ...content]
}

function code(body: readonly number[]): number[] {
  return [...leb128(body.length + 2), 0, ...body, 0x0b]
}

function name(text: string): number[] {
  return [text.length, ...new TextEncoder().encode(text)]
}

/** Encodes a non-negative integer, also where it is read as a signed one. */
function leb128(value: number): number[] {
  const bytes = []
  let left = value
  while (left >= 0x40) {
    bytes.push((left & 0x7f) | 0x80)
    left >>>= 7
  }
  return [...bytes, left]
}
