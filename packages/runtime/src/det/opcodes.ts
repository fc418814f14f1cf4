/**
 * The instructions of `wasm-det/1` (WebAssembly core 2.0 §5.4): what follows each opcode, what it takes from the stack
 * and leaves there, and what it does with floats. What is not here is not in the engine.
 */

/** What follows an opcode. */
export const IMMEDIATE = {
  none: 0,
  /** One LEB128 integer. */
  leb: 1,
  /** Two of them. */
  lebs: 2,
  /** Alignment and offset. */
  memory: 3,
  /** The same and a lane. */
  memoryLane: 4,
  /** One, four, eight or sixteen bytes. */
  byte: 5,
  four: 6,
  eight: 7,
  sixteen: 8,
  /** A vector of value types. */
  types: 9,
  /** Handled by name. */
  special: 10,
} as const

/** Float formats whose arithmetic may give any NaN; 0 for none. */
export const FORMAT = { none: 0, f32: 1, f64: 2, f32x4: 3, f64x2: 4 } as const

/** One kind of instructions. */
export interface Shape {
  readonly pops: number
  readonly pushes: number
  readonly immediate: number
  /** The format of its operands where it gives the same for every NaN of theirs. */
  readonly reads: number
  /** The format of its result where that may be any NaN. */
  readonly makes: number
}

type Row = readonly [codes: string, pops: number, pushes: number, immediate?: keyof typeof IMMEDIATE]

const PLAIN: readonly Row[] = [
  ['00-05 0b-11', 0, 0, 'special'],
  ['1a', 1, 0],
  ['1b', 3, 1],
  ['1c', 3, 1, 'types'],
  ['20-22', 0, 0, 'special'],
  ['23', 0, 1, 'leb'],
  ['24', 1, 0, 'leb'],
  ['25', 1, 1, 'leb'],
  ['26', 2, 0, 'leb'],
  ['28-35', 1, 1, 'memory'],
  ['36-3e', 2, 0, 'memory'],
  ['3f', 0, 1, 'leb'],
  ['40', 1, 1, 'leb'],
  ['41-42', 0, 1, 'leb'],
  ['43', 0, 1, 'four'],
  ['44', 0, 1, 'eight'],
  ['45 50 67-69 79-7b 8b-91 99-9f a7-c4', 1, 1],
  ['46-4f 51-66 6a-78 7c-8a 92-98 a0-a6', 2, 1],
  ['d0', 0, 1, 'leb'],
  ['d1', 1, 1],
  ['d2', 0, 1, 'leb'],
]

/** Instructions behind the prefix FC. */
const BULK: readonly Row[] = [
  ['00-07', 1, 1],
  ['08', 3, 0, 'lebs'],
  ['09', 0, 0, 'leb'],
  ['0a', 3, 0, 'lebs'],
  ['0b', 3, 0, 'leb'],
  ['0c', 3, 0, 'lebs'],
  ['0d', 0, 0, 'leb'],
  ['0e', 3, 0, 'lebs'],
  ['0f', 2, 1, 'leb'],
  ['10', 0, 1, 'leb'],
  ['11', 3, 0, 'leb'],
]

/** Instructions behind the prefix FD, without the relaxed ones. */
const SIMD: readonly Row[] = [
  ['00-0a 5c-5d', 1, 1, 'memory'],
  ['0b', 2, 0, 'memory'],
  ['0c', 0, 1, 'sixteen'],
  ['0d', 2, 1, 'sixteen'],
  ['0e', 2, 1],
  ['0f-14', 1, 1],
  ['15-16 18-19 1b 1d 1f 21', 1, 1, 'byte'],
  ['17 1a 1c 1e 20 22', 2, 1, 'byte'],
  ['23-4c 4e-51', 2, 1],
  ['4d 53', 1, 1],
  ['52', 3, 1],
  ['54-57', 2, 1, 'memoryLane'],
  ['58-5b', 2, 0, 'memoryLane'],
  ['5e-64 67-6a 74-75 7a 7c-81 83-84 87-8a 94 a0-a1 a3-a4 a7-aa', 1, 1],
  ['65-66 6b-73 76-79 7b 82 85-86 8b-93 95-99 9b-9f ab-ae b1 b5-ba bc-bf', 2, 1],
  ['c0-c1 c3-c4 c7-ca e0-e1 e3 ec-ed ef f8-ff', 1, 1],
  ['cb-ce d1 d5-df e4-eb f0-f7', 2, 1],
]

/** Formats that instructions read, giving the same for every NaN: comparisons, arithmetic, conversions to integers. */
const READS = {
  plain: { f32: '5b-60 8d-97 a8-a9 ae-af bb', f64: '61-66 9b-a5 aa-ab b0-b1 b6', f32x4: '', f64x2: '' },
  bulk: { f32: '00-01 04-05', f64: '02-03 06-07', f32x4: '', f64x2: '' },
  simd: { f32: '', f64: '', f32x4: '41-46 5f 67-6a e3-e9 f8-f9', f64x2: '47-4c 5e 74-75 7a 94 ef-f5 fc-fd' },
}

/** Formats of results that may be any NaN (core 2.0 §4.3.3): arithmetic, rounding, and changes of width. */
const MAKES = {
  plain: { f32: '8d-97 b6', f64: '9b-a5 bb', f32x4: '', f64x2: '' },
  bulk: { f32: '', f64: '', f32x4: '', f64x2: '' },
  simd: { f32: '', f64: '', f32x4: '5e 67-6a e3-e9', f64x2: '5f 74-75 7a 94 ef-f5' },
}

/** The instructions of each page by opcode; `undefined` is no instruction of the engine. */
export const SHAPES = {
  plain: shapes(PLAIN, READS.plain, MAKES.plain),
  bulk: shapes(BULK, READS.bulk, MAKES.bulk),
  simd: shapes(SIMD, READS.simd, MAKES.simd),
}

type Formats = Readonly<Record<'f32' | 'f64' | 'f32x4' | 'f64x2', string>>

function shapes(rows: readonly Row[], reads: Formats, makes: Formats): readonly (Shape | undefined)[] {
  const [reading, making] = [byCode(reads), byCode(makes)]
  const all = new Array<Shape | undefined>(256).fill(undefined)
  for (const [codes, pops, pushes, immediate = 'none'] of rows) {
    for (const code of expand(codes)) {
      const [read = 0, make = 0] = [reading.get(code), making.get(code)]
      all[code] = { pops, pushes, immediate: IMMEDIATE[immediate], reads: read, makes: make }
    }
  }
  return all
}

function byCode(formats: Formats): Map<number, number> {
  const names = ['f32', 'f64', 'f32x4', 'f64x2'] as const
  return new Map(names.flatMap((name) => expand(formats[name]).map((code) => [code, FORMAT[name]] as const)))
}

/** Reads a list such as `0a 10-12` of hexadecimal opcodes. */
function expand(codes: string): number[] {
  return codes.split(' ').flatMap((range) => {
    const [from = Number.NaN, to = from] = range.split('-').map((code) => Number.parseInt(code, 16))
    return Number.isNaN(from) ? [] : Array.from({ length: to - from + 1 }, (_, i) => from + i)
  })
}
