import { ByteWriter } from './byte-writer.ts'
import { canonicalType, writeCanonical } from './canonical-nan.ts'
import { assemble, i32, leb, T, vector } from './module.fixture.ts'
import { FORMAT } from './opcodes.ts'

/** Value types, in the order of the globals and of the locals, of which each has two and one for canonical values. */
const TYPES: readonly number[] = [T.i32, T.i64, T.f32, T.f64, T.v128]
const LOCALS = 3
const DEPTH = 3
const STATEMENTS = 16
const SLOTS = 8
/** Parameters and results of the functions; each calls those behind it. */
const SIGNATURES = [
  { parameters: [], results: [] },
  { parameters: [T.f32, T.v128], results: [T.f64] },
  { parameters: [T.f64], results: [T.v128] },
] as const

interface Operation {
  readonly code: readonly number[]
  readonly takes: readonly number[]
  /** Of its result, where that may be any NaN. */
  readonly format: number
}

/** Reads `opcode:operands` lists, hexadecimal, with operands as `i l f d v`. */
function operations(text: string, format: number = FORMAT.none, prefix: readonly number[] = []): Operation[] {
  const letters = new Map<string, number>([...'ilfdv'].map((letter, i) => [letter, TYPES[i] ?? 0]))
  return text.split(' ').map((one) => {
    const [opcode = '', operands = ''] = one.split(':')
    const code =
      prefix.length === 0 ? [Number.parseInt(opcode, 16)] : [...prefix, ...leb(Number.parseInt(opcode, 16))]
    return { code, takes: [...operands].map((letter) => letters.get(letter) ?? 0), format }
  })
}

const SIMD = [0xfd]
const lane = (operation: Operation[], index: number) =>
  operation.map((one) => ({ ...one, code: [...one.code, index] }))
const OPERATIONS = new Map<number, Operation[]>([
  [
    T.i32,
    [
      ...operations('6a:ii 73:ii 5b:ff 5d:ff 61:dd 65:dd bc:f bc:f a7:l'),
      ...lane(operations('1b:v', 0, SIMD), 2),
    ],
  ],
  [T.i64, [...operations('7c:ll 85:ll bd:d bd:d ad:i'), ...lane(operations('1d:v', 0, SIMD), 1)]],
  [
    T.f32,
    [
      ...operations('91:f 92:ff 93:ff 94:ff 95:ff 96:ff 97:ff 8d:f 90:f b6:d', FORMAT.f32),
      ...operations('8b:f 8c:f 98:ff be:i b2:i'),
      ...lane(operations('1f:v', 0, SIMD), 3),
    ],
  ],
  [
    T.f64,
    [
      ...operations('9f:d a0:dd a1:dd a2:dd a3:dd a4:dd a5:dd 9b:d 9e:d bb:f', FORMAT.f64),
      ...operations('99:d 9a:d a6:dd bf:l b7:i'),
      ...lane(operations('21:v', 0, SIMD), 0),
    ],
  ],
  [
    T.v128,
    [
      ...operations('e3:v e4:vv e6:vv e7:vv e8:vv 6a:v 5e:v', FORMAT.f32x4, SIMD),
      ...operations('ef:v f0:vv f2:vv f3:vv f5:vv 94:v 5f:v', FORMAT.f64x2, SIMD),
      ...operations(
        '13:f 14:d e0:v ed:v ea:vv f7:vv 41:vv 4a:vv 4e:vv 50:vv ae:vv 4d:v 52:vvv f8:v',
        0,
        SIMD,
      ),
    ],
  ],
])
const NAN = { f32: [1, 0, 0xa0, 0xff], f64: [1, 0, 0, 0, 0, 0, 0xf4, 0xff] }
const LOADS = [
  [0x28, 2],
  [0x29, 3],
  [0x2a, 2],
  [0x2b, 3],
  [0xfd, 0, 4],
]
const STORES = [
  [0x36, 2],
  [0x37, 3],
  [0x38, 2],
  [0x39, 3],
  [0xfd, 0x0b, 4],
]

/**
 * Returns a random program of floats that puts all kinds of values where their bits show: into memory, globals, locals,
 * blocks, branches, calls and integers. With `isEager`, it is the same one, but makes the result of each arithmetic
 * instruction canonical by its own code: a slow reference for what the engine puts off.
 */
export function randomFloats(seed: number, isEager: boolean): Uint8Array {
  const writer = new Writer(seed, isEager)
  const functions = SIGNATURES.map(({ parameters, results }, i) => {
    const body = writer.function(i)
    return {
      parameters,
      results,
      locals: TYPES.flatMap((type) => new Array<number>(LOCALS).fill(type)),
      body,
    }
  })
  const globals = vector(TYPES.map((type) => [type, 1, ...writer.constant(type), 0x0b]))
  const data = [1, 0, ...i32(0), 0x0b, ...leb(16 * SLOTS), ...writer.bytes(16 * SLOTS)]
  return assemble(functions, {
    sections: [
      [6, globals],
      [11, data],
    ],
  })
}

class Writer {
  readonly #isEager: boolean
  #state: number
  #function = 0

  constructor(seed: number, isEager: boolean) {
    this.#state = seed | 1
    this.#isEager = isEager
  }

  function(index: number): number[] {
    this.#function = index
    const statements = Array.from({ length: STATEMENTS }, () => this.#statement())
    const results = SIGNATURES[index]?.results ?? []
    return [...statements.flat(), ...results.flatMap((type) => this.#value(type, DEPTH))]
  }

  constant(type: number): number[] {
    if (type === T.i32) return i32(this.#below(64) - 32)
    if (type === T.i64) return [0x42, this.#below(128)]
    const isNan = this.#below(2) === 0
    if (type === T.f32) return [0x43, ...(isNan ? NAN.f32 : [0, 0, 0x80, 0xff])]
    if (type === T.f64) return [0x44, ...(isNan ? NAN.f64 : [0, 0, 0, 0, 0, 0, 0xf0, 0x7f])]
    return [0xfd, 12, ...(isNan ? [...NAN.f64, ...NAN.f32, ...NAN.f32] : new Array<number>(16).fill(0))]
  }

  bytes(count: number): number[] {
    return Array.from({ length: count }, (_, i) =>
      this.#below(2) === 0 ? this.#below(256) : (NAN.f32[i % 4] ?? 0),
    )
  }

  #statement(): number[] {
    const type = this.#pick(TYPES)
    const place = TYPES.indexOf(type)
    const value = this.#value(type, DEPTH)
    const kind = this.#below(8)
    if (kind < 4) return [...value, 0x21, this.#local(type)]
    if (kind === 4) return [...value, 0x24, place]
    return [...i32(16 * (SLOTS + this.#below(SLOTS))), ...value, ...(STORES[place] ?? []), 0]
  }

  #value(type: number, depth: number): number[] {
    const kind = depth === 0 ? this.#below(4) : this.#below(12)
    const inner = (of = type) => this.#value(of, depth - 1)
    switch (kind) {
      case 0:
        return this.constant(type)
      case 1:
        return [0x20, this.#local(type)]
      case 2:
        return [0x23, TYPES.indexOf(type)]
      case 3:
        return [...i32(16 * this.#below(SLOTS)), ...(LOADS[TYPES.indexOf(type)] ?? []), 0]
      case 4:
        return [...inner(), 0x22, this.#local(type)]
      case 5:
        return [...inner(), ...inner(), ...inner(T.i32), 0x1c, 1, type]
      case 6:
        return [...inner(T.i32), 0x04, type, ...inner(), 0x05, ...inner(), 0x0b]
      case 7:
        return [0x02, type, ...inner(), ...inner(T.i32), 0x0d, 0, 0x0b]
      case 8:
        return this.#call(type, depth) ?? inner()
      default:
        return this.#operation(this.#pick(OPERATIONS.get(type) ?? []), depth)
    }
  }

  #call(type: number, depth: number): number[] | null {
    const at = SIGNATURES.findIndex(
      ({ results }, i) => i > this.#function && results.some((one) => one === type),
    )
    const parameters = SIGNATURES[at]?.parameters
    if (parameters === undefined) return null
    return [...parameters.flatMap((one) => this.#value(one, depth - 1)), 0x10, at]
  }

  #operation({ code, takes, format }: Operation, depth: number): number[] {
    const all = [...takes.flatMap((type) => this.#value(type, depth - 1)), ...code]
    if (!this.#isEager || format === FORMAT.none) return all
    const out = new ByteWriter()
    writeCanonical(out, format, this.#firstLocal(canonicalType(format)) + LOCALS - 1)
    return [...all, ...out.bytes()]
  }

  /** A local of the program's own, or a parameter. */
  #local(type: number): number {
    const parameters: readonly number[] = SIGNATURES[this.#function]?.parameters ?? []
    const at = parameters.indexOf(type)
    return at >= 0 && this.#below(3) === 0 ? at : this.#firstLocal(type) + this.#below(LOCALS - 1)
  }

  #firstLocal(type: number): number {
    const place = TYPES.indexOf(type)
    return (SIGNATURES[this.#function]?.parameters.length ?? 0) + LOCALS * place
  }

  #pick<Item>(items: readonly Item[]): Item {
    const item = items[this.#below(items.length)]
    if (item === undefined) throw new RangeError('nothing to pick from')
    return item
  }

  /** xorshift32 (Marsaglia, 2003). */
  #below(bound: number): number {
    let x = this.#state
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    this.#state = x
    return (x >>> 0) % bound
  }
}
