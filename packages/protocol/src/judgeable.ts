import type { Output } from './output.ts'
import { ProgramError, validateProgram } from './program.ts'
import type { RuntimeName } from './resources.ts'
import { readsSecrets } from './secrets.ts'
import type { Task } from './task.ts'

/** Engines whose results a jury judges. */
const JUDGED_ENGINES: readonly RuntimeName[] = ['wasm/1', 'wasm-det/1']

/** What a jury takes on at most, in any one task: every juror must be able to hold it. */
export const JUDGED = {
  /** Bytes of all inputs together, and of what is fetched beside them. */
  inputBytes: 512 * 1024 * 1024,
  /** Bytes of output: what `wasm/1` takes on at most. */
  outputBytes: 256 * 1024 * 1024,
  /** Pages of 64 KiB: 1 GiB. */
  pages: 16_384,
  /** Frames of `wasm-det/1`: as deep as the engine goes. */
  depth: 10_000,
} as const

/** Throws {@link ProgramError} `BEYOND_COURT` for a task that no jury judges, whatever its program is. */
export function requireJudgeableTask(task: Task): void {
  const { engine, checkpoint, inputs, limits } = task
  const inputBytes = inputs.reduce((sum, [, , bytes]) => sum + bytes, 0)
  if (!JUDGED_ENGINES.includes(engine)) throw beyond(`an engine of ${JUDGED_ENGINES.join(', ')}`, engine)
  if (readsSecrets(task)) throw beyond('no secrets, which no juror has', 'one that reads some')
  if (checkpoint !== null) throw beyond('no checkpoint', checkpoint)
  if (inputBytes > JUDGED.inputBytes) throw beyond(`at most ${JUDGED.inputBytes} bytes of input`, inputBytes)
  if (limits.pages > JUDGED.pages) throw beyond(`at most ${JUDGED.pages} pages of memory`, limits.pages)
  if (engine === 'wasm-det/1' && limits.depth > JUDGED.depth)
    throw beyond(`a call depth of at most ${JUDGED.depth}`, limits.depth)
  if (limits.outputBytes > JUDGED.outputBytes)
    throw beyond(`an output limit of at most ${JUDGED.outputBytes} bytes`, limits.outputBytes)
}

/** Tells whether a jury judges how a task ended: by itself, or in whatever way where the engine counts and fixes all. */
export function isJudgedOutput({ status, fuel }: Pick<Output, 'status' | 'fuel'>): boolean {
  return status.kind === 'exit' || fuel > 0n
}

function beyond(expected: string, got: string | number): ProgramError {
  const sentence = `expected a task with ${expected}, got ${got}; a jury calls it undecidable`
  return new ProgramError(sentence, { code: 'BEYOND_COURT' })
}

/**
 * Instructions after which honest machines may differ: atomics and relaxed SIMD in anything, the others by the
 * sign and payload of a NaN, which WebAssembly leaves open (core 2.0 §4.3.3). Scalar floats alone do no harm: a
 * NaN's bits show only where they are stored, reinterpreted, or lend their sign.
 */
const UNDETERMINED =
  /atomic|relaxed|^f32x4_|^f64x2_|_f(?:32x4|64x2)_|^f(?:32|64)_(?:store|copysign)$|reinterpret_f/

/**
 * Throws {@link ProgramError} `UNDETERMINED`, or what {@link validateProgram} throws, unless honest machines that
 * run this program on equal tasks with this engine, in `wasm/1` to a normal exit, give equal outputs: only then may a jury judge one.
 *
 * Refuses more than it must: code that is never reached counts, too. Of `wasm-det/1` every program qualifies: the
 * engine fixes what the other leaves open, and refuses what it cannot fix.
 */
export async function requireJudgeable(program: Uint8Array, engine: RuntimeName): Promise<void> {
  validateProgram(program)
  if (engine === 'wasm-det/1') return
  const instruction = await findInstruction(program, UNDETERMINED)
  if (instruction === undefined) return
  throw new ProgramError(
    `expected a program whose results every machine gives alike, got one with ${instruction}; compile it without ` +
      'threads, relaxed SIMD and, without floats that are stored (printf brings some), or run it by wasm-det/1',
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
