import { ProgramError, validateProgram } from './program.ts'

/**
 * Instructions after which honest machines may differ: atomics and relaxed SIMD in anything, the others by the
 * sign and payload of a NaN, which WebAssembly leaves open (core 2.0 §4.3.3). Scalar floats alone do no harm: a
 * NaN's bits show only where they are stored, reinterpreted, or lend their sign.
 */
const UNDETERMINED =
  /atomic|relaxed|^f32x4_|^f64x2_|_f(?:32x4|64x2)_|^f(?:32|64)_(?:store|copysign)$|reinterpret_f/

/**
 * Throws {@link ProgramError} `UNDETERMINED`, or what {@link validateProgram} throws, unless honest machines that
 * run this program on equal tasks to a normal exit give equal outputs: only then may a jury judge one.
 *
 * Refuses more than it must: code that is never reached counts, too.
 */
export async function requireJudgeable(program: Uint8Array): Promise<void> {
  validateProgram(program)
  const instruction = await findInstruction(program, UNDETERMINED)
  if (instruction === undefined) return
  throw new ProgramError(
    `expected a program whose results every machine gives alike, got one with ${instruction}; compile it without ` +
      'threads, relaxed SIMD and, for now, without floats that are stored (printf brings some)',
    { code: 'UNDETERMINED', instruction },
  )
}

/** `BinaryReaderState.CODE_OPERATOR`, a constant that the compiler's settings keep us from naming. */
const CODE_OPERATOR = 30

/** Returns the first instruction of a valid module whose name matches. */
async function findInstruction(program: Uint8Array, pattern: RegExp): Promise<string | undefined> {
  // Loaded here alone: only challengers and jurors read code.
  const { BinaryReader, OperatorCodeNames } = await import('wasmparser')
  const bytes = Uint8Array.from(program)
  const reader = new BinaryReader()
  reader.setData(bytes.buffer, 0, bytes.length)
  while (reader.read()) {
    if (reader.state !== CODE_OPERATOR) continue
    const { code } = reader.result as { code: number }
    const name = OperatorCodeNames[code] ?? `instruction ${code}`
    if (pattern.test(name.replaceAll('.', '_'))) return name
  }
  if (reader.error !== null && reader.error !== undefined) return 'code that the parser does not know'
  return undefined
}
