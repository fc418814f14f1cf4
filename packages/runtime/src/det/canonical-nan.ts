import type { ByteWriter } from './byte-writer.ts'
import { FORMAT } from './opcodes.ts'
import { VALUE } from './value-types.ts'

/** How to make the NaNs of one format the positive canonical one. */
interface Canonical {
  /** Of the value that lies on the stack. */
  readonly type: number
  readonly nan: readonly number[]
  /** Compares two values for equality: false for NaN alone, in each lane. */
  readonly equal: readonly number[]
  readonly choose: readonly number[]
}

const F32 = [0, 0, 0xc0, 0x7f]
const F64 = [0, 0, 0, 0, 0, 0, 0xf8, 0x7f]
const SELECT = [0x1b]
const BITSELECT = [0xfd, 0x52]

const CANONICAL: Readonly<Record<number, Canonical>> = {
  [FORMAT.f32]: { type: VALUE.f32, nan: [0x43, ...F32], equal: [0x5b], choose: SELECT },
  [FORMAT.f64]: { type: VALUE.f64, nan: [0x44, ...F64], equal: [0x61], choose: SELECT },
  [FORMAT.f32x4]: {
    ...{ type: VALUE.v128, nan: [0xfd, 0x0c, ...F32, ...F32, ...F32, ...F32] },
    ...{ equal: [0xfd, 0x41], choose: BITSELECT },
  },
  [FORMAT.f64x2]: {
    ...{ type: VALUE.v128, nan: [0xfd, 0x0c, ...F64, ...F64] },
    ...{ equal: [0xfd, 0x47], choose: BITSELECT },
  },
}

/** Returns the type of the local that {@link writeCanonical} needs for a format. */
export function canonicalType(format: number): number {
  return canonicalOf(format).type
}

/** Writes code that replaces the value on top of the stack: `x = x ? x : NaN`, in each lane. */
export function writeCanonical(out: ByteWriter, format: number, local: number): void {
  const { nan, equal, choose } = canonicalOf(format)
  out.raw(0x22).uint(local)
  out.raw(...nan)
  out.raw(0x20).uint(local).raw(0x20).uint(local)
  out.raw(...equal, ...choose)
}

function canonicalOf(format: number): Canonical {
  const canonical = CANONICAL[format]
  if (canonical === undefined) throw new RangeError(`no float format ${format}`)
  return canonical
}
