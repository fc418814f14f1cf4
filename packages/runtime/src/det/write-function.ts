import { ByteWriter } from './byte-writer.ts'
import { canonicalType, writeCanonical } from './canonical-nan.ts'
import { unsupported } from './det-error.ts'
import type { FunctionScan } from './function-scan.ts'
import { FORMAT } from './opcodes.ts'
import { PATCH, type Patch } from './patches.ts'
import { VALUE } from './value-types.ts'

/** Bytes of one function with what the engine adds: V8's own bound. */
const FUNCTION_BYTES = 7_654_321

/** Where the engine's own globals and functions are in a module. */
export interface Counters {
  /** Instructions that are left: a mutable i64. */
  readonly fuel: number
  /** Frames that are left: a mutable i32. */
  readonly depth: number
  /** Index of the first `HELPER`. */
  readonly helpers: number
  /** Returns the code of a block type without parameters and with these results. */
  blockType(results: readonly number[]): readonly number[]
}

/** Returns the body of a function with everything that it must count, without its size. Throws `DetError`. */
export function writeFunction(source: Uint8Array, scan: FunctionScan, counters: Counters): Uint8Array {
  const added = new AddedLocals(scan.locals)
  const code = new ByteWriter(2 * (scan.end - scan.start) + 64)
  if (scan.calls) writeEntry(code, scan, counters, added)
  else writeLeafEntry(code, counters)
  writePatched(code, source, scan, counters, added)
  if (scan.calls) writeExit(code, counters, added)
  code.raw(END)
  const body = new ByteWriter(code.size + 64)
  body.uint(scan.localGroups + added.types.length).copy(source, scan.localsStart, scan.start)
  for (const type of added.types) body.uint(1).raw(type)
  body.copy(code.bytes())
  if (body.size > FUNCTION_BYTES)
    throw unsupported(
      `functions of at most ${FUNCTION_BYTES} bytes with what is counted`,
      `one of ${body.size}`,
    )
  return body.bytes()
}

/** Writes code that charges the constant `cost`. */
export function writeCharge(out: ByteWriter, fuel: number, cost: number, local: number): void {
  out.raw(GLOBAL_GET).uint(fuel).raw(I64_CONST).sint(cost).raw(I64_SUB)
  out.raw(LOCAL_TEE).uint(local).raw(GLOBAL_SET).uint(fuel)
  out
    .raw(LOCAL_GET)
    .uint(local)
    .raw(I64_CONST, 0, I64_LT_S, ...TRAP_IF)
}

const [IF, END, BR, CALL, BLOCK, UNREACHABLE] = [0x04, 0x0b, 0x0c, 0x10, 0x02, 0x00]
const [LOCAL_GET, LOCAL_SET, LOCAL_TEE] = [0x20, 0x21, 0x22]
const [GLOBAL_GET, GLOBAL_SET] = [0x23, 0x24]
const [I32_CONST, I64_CONST, I32_EQZ, I64_LT_S, I32_SUB, I64_SUB] = [0x41, 0x42, 0x45, 0x53, 0x6b, 0x7d]
const TRAP_IF = [IF, 0x40, UNREACHABLE, END]

/** Locals that the engine adds behind the program's own, one of each type at most. */
class AddedLocals {
  readonly types: number[] = []
  readonly #first: number
  readonly #byUse = new Map<string, number>()

  constructor(first: number) {
    this.#first = first
  }

  get(type: number, use = ''): number {
    const key = `${type} ${use}`
    const known = this.#byUse.get(key)
    if (known !== undefined) return known
    const index = this.#first + this.types.length
    this.types.push(type)
    this.#byUse.set(key, index)
    return index
  }
}

/** Takes a frame, or traps where none is left; the local keeps the number that was left. */
function writeEntry(out: ByteWriter, { type }: FunctionScan, counters: Counters, added: AddedLocals): void {
  const left = added.get(VALUE.i32, 'depth')
  out
    .raw(GLOBAL_GET)
    .uint(counters.depth)
    .raw(LOCAL_TEE)
    .uint(left)
    .raw(I32_EQZ, ...TRAP_IF)
  out.raw(LOCAL_GET).uint(left).raw(I32_CONST, 1, I32_SUB, GLOBAL_SET).uint(counters.depth)
  // Whatever left the function leaves this block instead.
  out.raw(BLOCK, ...counters.blockType(type.results))
}

/** A function that calls none takes its frame for nobody to see: looking is enough. */
function writeLeafEntry(out: ByteWriter, counters: Counters): void {
  out
    .raw(GLOBAL_GET)
    .uint(counters.depth)
    .raw(I32_EQZ, ...TRAP_IF)
}

function writeExit(out: ByteWriter, counters: Counters, added: AddedLocals): void {
  out.raw(END, LOCAL_GET).uint(added.get(VALUE.i32, 'depth')).raw(GLOBAL_SET).uint(counters.depth)
}

function writePatched(
  out: ByteWriter,
  source: Uint8Array,
  scan: FunctionScan,
  counters: Counters,
  added: AddedLocals,
): void {
  let at = scan.start
  for (const patch of scan.patches) {
    if (isIdle(patch, scan)) continue
    out.copy(source, at, patch.at)
    at = patch.at + patch.replaces
    writePatch(out, patch, scan, counters, added)
  }
  out.copy(source, at, scan.end)
}

/** Tells whether a patch changes nothing. */
function isIdle({ kind, value }: Patch, { calls, sites }: FunctionScan): boolean {
  if (kind === PATCH.charge) return value === 0
  if (kind === PATCH.canonical) return sites.canonicalFormat(value) === FORMAT.none
  return kind === PATCH.leave && !calls
}

function writePatch(
  out: ByteWriter,
  { kind, value }: Patch,
  { sites }: FunctionScan,
  { fuel, helpers }: Counters,
  added: AddedLocals,
): void {
  switch (kind) {
    case PATCH.charge:
      writeCharge(out, fuel, value, added.get(VALUE.i64))
      return
    case PATCH.canonical: {
      const format = sites.canonicalFormat(value)
      writeCanonical(out, format, added.get(canonicalType(format)))
      return
    }
    case PATCH.leave:
      out.raw(BR).uint(value)
      return
    case PATCH.chargeLength: {
      const length = added.get(VALUE.i32, 'length')
      out
        .raw(LOCAL_TEE)
        .uint(length)
        .raw(CALL)
        .uint(helpers + value)
        .raw(LOCAL_GET)
        .uint(length)
      return
    }
    default:
      out.raw(CALL).uint(helpers + value)
  }
}

export const CODE = {
  ...{ IF, END, CALL, UNREACHABLE, LOCAL_GET, LOCAL_SET, LOCAL_TEE, GLOBAL_GET, GLOBAL_SET },
  ...{ I32_CONST, I64_CONST, I64_LT_S, I64_SUB, TRAP_IF },
} as const
