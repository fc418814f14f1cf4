import { inspectProgram } from '@souk/protocol'

const MEMORY_SECTION = 5
/** Flag of limits that carry a maximum (WebAssembly core 2.0 §5.3.8). */
const WITH_MAXIMUM = 1

/**
 * Returns the program with the maximum of its memory lowered to `pages` of 64 KiB, so that `memory.grow`
 * is refused beyond them and nowhere else. Throws `ProgramError` for what `inspectProgram` refuses.
 */
export function limitMemory(program: Uint8Array, pages: number): Uint8Array {
  const { start, end, minPages, maxPages } = inspectProgram(program, pages)
  const memory = [WITH_MAXIMUM, ...leb128(minPages), ...leb128(Math.min(maxPages, pages))]
  const section = [MEMORY_SECTION, ...leb128(1 + memory.length), 1, ...memory]
  const limited = new Uint8Array(start + section.length + program.byteLength - end)
  limited.set(program.subarray(0, start))
  limited.set(section, start)
  limited.set(program.subarray(end), start + section.length)
  return limited
}

/** Encodes an unsigned integer in groups of seven bits, low groups first. */
function leb128(value: number): number[] {
  const bytes = []
  let left = value
  while (left >= 0x80) {
    bytes.push((left & 0x7f) | 0x80)
    left >>>= 7
  }
  return [...bytes, left]
}
