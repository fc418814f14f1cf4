import { ByteWriter } from './byte-writer.ts'
import type { Outline } from './outline.ts'
import { VALUE } from './value-types.ts'
import { CODE } from './write-function.ts'

/** Bytes that a bulk instruction moves for one unit of fuel, as a power of two. */
const BULK_BYTES_LOG2 = 4
/** Fuel for a page of 64 KiB that is added to the memory: it must be cleared. */
const PAGE_FUEL = 4_096

/** A function that the engine adds to a module. */
export interface Helper {
  readonly parameters: readonly number[]
  readonly results: readonly number[]
  readonly body: Uint8Array
}

/** Globals of the engine, behind the program's own. */
export interface HelperGlobals {
  readonly fuel: number
  /** Set to 1 where this machine, not the program's limits, had no memory left. */
  readonly fault: number
}

/** Returns the engine's own functions in the order of `HELPER`. */
export function makeHelpers(outline: Outline, globals: HelperGlobals): Helper[] {
  return [
    chargeLength(globals, BULK_BYTES_LOG2),
    chargeLength(globals, 0),
    grow(globals, outline.mostPages, [VALUE.i32], [0x3f, 0x00], [0x40, 0x00], PAGE_FUEL),
    ...(outline.table === null
      ? []
      : [grow(globals, outline.table.most, [VALUE.funcref, VALUE.i32], [0xfc, 0x10, 0], [0xfc, 0x0f, 0], 1)]),
  ]
}

/** Runs a module's start function as the first thing that its entry does: by then its counters are set. */
export function startThenEntry(start: number, entry: number): Helper {
  const body = new ByteWriter().raw(0, CODE.CALL).uint(start).raw(CODE.CALL).uint(entry).raw(CODE.END)
  return { parameters: [], results: [], body: body.bytes() }
}

/** Charges the length in local 0, divided by a power of two and rounded down. */
function chargeLength(globals: HelperGlobals, log2: number): Helper {
  const out = new ByteWriter().raw(1, 1, VALUE.i64)
  out.raw(CODE.LOCAL_GET, 0, I64_EXTEND_I32_U, CODE.I64_CONST, log2, I64_SHR_U)
  writeChargeTop(out, globals, 1)
  return { parameters: [VALUE.i32], results: [], body: out.raw(CODE.END).bytes() }
}

/**
 * Grows a memory or table by its last parameter: refused beyond `most` and nowhere else, charged by what is added.
 * Where the machine refuses what the limits allow, no output may come of it.
 */
function grow(
  globals: HelperGlobals,
  most: number,
  parameters: readonly number[],
  size: readonly number[],
  operation: readonly number[],
  fuel: number,
): Helper {
  const by = parameters.length - 1
  const [old, left] = [parameters.length, parameters.length + 1]
  const out = new ByteWriter().raw(2, 1, VALUE.i32, 1, VALUE.i64)
  out
    .raw(CODE.LOCAL_GET, by, CODE.I32_CONST)
    .sint(most)
    .raw(...size, I32_SUB, I32_GT_U)
  out.raw(CODE.IF, 0x40, CODE.I32_CONST, 0x7f, RETURN, CODE.END)
  out.raw(CODE.LOCAL_GET, by, I64_EXTEND_I32_U, CODE.I64_CONST).sint(fuel).raw(I64_MUL)
  writeChargeTop(out, globals, left)
  for (const [i] of parameters.entries()) out.raw(CODE.LOCAL_GET, i)
  out.raw(...operation, CODE.LOCAL_TEE, old, CODE.I32_CONST, 0x7f, I32_EQ)
  out
    .raw(CODE.IF, 0x40, CODE.I32_CONST, 1, CODE.GLOBAL_SET)
    .uint(globals.fault)
    .raw(CODE.UNREACHABLE, CODE.END)
  out.raw(CODE.LOCAL_GET, old, CODE.END)
  return { parameters, results: [VALUE.i32], body: out.bytes() }
}

/** Charges the i64 on top of the stack. */
function writeChargeTop(out: ByteWriter, { fuel }: HelperGlobals, local: number): void {
  out.raw(CODE.LOCAL_SET, local, CODE.GLOBAL_GET).uint(fuel).raw(CODE.LOCAL_GET, local, CODE.I64_SUB)
  out.raw(CODE.LOCAL_TEE, local, CODE.GLOBAL_SET).uint(fuel)
  out.raw(CODE.LOCAL_GET, local, CODE.I64_CONST, 0, CODE.I64_LT_S, ...CODE.TRAP_IF)
}

const [RETURN, I32_EQ, I32_GT_U, I32_SUB] = [0x0f, 0x46, 0x4b, 0x6b]
const [I64_MUL, I64_SHR_U, I64_EXTEND_I32_U] = [0x7e, 0x88, 0xad]
