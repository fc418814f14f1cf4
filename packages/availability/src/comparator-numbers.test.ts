import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { byTolerance, DEFAULT_TOLERANCES, defaultComparator, type Tolerances } from './comparator.ts'
import { type ComparedType, firstDifference, halfToNumber, isWithin } from './comparator-numbers.ts'

const ZERO: Tolerances = { f16: { abs: 0, rel: 0 }, f32: { abs: 0, rel: 0 }, f64: { abs: 0, rel: 0 } }
const { f32: F32 } = DEFAULT_TOLERANCES
const tolerance = fc.record({
  abs: fc.double({ min: 0, max: 1, noNaN: true }),
  rel: fc.double({ min: 0, max: 0.9, noNaN: true }),
})
const floats = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer)

describe('numbers within a tolerance', () => {
  test.each([
    [1, 1.00001, true],
    [1, 1.00002, false],
    [0, 1e-6, true],
    [0, 1.1e-6, false],
    [-1, 1, false],
    [0, -0, true],
    [Number.NaN, Number.NaN, true],
    [Number.NaN, 0, false],
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, true],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, false],
    [Number.POSITIVE_INFINITY, 3e38, false],
  ])('%d and %d: %s', (a, b, equal) => {
    expect(isWithin(a, b, F32)).toBe(equal)
  })

  test('are symmetric, and more of them are equal the wider it is', () => {
    fc.assert(
      fc.property(fc.double(), fc.double(), tolerance, tolerance, (a, b, one, other) => {
        expect(isWithin(a, b, one)).toBe(isWithin(b, a, one))
        const wider = { abs: one.abs + other.abs, rel: Math.max(one.rel, other.rel) }
        if (isWithin(a, b, one)) expect(isWithin(a, b, wider)).toBe(true)
      }),
    )
  })
})

describe('files of numbers', () => {
  test('names the first element that differs', () => {
    const found = firstDifference('f32', floats(1, 2, 3), floats(1, 2.5, 4), DEFAULT_TOLERANCES)
    expect(found).toEqual({ element: 1, a: 2, b: 2.5 })
  })

  test.each<[ComparedType]>([['i32'], ['u32'], ['bytes']])('%s must be equal', (type) => {
    const one = new Uint8Array([1, 0, 0, 0, 2, 0, 0, 0])
    const other = new Uint8Array([1, 0, 0, 0, 3, 0, 0, 0])
    const wide = { f16: { abs: 9, rel: 0.5 }, f32: { abs: 9, rel: 0.5 }, f64: { abs: 9, rel: 0.5 } }
    expect(firstDifference(type, one, one.slice(), wide)).toBeUndefined()
    expect(firstDifference(type, one, other, wide)).toMatchObject({ a: 2, b: 3 })
  })

  test('must be equal in bytes that make no whole number', () => {
    const [one, other] = [new Uint8Array([0, 0, 0, 0, 7]), new Uint8Array([0, 0, 0, 0, 8])]
    expect(firstDifference('f32', one, one.slice(), DEFAULT_TOLERANCES)).toBeUndefined()
    expect(firstDifference('f32', one, other, DEFAULT_TOLERANCES)).toEqual({ element: 1, a: 7, b: 8 })
  })

  test('are read wherever they begin in memory', () => {
    const shifted = new Uint8Array([9, ...floats(1.5)]).subarray(1)
    expect(firstDifference('f32', shifted, floats(1.5), ZERO)).toBeUndefined()
  })

  test('are the same under a tolerance of 0 exactly where the numbers are', () => {
    const type = fc.constantFrom<ComparedType>('f16', 'f32', 'f64', 'i32', 'u32', 'bytes')
    const content = fc.array(fc.constantFrom(0, 1, 0x3f, 0x80), { minLength: 16, maxLength: 16 })
    fc.assert(
      fc.property(type, content, content, (one, left, right) => {
        const [a, b] = [Uint8Array.from(left), Uint8Array.from(right)]
        // Of these bytes no number is a NaN: only zeros of both signs are equal with other bytes.
        const minus = { f16: 2, f32: 4, f64: 8, i32: 0, u32: 0, bytes: 0 }[one]
        for (let at = minus; minus > 0 && at <= 16; at += minus) {
          for (const bytes of [a, b])
            if (bytes.subarray(at - minus, at - 1).every((byte) => byte === 0)) bytes[at - 1] = 0
        }
        const same = left.every((_, i) => a[i] === b[i])
        expect(firstDifference(one, a, b, ZERO) === undefined).toBe(same)
      }),
    )
  })
})

test('halves are what IEEE 754 says', () => {
  const values: [number, number][] = [
    [0x0000, 0],
    [0x0001, 2 ** -24],
    [0x03ff, 1023 * 2 ** -24],
    [0x0400, 2 ** -14],
    [0x3c00, 1],
    [0xc000, -2],
    [0x7bff, 65_504],
    [0x7c00, Number.POSITIVE_INFINITY],
    [0xfc00, Number.NEGATIVE_INFINITY],
    [0x7e00, Number.NaN],
  ]
  for (const [bits, value] of values) expect(halfToNumber(bits)).toBe(value)
  for (let bits = 1; bits < 0x7c00; bits++) {
    expect(halfToNumber(bits)).toBeGreaterThan(halfToNumber(bits - 1))
  }
})

test('kernels are compared by tolerance, everything else to the bit', () => {
  expect(defaultComparator('webgpu/1')).toEqual({ kind: 'tolerance', ...DEFAULT_TOLERANCES })
  for (const runtime of ['wasm/1', 'wasm-det/1', 'container/1'] as const) {
    expect(defaultComparator(runtime)).toEqual({ kind: 'exact' })
  }
})

test('what is given of a tolerance holds for every type', () => {
  expect(byTolerance({ abs: 0.5 })).toEqual({
    kind: 'tolerance',
    f16: { abs: 0.5, rel: DEFAULT_TOLERANCES.f16.rel },
    f32: { abs: 0.5, rel: DEFAULT_TOLERANCES.f32.rel },
    f64: { abs: 0.5, rel: DEFAULT_TOLERANCES.f64.rel },
  })
})
