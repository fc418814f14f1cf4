import type { ElementType } from '@souk/protocol'
import type { Tolerance, Tolerances } from './comparator.ts'

/** What the bytes of a file are: little-endian numbers of one type, or just bytes. */
export type ComparedType = ElementType | 'f64' | 'bytes'

/** Bytes of one element. */
export const COMPARED_SIZE: Readonly<Record<ComparedType, number>> = {
  f16: 2,
  f32: 4,
  f64: 8,
  i32: 4,
  u32: 4,
  bytes: 1,
}

/** The first element that differs by more than it may. */
export interface Difference {
  /** Which element, from 0. */
  readonly element: number
  readonly a: number
  readonly b: number
}

/**
 * Tells whether `|a − b| ≤ abs + rel × max(|a|, |b|)`. A NaN equals any NaN, an infinity the one of its sign alone, and
 * the two zeros each other. Symmetric; not transitive unless both are 0.
 */
export function isWithin(a: number, b: number, { abs, rel }: Tolerance): boolean {
  if (a === b) return true
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) && Number.isNaN(b)
  if (!Number.isFinite(a) || !Number.isFinite(b)) return false
  return Math.abs(a - b) <= abs + rel * Math.max(Math.abs(a), Math.abs(b))
}

/**
 * Finds the first element in which two byte strings of equal length differ; integers and bytes must be equal, and so
 * must bytes at the end that make no whole element.
 */
export function firstDifference(
  type: ComparedType,
  a: Uint8Array,
  b: Uint8Array,
  tolerances: Tolerances,
): Difference | undefined {
  const step = COMPARED_SIZE[type]
  const whole = a.byteLength - (a.byteLength % step)
  const found = scan(type, viewOf(a), viewOf(b), whole, tolerances)
  if (found !== undefined || whole === a.byteLength) return found
  const rest = scan('bytes', viewOf(a.subarray(whole)), viewOf(b.subarray(whole)), step - 1, tolerances)
  return rest && { ...rest, element: whole / step }
}

function scan(
  type: ComparedType,
  a: DataView,
  b: DataView,
  bytes: number,
  tolerances: Tolerances,
): Difference | undefined {
  const step = COMPARED_SIZE[type]
  const read = READ[type]
  const tolerance = type === 'f16' || type === 'f32' || type === 'f64' ? tolerances[type] : undefined
  for (let at = 0; at < Math.min(bytes, a.byteLength); at += step) {
    const [left, right] = [read(a, at), read(b, at)]
    if (left === right) continue
    if (tolerance !== undefined && isWithin(left, right, tolerance)) continue
    return { element: at / step, a: left, b: right }
  }
  return undefined
}

const READ: Readonly<Record<ComparedType, (view: DataView, at: number) => number>> = {
  f16: (view, at) => halfToNumber(view.getUint16(at, true)),
  f32: (view, at) => view.getFloat32(at, true),
  f64: (view, at) => view.getFloat64(at, true),
  i32: (view, at) => view.getInt32(at, true),
  u32: (view, at) => view.getUint32(at, true),
  bytes: (view, at) => view.getUint8(at),
}

/** Returns the number that IEEE 754 binary16 bits stand for; not every supported engine reads them itself. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  if (exponent === 0) return sign * fraction * 2 ** -24
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength)
}
