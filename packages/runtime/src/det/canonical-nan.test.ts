import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { assemble, i32, runMetered, runPlain, T, type TestFunction } from './module.fixture.ts'
import { randomFloats } from './random-floats.fixture.ts'

/** Bits of a NaN that no arithmetic gives by itself: negative, and with a payload. */
const ODD = { f32: 0xffa00001, f64: 0xfff4000000000001n } as const
const CANONICAL = { f32: 0x7fc00000, f64: 0x7ff8000000000000n } as const
const SIGN = { f32: 0x80000000, f64: 0x8000000000000000n } as const

type Lane = 'f32' | 'f64'

interface Format {
  readonly lane: Lane
  readonly type: number
  readonly isVector: boolean
  /** Addresses and opcodes. */
  readonly load: readonly number[]
  readonly store: readonly number[]
  /** Instructions with one operand and with two whose result may be any NaN. */
  readonly unary: readonly (readonly number[])[]
  readonly binary: readonly (readonly number[])[]
  readonly negate: readonly number[]
  readonly absolute: readonly number[]
}

const simd = (...codes: number[]) => codes.map((code) => (code < 0x80 ? [0xfd, code] : [0xfd, code, 1]))
const [V128_LOAD, V128_STORE] = [
  [0xfd, 0, 4, 0],
  [0xfd, 11, 4, 0],
]

const FORMATS: Readonly<Record<string, Format>> = {
  f32: {
    ...{ lane: 'f32', type: T.f32, isVector: false, load: [0x2a, 2, 0], store: [0x38, 2, 0] },
    unary: [0x8d, 0x8e, 0x8f, 0x90, 0x91].map((code) => [code]),
    binary: [0x92, 0x93, 0x94, 0x95, 0x96, 0x97].map((code) => [code]),
    ...{ negate: [0x8c], absolute: [0x8b] },
  },
  f64: {
    ...{ lane: 'f64', type: T.f64, isVector: false, load: [0x2b, 3, 0], store: [0x39, 3, 0] },
    unary: [0x9b, 0x9c, 0x9d, 0x9e, 0x9f].map((code) => [code]),
    binary: [0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5].map((code) => [code]),
    ...{ negate: [0x9a], absolute: [0x99] },
  },
  f32x4: {
    ...{ lane: 'f32', type: T.v128, isVector: true, load: V128_LOAD, store: V128_STORE },
    unary: simd(0x67, 0x68, 0x69, 0x6a, 0xe3),
    binary: simd(0xe4, 0xe5, 0xe6, 0xe7, 0xe8, 0xe9),
    ...{ negate: [0xfd, 0xe1, 1], absolute: [0xfd, 0xe0, 1] },
  },
  f64x2: {
    ...{ lane: 'f64', type: T.v128, isVector: true, load: V128_LOAD, store: V128_STORE },
    unary: simd(0x74, 0x75, 0x7a, 0x94, 0xef),
    binary: simd(0xf0, 0xf1, 0xf2, 0xf3, 0xf4, 0xf5),
    ...{ negate: [0xfd, 0xed, 1], absolute: [0xfd, 0xec, 1] },
  },
}

/** Where the operand lies, and where what is seen is stored. */
const [INPUT, OUTPUT] = [0, 64]

type Bits = number | bigint

function lanes(lane: Lane, memory: Uint8Array): Bits[] {
  const view = new DataView(memory.buffer, OUTPUT)
  if (lane === 'f32') return [0, 4, 8, 12].map((at) => view.getUint32(at, true))
  return [0, 8].map((at) => view.getBigUint64(at, true))
}

/** Two functions: `_start` stores what `see` makes of what the second returns. */
function program(
  format: Format,
  make: readonly number[],
  see: readonly number[],
  extra: TestFunction[] = [],
): Uint8Array {
  const bits = new DataView(new ArrayBuffer(16))
  if (format.lane === 'f32') for (let at = 0; at < 16; at += 4) bits.setUint32(at, ODD.f32, true)
  else for (let at = 0; at < 16; at += 8) bits.setBigUint64(at, ODD.f64, true)
  const data = [1, 0, ...i32(INPUT), 0x0b, 16, ...new Uint8Array(bits.buffer)]
  const locals = [format.type, format.type]
  const body = [...i32(OUTPUT), ...make, ...see, ...format.store]
  return assemble([{ locals, body }, ...extra], { sections: [[11, data]] })
}

const load = (format: Format) => [...i32(INPUT), ...format.load]
const odd = (format: Format) =>
  lanes(format.lane, runMetered(program(format, load(format), []), 10_000n).memory)

/** Ways of a value from where it was made to where it is stored; those in which the bits stay as they are. */
function ways({ type }: Format): [string, number[]][] {
  const bottom = [...i32(OUTPUT), 0x1a]
  return [
    ['at once', []],
    ['through a local', [0x21, 0, 0x20, 0]],
    ['through a tee', [0x22, 0, 0x1a, 0x20, 0]],
    ['through two locals', [0x21, 0, 0x20, 0, 0x21, 1, 0x20, 1]],
    ['through a block', [0x21, 0, 0x02, type, 0x20, 0, 0x0b]],
    ['through a branch', [0x21, 0, 0x02, type, 0x20, 0, 0x0c, 0, 0x0b]],
    ['through a choice', [0x22, 0, 0x20, 0, 0x41, 1, ...(type === T.v128 ? [0x1c, 1, type] : [0x1b])]],
    ['through a loop that is left', [0x21, 0, 0x03, type, ...bottom, 0x20, 0, 0x0b]],
  ]
}

describe.each(Object.entries(FORMATS))('a NaN of %s', (_, format) => {
  const canonical = CANONICAL[format.lane]
  const stored = (make: readonly number[], see: readonly number[]) => {
    const all = lanes(format.lane, runMetered(program(format, make, see), 10_000n).memory)
    return format.isVector ? all : all.slice(0, 1)
  }
  const equally = (bits: Bits) =>
    new Array<Bits>(format.isVector ? (format.lane === 'f32' ? 4 : 2) : 1).fill(bits)
  const makers = [
    ...format.unary.map((code) => [...load(format), ...code]),
    ...format.binary.map((code) => [...load(format), ...load(format), ...code]),
  ]

  test.each(ways(format))(
    'that arithmetic gave is the canonical one when it comes to the memory %s',
    (_way, see) => {
      for (const make of makers) expect(stored(make, see)).toEqual(equally(canonical))
    },
  )

  test.each(ways(format))('that the program was given keeps its bits %s', (_way, see) => {
    const given = odd(format).slice(0, equally(0).length)
    expect(given).toEqual(equally(ODD[format.lane]))
    expect(stored(load(format), see)).toEqual(given)
  })

  test('has a sign that only the program changes', () => {
    const negative =
      format.lane === 'f32' ? (Number(canonical) | SIGN.f32) >>> 0 : BigInt(canonical) | SIGN.f64
    for (const make of makers) {
      expect(stored(make, format.negate)).toEqual(equally(negative))
      expect(stored([...make, ...format.negate], format.absolute)).toEqual(equally(canonical))
    }
  })

  test('in a local that holds arithmetic alone is canonical at each reading that is seen, and not before', () => {
    for (const code of format.binary) {
      const sum = [...load(format), 0x20, 0, ...code, 0x21, 0]
      expect(stored([...sum, ...sum, 0x20, 0], [])).toEqual(equally(canonical))
      // What the local is given besides is kept.
      expect(stored([...sum, ...load(format), 0x21, 0, 0x20, 0], [])).toEqual(
        odd(format).slice(0, equally(0).length),
      )
    }
  })
})

describe('bits of a NaN', () => {
  const { f32, f64, f32x4, f64x2 } = FORMATS as Record<'f32' | 'f64' | 'f32x4' | 'f64x2', Format>
  /** Stores an integer that is made of arithmetic's result. */
  const word = (make: number[], isLong = false) => {
    const store = isLong ? [0x37, 3, 0] : [0x36, 2, 0]
    const format = { ...(isLong ? f64 : f32), store }
    const { memory } = runMetered(program(format, make, []), 10_000n)
    return (
      new DataView(memory.buffer, OUTPUT).getBigUint64(0, true) & (isLong ? 2n ** 64n - 1n : 2n ** 32n - 1n)
    )
  }
  const sqrt = { f32: [...load(f32), 0x91], f64: [...load(f64), 0x9f] }
  const vector = { f32x4: [...load(f32x4), 0xfd, 0xe3, 1], f64x2: [...load(f64x2), 0xfd, 0xef, 1] }

  test('are canonical when they are reinterpreted', () => {
    expect(word([...sqrt.f32, 0xbc])).toBe(BigInt(CANONICAL.f32))
    expect(word([...sqrt.f64, 0xbd], true)).toBe(CANONICAL.f64)
  })

  test('are canonical when they are taken from a lane', () => {
    expect(word([...vector.f32x4, 0xfd, 0x1b, 2])).toBe(BigInt(CANONICAL.f32))
    expect(word([...vector.f64x2, 0xfd, 0x1d, 1], true)).toBe(CANONICAL.f64)
    expect(word([...vector.f32x4, 0xfd, 0x1f, 3, 0xbc])).toBe(BigInt(CANONICAL.f32))
  })

  test('are canonical when they are read as the other width', () => {
    expect(word([...vector.f64x2, ...vector.f64x2, 0xfd, 0xe4, 1, 0xfd, 0x1b, 0])).toBe(0n)
    expect(word([...vector.f32x4, 0xfd, 0x4d, 0xfd, 0x1b, 0])).toBe(0x803fffffn)
  })

  test('are canonical when only their sign is lent', () => {
    const one = { f32: [0x43, 0, 0, 0x80, 0x3f], f64: [0x44, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f] }
    expect(word([...one.f32, ...sqrt.f32, 0x98, 0xbc])).toBe(0x3f800000n)
    expect(word([...one.f64, ...sqrt.f64, 0xa6, 0xbd], true)).toBe(0x3ff0000000000000n)
  })

  test('are canonical when their width changes', () => {
    const odd32 = [0x01, 0x00, 0xa0, 0xff]
    const odd64 = [0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0xf4, 0xff]
    expect(word([0x44, ...odd64, 0xb6, 0xbc])).toBe(BigInt(CANONICAL.f32))
    expect(word([0x43, ...odd32, 0xbb, 0xbd], true)).toBe(CANONICAL.f64)
    const vectors = [odd32, odd64].map((lane) => [0xfd, 12, ...new Array(16 / lane.length).fill(lane).flat()])
    expect(word([...(vectors[1] ?? []), 0xfd, 0x5e, 0xfd, 0x1b, 0])).toBe(BigInt(CANONICAL.f32))
    expect(word([...(vectors[0] ?? []), 0xfd, 0x5f, 0xfd, 0x1d, 0], true)).toBe(CANONICAL.f64)
  })

  test('are canonical when constants are folded', () => {
    const zero = { f32: [0x43, 0, 0, 0, 0], f64: [0x44, 0, 0, 0, 0, 0, 0, 0, 0] }
    expect(word([...zero.f32, ...zero.f32, 0x95, 0xbc])).toBe(BigInt(CANONICAL.f32))
    expect(word([...zero.f64, ...zero.f64, 0xa3, 0xbd], true)).toBe(CANONICAL.f64)
  })

  test('are canonical when they go through a call, a global, or what two paths bring', () => {
    const identity: TestFunction = { parameters: [T.f32], results: [T.f32], body: [0x20, 0] }
    const maker: TestFunction = { results: [T.f32], body: sqrt.f32 }
    const returner: TestFunction = { results: [T.f32], body: [...sqrt.f32, 0x0f] }
    const seen = (make: number[]) => {
      const { memory } = runMetered(program(f32, make, [], [identity, maker, returner]), 10_000n)
      return new DataView(memory.buffer, OUTPUT).getUint32(0, true)
    }
    expect(seen([...sqrt.f32, 0x10, 1])).toBe(CANONICAL.f32)
    expect(seen([0x10, 2])).toBe(CANONICAL.f32)
    expect(seen([0x10, 3])).toBe(CANONICAL.f32)
    expect(seen([...i32(1), 0x04, T.f32, ...sqrt.f32, 0x05, ...load(f32), 0x0b])).toBe(CANONICAL.f32)
    expect(seen([...i32(0), 0x04, T.f32, ...sqrt.f32, 0x05, ...load(f32), 0x0b])).toBe(ODD.f32)
  })
})

test('whatever a program does with floats, it sees what it would if each were made canonical at once', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const put = runMetered(randomFloats(seed, false), 10_000n ** 3n)
      const eager = runPlain(randomFloats(seed, true))
      expect(put.trapped).toBe(false)
      expect(eager.trapped).toBe(false)
      expect(Buffer.compare(put.memory, eager.memory)).toBe(0)
    }),
    { numRuns: 300 },
  )
})
