import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { instrument, METERED_PROGRAM_BYTES } from './instrument.ts'
import { assemble, i32, name, runMetered, runPlain, T, type TestFunction, vector } from './module.fixture.ts'
import { compile, Interpreter, programs, TooLong } from './random-program.fixture.ts'

const ENOUGH = 1_000_000n
const FUNCREF = 0x70
/** What engines take of one function, in bytes and, less what is added, in locals. */
const FUNCTION_BYTES = 7_654_321
const MOST_LOCALS = 49_000
/** Instructions of a random program, at most. */
const MOST_STEPS = 100_000

describe('an instrumented program', () => {
  test('does what it did, and uses as much as it has instructions', () => {
    fc.assert(
      fc.property(programs, (bodies) => {
        const reference = new Interpreter(bodies, MOST_STEPS)
        try {
          reference.run()
        } catch (error) {
          fc.pre(!(error instanceof TooLong))
          throw error
        }
        const program = assemble(compile(bodies))
        const { memory, trapped, fuelLeft } = runMetered(program, ENOUGH)
        expect(trapped).toBe(false)
        expect(memory).toEqual(runPlain(program).memory)
        expect(new Int32Array(memory.slice(0, reference.words.byteLength).buffer)).toEqual(reference.words)
        expect(ENOUGH - fuelLeft).toBe(BigInt(reference.steps))
      }),
      { numRuns: 300 },
    )
  })

  test('ends with exactly what it needs, and not with less', () => {
    fc.assert(
      fc.property(programs, fc.nat(), (bodies, less) => {
        const program = assemble(compile(bodies))
        const needed = ENOUGH - runMetered(program, ENOUGH).fuelLeft
        fc.pre(needed > 0n && needed < ENOUGH)
        expect(runMetered(program, needed)).toMatchObject({ trapped: false, fuelLeft: 0n })
        const short = runMetered(program, BigInt(less) % needed)
        expect(short.trapped).toBe(true)
        expect(short.fuelLeft).toBeLessThan(0n)
      }),
      { numRuns: 100 },
    )
  })

  test('that ends inside of a call is charged for nothing behind it', () => {
    const trap: TestFunction = { body: [0x00] }
    const program = assemble([{ body: [0x10, 1, 0x01, 0x01, 0x01] }, trap])
    expect(runMetered(program, 100n)).toMatchObject({ trapped: true, fuelLeft: 98n })
  })

  test('recurses exactly as deep as it may', () => {
    // Calls itself so many times as a global says, which is in memory: a function without parameters.
    const recurse = (times: number) =>
      assemble([
        { body: [...i32(times), 0x10, 1] },
        { parameters: [T.i32], body: [0x20, 0, 0x04, 0x40, 0x20, 0, 0x41, 1, 0x6b, 0x10, 1, 0x0b] },
      ])
    expect(runMetered(recurse(8), ENOUGH, 10).trapped).toBe(false)
    expect(runMetered(recurse(9), ENOUGH, 10).trapped).toBe(true)
    const twice = assemble([{ body: [0x10, 1, 0x10, 1, 0x10, 1] }, { body: [0x10, 2, 0x0f] }, { body: [] }])
    expect(runMetered(twice, ENOUGH, 3).trapped).toBe(false)
    expect(runMetered(twice, ENOUGH, 2).trapped).toBe(true)
  })

  test('returns what it did from anywhere, one value or several', () => {
    const store = (at: number) => [0x21, 1, ...i32(at), 0x20, 1, 0x36, 2, 0]
    const pair: TestFunction = {
      results: [T.i32, T.i32],
      body: [...i32(1), ...i32(2), 0x10, 2, 0x04, 0x40, ...i32(3), ...i32(4), 0x0f, 0x0b, ...i32(9), 0x0d, 0],
    }
    const program = assemble([
      { locals: [T.i32, T.i32], body: [0x10, 1, ...store(0), ...store(4)] },
      pair,
      { results: [T.i32], body: [...i32(1)] },
    ])
    const metered = runMetered(program, ENOUGH)
    expect([...new Int32Array(metered.memory.slice(0, 8).buffer)]).toEqual([4, 3])
    expect(metered.memory).toEqual(runPlain(program).memory)
  })

  test('runs its start function first, counted', () => {
    const store = (at: number, value: number) => [...i32(at), ...i32(value), 0x36, 2, 0]
    const program = assemble(
      [{ body: [...i32(4), 0x41, 0, 0x28, 2, 0, 0x36, 2, 0] }, { body: store(0, 7) }],
      {
        sections: [[8, [1]]],
      },
    )
    const { memory, fuelLeft } = runMetered(program, 100n)
    expect(memory[4]).toBe(7)
    expect(fuelLeft).toBe(93n)
  })

  test('grows its memory to its maximum and not beyond, and pays for each page', () => {
    const grow = (pages: number) => [...i32(pages), 0x40, 0, 0x21, 0, ...i32(0), 0x20, 0, 0x36, 2, 0]
    const run = (pages: number) => runMetered(assemble([{ locals: [T.i32], body: grow(pages) }]), ENOUGH)
    const grown = run(3)
    expect(new Int32Array(grown.memory.slice(0, 4).buffer)[0]).toBe(1)
    expect(grown.fuelLeft).toBe(ENOUGH - 6n - 3n * 4096n)
    const refused = run(4)
    expect(new Int32Array(refused.memory.slice(0, 4).buffer)[0]).toBe(-1)
    expect(refused.fuelLeft).toBe(ENOUGH - 6n)
    expect(runMetered(assemble([{ locals: [T.i32], body: grow(3) }]), 3n * 4096n)).toMatchObject({
      trapped: true,
    })
  })

  test('pays for the length of bulk operations', () => {
    const fill = (bytes: number) => assemble([{ body: [...i32(0), ...i32(7), ...i32(bytes), 0xfc, 0x0b, 0] }])
    expect(runMetered(fill(65_536), ENOUGH).fuelLeft).toBe(ENOUGH - 4n - 4096n)
    expect(runMetered(fill(15), ENOUGH).fuelLeft).toBe(ENOUGH - 4n)
    expect(runMetered(fill(65_536), 4099n)).toMatchObject({ trapped: true })
    const copied = runMetered(
      assemble([{ body: [...i32(8), ...i32(0), ...i32(32), 0xfc, 0x0a, 0, 0] }]),
      ENOUGH,
    )
    expect(copied.fuelLeft).toBe(ENOUGH - 6n)
  })
})

describe('what is no part of wasm-det/1', () => {
  const v128 = [0xfd, 12, ...new Array<number>(16).fill(0)]
  test.each<[string, number[], string]>([
    ['relaxed SIMD', [...v128, ...v128, 0xfd, 0x80, 0x02, 0x1a], 'UNSUPPORTED'],
    ['a tail call', [0x12, 0], 'UNSUPPORTED'],
    ['an atomic', [...i32(0), 0xfe, 0x10, 2, 0, 0x1a], 'UNSUPPORTED'],
    ['a reference to something of the host', [0xd0, 0x6f, 0x1a], 'UNSUPPORTED'],
    ['exceptions', [0x06, 0x40, 0x19, 0x0b], 'UNSUPPORTED'],
    ['invalid code', [0x6a], 'NOT_WASM'],
  ])('%s is refused', (_, body, code) => {
    expect(() => runMetered(assemble([{ body }]), ENOUGH)).toThrow(expect.objectContaining({ code }))
  })

  test('constants, elements and data of every kind of core 2.0 are taken', () => {
    const types = [T.i32, T.i64, T.f32, T.f64, T.v128, FUNCREF]
    const values = [i32(-1), [0x42, 0x7f], [0x43, 1, 2, 3, 4], [0x44, 1, 2, 3, 4, 5, 6, 7, 8]]
    const constants = [...values, [0xfd, 12, ...new Array<number>(16).fill(7)], [0xd0, FUNCREF]]
    const globals = constants.map((value, i) => [types[i] ?? 0, i % 2, ...value, 0x0b])
    const at = [...i32(0), 0x0b]
    const [byIndex, byExpression] = [
      vector([[0]]),
      vector([
        [0xd2, 0, 0x0b],
        [0xd0, FUNCREF, 0x0b],
      ]),
    ]
    const elements = [
      ...[
        [0, ...at, ...byIndex],
        [1, 0, ...byIndex],
        [2, 0, ...at, 0, ...byIndex],
        [3, 0, ...byIndex],
      ],
      ...[
        [4, ...at, ...byExpression],
        [5, FUNCREF, ...byExpression],
      ],
      ...[
        [6, 0, ...at, FUNCREF, ...byExpression],
        [7, FUNCREF, ...byExpression],
      ],
    ]
    const data = [
      [0, ...at, 1, 9],
      [1, 1, 9],
      [2, 0, ...at, 1, 9],
    ]
    const program = assemble([{ body: [] }], {
      sections: [
        [4, [1, FUNCREF, 0, 2]],
        [6, vector(globals)],
        [9, vector(elements)],
        [11, vector(data)],
      ],
    })
    expect(runMetered(program, 100n)).toMatchObject({ trapped: false, fuelLeft: 100n })
  })

  test('a block whose type is written longer than need be, to be taken for another, is refused', () => {
    // Read as an unsigned number, this way of writing "no type" is 16,320: a type with a parameter.
    const none = { parameters: [], results: [] }
    const types = [...new Array<typeof none>(16_320).fill(none), { parameters: [T.i32], results: [] }]
    const encoded = types.map(({ parameters }) => [0x60, ...vector(parameters.map((type) => [type])), 0])
    const nan = [0x43, 0, 0, 0, 0, 0x43, 0, 0, 0, 0, 0x95]
    const block = [0x02, 0xc0, 0x7f, 0x0b]
    const body = [...i32(0), ...nan, ...i32(7), ...block, 0x1a, 0xbc, 0x36, 2, 0]
    const program = assemble([{ body }], { sections: [[1, vector(encoded)]] })
    expect(WebAssembly.validate(program)).toBe(true)
    expect(() => instrument(program)).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }))
  })

  test('a program beyond the bound is refused before it is read', () => {
    const large = new Uint8Array(METERED_PROGRAM_BYTES + 1)
    expect(() => instrument(large)).toThrow(expect.objectContaining({ code: 'TOO_LARGE' }))
  })

  test('a function has as many bytes as the engine takes, with what is counted, and no more', () => {
    const nops = (count: number) => assemble([{ body: new Array<number>(count).fill(0x01) }])
    expect(WebAssembly.validate(instrument(nops(FUNCTION_BYTES - 200)))).toBe(true)
    // Valid as it is: it is what is added that makes it too long.
    const full = nops(FUNCTION_BYTES - 2)
    expect(WebAssembly.validate(full)).toBe(true)
    expect(() => instrument(full)).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }))
  })

  test('a function has as many locals as leave room for those that are added', () => {
    const many = (count: number) => assemble([{ locals: new Array<number>(count).fill(T.i32), body: [] }])
    expect(runMetered(many(MOST_LOCALS), ENOUGH).trapped).toBe(false)
    expect(() => instrument(many(MOST_LOCALS + 1))).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }))
  })

  test('a program cannot name what the host counts with', () => {
    const named = assemble([{ body: [] }], { exports: ['souk:fuel'] })
    expect(() => runMetered(named, ENOUGH)).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }))
    // Global 0 is the program's own or none: the engine's stand behind what was valid.
    const reaching = assemble([{ body: [0x42, 0, 0x24, 0] }])
    expect(() => runMetered(reaching, ENOUGH)).toThrow(expect.objectContaining({ code: 'NOT_WASM' }))
    const own = assemble([{ body: [0x42, 5, 0x24, 0] }], { sections: [[6, [1, T.i64, 1, 0x42, 0, 0x0b]]] })
    expect(runMetered(own, 100n)).toMatchObject({ trapped: false, fuelLeft: 98n })
  })

  test.each<[string, [number, number[]], string]>([
    ['two tables', [4, [2, 0x70, 0, 1, 0x70, 0, 1]], 'UNSUPPORTED'],
    ['a table beyond the bound', [4, [1, 0x70, 0, 0xc1, 0x84, 0x3d]], 'UNSUPPORTED'],
    ['an imported memory', [2, [1, ...name('a'), ...name('b'), 3, 0x7f, 0]], 'UNKNOWN_IMPORT'],
    // What engines took up after core 2.0: valid for some machines alone.
    ['a global that refers to the host', [6, [1, 0x6f, 0, 0xd0, 0x6f, 0x0b]], 'UNSUPPORTED'],
    ['a computed initial value', [6, [1, T.i32, 0, ...i32(1), ...i32(1), 0x6a, 0x0b]], 'UNSUPPORTED'],
    ['a computed address', [11, [1, 0, ...i32(1), ...i32(1), 0x6a, 0x0b, 0]], 'UNSUPPORTED'],
    ['elements that refer to the host', [9, [1, 5, 0x6f, 1, 0xd0, 0x6f, 0x0b]], 'UNSUPPORTED'],
  ])('%s is refused', (_, section, code) => {
    const program = assemble([{ body: [] }], { sections: [section] })
    expect(() => runMetered(program, ENOUGH)).toThrow(expect.objectContaining({ code }))
  })
})
