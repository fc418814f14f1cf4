import { ByteReader } from './byte-reader.ts'
import { ByteWriter } from './byte-writer.ts'
import { COUNTER_NAMES } from './counter-names.ts'
import { DetError } from './det-error.ts'
import { scanFunction } from './function-scan.ts'
import { type Helper, makeHelpers, startThenEntry } from './helpers.ts'
import { type FunctionType, type Outline, readOutline, SECTION } from './outline.ts'
import { VALUE } from './value-types.ts'
import { type Counters, writeFunction } from './write-function.ts'

/** Bytes of a program: it is read in seconds and needs some hundred MiB meanwhile, outside of its own limits. */
export const METERED_PROGRAM_BYTES = 32 * 1024 * 1024

/**
 * Returns a program with everything counted and fixed that `wasm-det/1` counts and fixes (docs/PROTOCOL.md §9, `wasm-det/1`).
 *
 * Everything that is added stands behind what is there, so that no index of the program changes; the program cannot
 * name what stands behind. Takes time and memory in proportion to the module. Throws {@link DetError}.
 */
export function instrument(program: Uint8Array): Uint8Array {
  if (program.byteLength > METERED_PROGRAM_BYTES) {
    throw new DetError(
      'TOO_LARGE',
      `expected a program of at most ${METERED_PROGRAM_BYTES} bytes, got ${program.byteLength}; strip it or move data into inputs`,
    )
  }
  if (!WebAssembly.validate(program)) {
    throw new DetError(
      'NOT_WASM',
      'expected a valid WebAssembly module, got one whose code or types are invalid; compile it again',
    )
  }
  const outline = readOutline(program)
  return new Instrumented(program, outline).write()
}

/** Order of sections in a module, which is not that of their ids; what runs at the start is called by the entry. */
const ORDER: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 9, 12, 10, 11]
const ENTRY = '_start'
const FUNCTION_FORM = 0x60
const [KIND_FUNCTION, KIND_MEMORY, KIND_GLOBAL, MUTABLE, END, I32_CONST, I64_CONST] = [
  0x00, 0x02, 0x03, 0x01, 0x0b, 0x41, 0x42,
]

class Instrumented {
  readonly #program: Uint8Array
  readonly #outline: Outline
  readonly #types: FunctionType[]
  /** The first index of each function type, by its encoding. */
  readonly #typeIndex = new Map<string, number>()
  readonly #helpers: Helper[]
  readonly #counters: Counters
  readonly #fault: number
  /** Index of the function that the program begins with. */
  readonly #entry: number

  constructor(program: Uint8Array, outline: Outline) {
    this.#program = program
    this.#outline = outline
    this.#types = [...outline.types]
    for (const [index, type] of outline.types.entries()) this.#noteType(type, index)
    const [fuel, depth, fault] = [outline.globals, outline.globals + 1, outline.globals + 2]
    this.#fault = fault
    this.#helpers = makeHelpers(outline, { fuel, fault })
    this.#entry = this.#addEntry()
    const blockType = (results: readonly number[]) => this.#blockType(results)
    this.#counters = { fuel, depth, helpers: outline.functions.length, blockType }
  }

  write(): Uint8Array {
    // The code first: it may need types of its own.
    const code = this.#code()
    const functions = this.#functions()
    const out = new ByteWriter(2 * this.#program.byteLength + 1024).copy(this.#program, 0, 8)
    for (const id of ORDER) {
      const content = this.#rewritten(id, code, functions) ?? this.#original(id)
      if (content !== undefined) out.section(id, content)
    }
    return out.bytes()
  }

  #rewritten(id: number, code: Uint8Array, functions: Uint8Array): Uint8Array | undefined {
    switch (id) {
      case SECTION.code:
        return code
      case SECTION.function:
        return functions
      case SECTION.type:
        return this.#extended(id, this.#types.slice(this.#outline.types.length).map(encodeType))
      case SECTION.table:
        return this.#table()
      case SECTION.global:
        return this.#extended(id, [
          [VALUE.i64, MUTABLE, I64_CONST, 0, END],
          [VALUE.i32, MUTABLE, I32_CONST, 0, END],
          [VALUE.i32, MUTABLE, I32_CONST, 0, END],
        ])
      case SECTION.export:
        return this.#exports()
      default:
        return undefined
    }
  }

  #code(): Uint8Array {
    const { functions, importedFunctions, types } = this.#outline
    const out = new ByteWriter(2 * this.#program.byteLength + 1024)
    out.uint(functions.length - importedFunctions + this.#helpers.length)
    const section = this.#section(SECTION.code)
    section?.uint()
    for (const index of functions.slice(importedFunctions)) {
      const type = types[index]
      if (section === undefined || type === undefined) throw new RangeError('a function without code or type')
      const scan = scanFunction(section.part(section.uint()), type, this.#outline)
      const body = writeFunction(this.#program, scan, this.#counters)
      out.uint(body.byteLength).copy(body)
    }
    for (const { body } of this.#helpers) out.uint(body.byteLength).copy(body)
    return out.bytes()
  }

  #functions(): Uint8Array {
    const added = this.#helpers.map(({ parameters, results }) => [...leb(this.#typeOf(parameters, results))])
    return this.#extended(SECTION.function, added)
  }

  /** Returns the exports that the host uses. */
  #exports(): Uint8Array {
    const memory = this.#outline.exports.find(({ name }) => name === 'memory')?.index ?? 0
    return new ByteWriter()
      .uint(5)
      .name(ENTRY)
      .raw(KIND_FUNCTION)
      .uint(this.#entry)
      .name('memory')
      .raw(KIND_MEMORY)
      .uint(memory)
      .name(COUNTER_NAMES.fuel)
      .raw(KIND_GLOBAL)
      .uint(this.#counters.fuel)
      .name(COUNTER_NAMES.depth)
      .raw(KIND_GLOBAL)
      .uint(this.#counters.depth)
      .name(COUNTER_NAMES.fault)
      .raw(KIND_GLOBAL)
      .uint(this.#fault)
      .bytes()
  }

  #addEntry(): number {
    const { exports, start, functions } = this.#outline
    const entry = exports.find(({ name, kind }) => name === ENTRY && kind === KIND_FUNCTION)?.index
    const type = this.#outline.types[functions[entry ?? -1] ?? -1]
    if (entry === undefined || type === undefined || type.parameters.length + type.results.length > 0)
      throw new DetError(
        'NO_ENTRY',
        'expected a function _start without parameters and results, got none; link a command (with main)',
      )
    if (start === null) return entry
    return functions.length + this.#helpers.push(startThenEntry(start, entry)) - 1
  }

  #table(): Uint8Array | undefined {
    const { table } = this.#outline
    if (table === null) return undefined
    return new ByteWriter().raw(1, VALUE.funcref, 1).uint(table.initial).uint(table.most).bytes()
  }

  /** Returns a section of which every entry is kept, with others behind. */
  #extended(id: number, added: readonly (readonly number[])[]): Uint8Array {
    const section = this.#section(id)
    const out = new ByteWriter().uint((section?.uint() ?? 0) + added.length)
    if (section) out.copy(section.bytes, section.at, section.end)
    for (const entry of added) out.raw(...entry)
    return out.bytes()
  }

  #original(id: number): Uint8Array | undefined {
    const section = this.#section(id)
    return section?.bytes.subarray(section.at, section.end)
  }

  #section(id: number): ByteReader | undefined {
    const content = this.#outline.sections.find((section) => section.id === id)?.content
    return content && new ByteReader(content.bytes, content.at, content.end)
  }

  #blockType(results: readonly number[]): readonly number[] {
    const [first] = results
    if (first === undefined) return [0x40]
    return results.length === 1 ? [first] : leb(this.#typeOf([], results))
  }

  /** Returns the index of a function type, added where the program has none like it. */
  #typeOf(parameters: readonly number[], results: readonly number[]): number {
    const known = this.#typeIndex.get(keyOf({ parameters, results }))
    if (known !== undefined) return known
    const index = this.#types.push({ parameters, results }) - 1
    this.#noteType({ parameters, results }, index)
    return index
  }

  #noteType(type: FunctionType, index: number): void {
    const key = keyOf(type)
    if (!this.#typeIndex.has(key)) this.#typeIndex.set(key, index)
  }
}

function keyOf({ parameters, results }: FunctionType): string {
  return String.fromCharCode(...parameters, 0, ...results)
}

function encodeType({ parameters, results }: FunctionType): readonly number[] {
  return [FUNCTION_FORM, ...leb(parameters.length), ...parameters, ...leb(results.length), ...results]
}

/** Encodes a type index, also where it is read as a signed integer. */
function leb(value: number): number[] {
  return [...new ByteWriter(8).sint(value).bytes()]
}
